"""Does `make smoke` pass on a stack as deployed, and does each thing that is broken fail its own row?"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import environment
from environment import REGION
from ministack import Emulator
from places import ROOT
from stack import Stack, client
from terminal import fail, say

SMOKE = ROOT / "tests" / "smoke"
# What the emulator cannot show. Each has to say why it was skipped.
SKIPPED = {"metrics", "alarm: sent"}

Break = Callable[["Broken"], AbstractContextManager[None]]


class Broken:
    """A deployed stack, of which one thing at a time is broken and mended again."""

    def __init__(self, emulator: Emulator, stack_name: str) -> None:
        self.emulator = emulator
        self.name = stack_name
        self.stack = Stack(emulator, stack_name)

    def client(self, service: str) -> Any:
        return client(self.emulator, service)

    def physical(self, logical_id: str) -> str:
        found = self.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        name: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return name


def check_smoke(emulator: Emulator, stack_name: str, *other_stacks: str) -> None:
    """Breaks one stack in every way. It and the others have to pass before that."""
    for name in (*other_stacks, stack_name):
        _check_passes(emulator, name)
    broken = Broken(emulator, stack_name)
    for breaks, expected in BREAKS:
        with breaks(broken):
            code, failed, output = run_smoke(emulator, stack_name)
        if code != 1 or not expected <= failed:
            fail(f"{breaks.__name__}: make smoke ends with {code} and does not fail {expected - failed}:\n{output}")
        if not all(f"\n{row}: " in output for row in expected):
            fail(f"{breaks.__name__}: make smoke does not say what to do:\n{output}")
    code, failed, output = run_smoke(emulator, stack_name)
    if code != 0:
        fail(f"make smoke fails after everything was mended:\n{output}")
    # As CloudWatch would make it of the relay's line.
    data = [{"MetricName": "OldestPendingAge", "Value": 0.0}]
    broken.client("cloudwatch").put_metric_data(Namespace=f"Usher/{stack_name}", MetricData=data)
    code, _, output = run_smoke(emulator, stack_name)
    if code != 0 or any(row.startswith("metrics") for row in _checks(output, "skipped")):
        fail(f"make smoke does not see the relay's metric:\n{output}")
    code, _, output = run_smoke(emulator, "no-such-stack")
    if code != 1 or output.count("\n") != 1 or "no stack no-such-stack" not in output:
        fail(f"make smoke of a stack that does not exist says:\n{output}")
    say(f"make smoke passed, and failed at each of {len(BREAKS)} things that were broken")


def _check_passes(emulator: Emulator, stack_name: str) -> None:
    # Its own events are looked for on an empty queue only.
    Stack(emulator, stack_name).empty()
    code, failed, output = run_smoke(emulator, stack_name)
    if code != 0 or failed:
        fail(f"make smoke fails on a stack as deployed:\n{output}")
    skipped = _checks(output, "skipped")
    if len(skipped) != len(SKIPPED) or not all(any(row.startswith(name) for name in SKIPPED) for row in skipped):
        fail(f"make smoke skips {skipped}")


def run_smoke(emulator: Emulator, stack_name: str) -> tuple[int, set[str], str]:
    """Returns the exit code, the checks that failed, and what was printed."""
    variables = environment.for_emulator(emulator.endpoint) | {"AWS_REGION": REGION}
    command = [sys.executable, str(SMOKE), stack_name]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    return done.returncode, _checks(output, "FAILED"), output


def _checks(output: str, verdict: str) -> set[str]:
    rows = [line.removeprefix(verdict).strip() for line in output.splitlines() if line.startswith(f"{verdict} ")]
    return {row.partition("  ")[0] for row in rows}


@contextmanager
def nothing_expires(broken: Broken) -> Iterator[None]:
    _set_expiry(broken, is_on=False)
    yield
    _set_expiry(broken, is_on=True)


def _set_expiry(broken: Broken, *, is_on: bool) -> None:
    broken.client("dynamodb").update_time_to_live(
        TableName=broken.stack.table, TimeToLiveSpecification={"Enabled": is_on, "AttributeName": "expires_at"}
    )


@contextmanager
def nothing_can_be_recovered(broken: Broken) -> Iterator[None]:
    _set_recovery(broken, is_on=False)
    yield
    _set_recovery(broken, is_on=True)


def _set_recovery(broken: Broken, *, is_on: bool) -> None:
    broken.client("dynamodb").update_continuous_backups(
        TableName=broken.stack.table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": is_on}
    )


@contextmanager
def a_url_asks_for_credentials(broken: Broken) -> Iterator[None]:
    """Answers 403, as AWS does without the permissions, which the emulator does not look at."""
    lambdas, function = broken.client("lambda"), broken.physical("LumaFunction")
    lambdas.update_function_url_config(FunctionName=function, Qualifier="live", AuthType="AWS_IAM")
    yield
    lambdas.update_function_url_config(FunctionName=function, Qualifier="live", AuthType="NONE")


@contextmanager
def a_url_lacks_a_permission(broken: Broken) -> Iterator[None]:
    lambdas, function = broken.client("lambda"), broken.physical("LumaFunction")
    policy = json.loads(lambdas.get_policy(FunctionName=function, Qualifier="live")["Policy"])
    public = [statement for statement in policy["Statement"] if statement["Action"] == "lambda:InvokeFunctionUrl"]
    for statement in public:
        lambdas.remove_permission(FunctionName=function, Qualifier="live", StatementId=statement["Sid"])
    yield
    for statement in public:
        lambdas.add_permission(
            FunctionName=function,
            Qualifier="live",
            StatementId=statement["Sid"],
            Action=statement["Action"],
            Principal="*",
            FunctionUrlAuthType="NONE",
        )


@contextmanager
def a_parameter_does_not_reach_the_alias(broken: Broken) -> Iterator[None]:
    lambdas, function = broken.client("lambda"), broken.physical("LumaFunction")
    before = lambdas.get_function_configuration(FunctionName=function)["Environment"]
    live = lambdas.get_alias(FunctionName=function, Name="live")["FunctionVersion"]
    without = {name: value for name, value in before["Variables"].items() if name != "TOLERANCE_SECONDS"}
    lambdas.update_function_configuration(FunctionName=function, Environment={"Variables": without})
    version = lambdas.publish_version(FunctionName=function)["Version"]
    lambdas.update_alias(FunctionName=function, Name="live", FunctionVersion=version)
    yield
    lambdas.update_alias(FunctionName=function, Name="live", FunctionVersion=live)
    lambdas.update_function_configuration(FunctionName=function, Environment=before)


@contextmanager
def dead_letters_are_not_kept(broken: Broken) -> Iterator[None]:
    queue = broken.client("sqs")
    names = ["RedrivePolicy"]
    before = queue.get_queue_attributes(QueueUrl=broken.stack.queue, AttributeNames=names)["Attributes"]
    queue.set_queue_attributes(QueueUrl=broken.stack.queue, Attributes={"RedrivePolicy": ""})
    yield
    queue.set_queue_attributes(QueueUrl=broken.stack.queue, Attributes=before)


@contextmanager
def the_schedule_is_off(broken: Broken) -> Iterator[None]:
    rule = broken.physical("RelayFunctionEveryMinute").rpartition("/")[2].rpartition("|")[2]
    broken.client("events").disable_rule(Name=rule)
    yield
    broken.client("events").enable_rule(Name=rule)


@contextmanager
def a_function_may_not_send(broken: Broken) -> Iterator[None]:
    role, iam = broken.physical("AllflyFunctionRole"), broken.client("iam")
    statement = {"Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=role, PolicyName="Broken", PolicyDocument=document)
    yield
    iam.delete_role_policy(RoleName=role, PolicyName="Broken")


BREAKS: tuple[tuple[Break, set[str]], ...] = (
    (nothing_expires, {"ledger: deliveries expire"}),
    (nothing_can_be_recovered, {"ledger: point-in-time recovery"}),
    (a_url_asks_for_credentials, {"Luma's URL, an unsigned POST", "Luma: a signed delivery"}),
    (a_url_lacks_a_permission, {"Luma's URL, permissions"}),
    (a_parameter_does_not_reach_the_alias, {"live: Luma's variables"}),
    (dead_letters_are_not_kept, {"queue: dead letters"}),
    (the_schedule_is_off, {"relay: its schedule"}),
    (a_function_may_not_send, {"Allfly's role, simulated", "Allfly: its item in the ledger"}),
)
