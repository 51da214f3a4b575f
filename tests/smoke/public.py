"""Are the URLs open to the providers, and closed to all that is not signed?"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import botocore.exceptions

from deployment import Deployment
from rows import Row, compared

# Since October 2025 a public URL takes both.
NEEDED = {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
REMEDY = "Deploy the template again, and see whether an organization's policy forbids public functions."


def check(deployment: Deployment) -> Iterator[Row]:
    for provider in deployment.providers:
        status = _unsigned(deployment.url(provider), deployment.is_emulated)
        yield compared(f"{provider}'s URL, an unsigned POST", 401, status, REMEDY)
        granted = _granted(deployment, deployment.functions[provider])
        yield compared(f"{provider}'s URL, permissions", sorted(NEEDED), sorted(granted & NEEDED), REMEDY)


def _unsigned(url: str, is_local: bool) -> int | str:
    request = urllib.request.Request(url, data=b"{}", method="POST")
    # This machine is never reached through a proxy.
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_local else []))
    try:
        with opener.open(request, timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError as error:
        return f"no answer ({error})"


def _granted(deployment: Deployment, function: str) -> set[str]:
    """Returns what the alias' own policy lets everybody do."""
    try:
        policy = json.loads(deployment.client("lambda").get_policy(FunctionName=function, Qualifier="live")["Policy"])
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return set()
        raise
    statements = [statement for statement in policy["Statement"] if statement["Principal"] in ("*", {"AWS": "*"})]
    return {statement["Action"] for statement in statements if statement["Effect"] == "Allow"}
