"""`make smoke STACK=usher`: checks a deployed stack as far as software can, and says what to do about what it finds."""

import sys
from collections.abc import Callable, Iterator

import botocore.exceptions

import alarm
import live
import passage
import permissions
import public
import relay
import rows
import stores
from deployment import Deployment, Unusable
from rows import Row

USAGE = "usage: make smoke STACK=<the stack's name>, with AWS_PROFILE and AWS_REGION as for any AWS tool"
CHECKS: tuple[Callable[[Deployment], Iterator[Row]], ...] = (
    live.check,
    stores.check,
    permissions.check,
    public.check,
    passage.check,
    relay.check,
    alarm.check,
)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0]:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        deployment = Deployment(arguments[0])
        print(f"Checking {deployment.name} in {deployment.region}, which costs less than a cent.", flush=True)
        found = [row for check in CHECKS for row in _made(check, deployment)]
    except Unusable as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print("\n".join(rows.lines(found)))
    failed = [row for row in found if row.verdict == "FAILED"]
    for row in failed:
        print(f"\n{row.check}: {row.remedy}")
    counted = {verdict: sum(row.verdict == verdict for row in found) for verdict in ("ok", "FAILED", "skipped")}
    print(f"\n{counted['ok']} ok, {counted['FAILED']} failed, {counted['skipped']} skipped")
    return 1 if failed else 0


def _made(check: Callable[[Deployment], Iterator[Row]], deployment: Deployment) -> Iterator[Row]:
    """Makes a check. A call that AWS refuses fails its row, and the other checks go on."""
    try:
        yield from check(deployment)
    except botocore.exceptions.BotoCoreError as error:
        remedy = "Check the network, AWS_REGION and AWS_ENDPOINT_URL, and run this again."
        yield Row(f"{check.__module__}: its calls of AWS", "an answer", str(error)[: rows.LONGEST_CELL], "FAILED", remedy)
    except botocore.exceptions.ClientError as error:
        code, operation = error.response["Error"]["Code"], error.operation_name
        name = check.__module__
        remedy = f"See whether you may call {operation}. If you may, deploy the template again."
        yield Row(f"{name}: {operation}", "an answer", code, "FAILED", remedy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
