"""Is a wrong deployment refused with a sentence, before anything is made? Does one that fails later leave nothing?"""

from pathlib import Path
from secrets import token_hex
from typing import Any

import boto3
import botocore.exceptions
from samcli.yamlhelper import yaml_dump, yaml_parse

import environment
from environment import KEY
from ministack import Emulator
from places import BUILD, HERE
from smoke_tests import run_smoke
from stack import client
from steps import run_quietly
from terminal import fail, say

# A new one for each run: what an earlier stack of the same name has kept would hide what this one leaves.
STACK_NAME = f"usher-refused-{token_hex(3)}"
BUCKET = "usher-refused-templates"
# The parameters, and what has to be said about them. The rule about Slack is missing: the emulator knows no Slack channels.
REFUSED = (
    ({"Luma": "off", "Lunacal": "off", "Allfly": "off"}, "Every provider is off"),
    ({"RetentionDays": "1.5"}, "a whole number of days from 1 to 3650"),
    ({"VisibilityTimeoutSeconds": "0.0"}, "a whole number of seconds from 0 to 43200"),
    ({"ReservedConcurrency": "0"}, "off, or a whole number from 1 to 99999"),
    ({"LumaSecretArn": "luma"}, "the ARN of a secret whose name has at most 60 characters, or nothing"),
    ({"AlarmEmail": "nobody"}, "an e-mail address, or nothing"),
)
WITHOUT_FUNCTION_URLS = "eu-south-2"
# The last thing that is made, and SQS refuses it: a message has to be kept for a minute at least.
FAILING = {
    "Type": "AWS::SQS::Queue",
    "DependsOn": ["RelayFunction", "Overview", "RelayParkedAlarm"],
    "Properties": {"MessageRetentionPeriod": 1},
}


def check_refusals(emulator: Emulator) -> None:
    """Refuses each wrong deployment, and lets one fail after nearly everything was made."""
    text = _package(emulator)
    packaged = _uploaded(emulator, "packaged.yaml", text)
    for parameters, expected in REFUSED:
        _check_refused(client(emulator, "cloudformation"), packaged, parameters, expected)
    elsewhere = boto3.Session(
        aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=WITHOUT_FUNCTION_URLS
    ).client("cloudformation", endpoint_url=emulator.endpoint)
    _check_refused(elsewhere, packaged, {}, "This region has no Lambda function URLs")
    failing = yaml_parse(text)
    failing["Resources"]["Failing"] = FAILING
    _check_nothing_is_left(emulator, packaged, _uploaded(emulator, "failing.yaml", yaml_dump(failing)))
    say(f"{len(REFUSED) + 1} wrong deployments were refused, and a failed one left nothing behind")


def _package(emulator: Emulator) -> str:
    path = BUILD / "packaged.yaml"
    command = ["sam", "package", "--template-file", BUILD / "template.yaml", "--resolve-s3"]
    command += ["--output-template-file", path, "--config-file", HERE / "samconfig.toml"]
    run_quietly(command, environment.for_emulator(emulator.endpoint), "sam-package")
    return Path(path).read_text()


def _uploaded(emulator: Emulator, name: str, template: str) -> str:
    """Uploads a template, which is too long for a request, and returns its URL."""
    storage = client(emulator, "s3")
    storage.create_bucket(Bucket=BUCKET)
    storage.put_object(Bucket=BUCKET, Key=name, Body=template.encode())
    return f"{emulator.endpoint}/{BUCKET}/{name}"


def _check_refused(cloudformation: Any, template: str, parameters: dict[str, str], expected: str) -> None:
    said = _create(cloudformation, template, parameters) or _end(cloudformation)
    if expected not in said:
        fail(f"{parameters} is not refused with {expected!r}: {said}")
    if _resources(cloudformation):
        fail(f"{parameters} is refused only after something was made")


def _create(cloudformation: Any, template: str, parameters: dict[str, str]) -> str:
    """Asks for a new stack, and returns what is said against it."""
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    try:
        cloudformation.create_stack(
            StackName=STACK_NAME,
            TemplateURL=template,
            Parameters=given,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except botocore.exceptions.ClientError as error:
        return str(error.response["Error"]["Message"])
    return ""


def _end(cloudformation: Any) -> str:
    """Waits until the stack has been made or rolled back, and returns how that ended."""
    waiter = cloudformation.get_waiter("stack_create_complete")
    try:
        waiter.wait(StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except botocore.exceptions.WaiterError as error:
        stack = error.last_response["Stacks"][0]
        return f"{stack['StackStatus']}: {stack.get('StackStatusReason', '')}"
    return "CREATE_COMPLETE"


def _resources(cloudformation: Any) -> list[str]:
    try:
        found = cloudformation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    except botocore.exceptions.ClientError:
        return []
    return [resource["LogicalResourceId"] for resource in found if resource["ResourceStatus"] != "DELETE_COMPLETE"]


def _check_nothing_is_left(emulator: Emulator, packaged: str, failing: str) -> None:
    cloudformation = client(emulator, "cloudformation")
    before = _everything(emulator)
    said = _create(cloudformation, failing, {}) or _end(cloudformation)
    if not said.startswith("ROLLBACK_COMPLETE"):
        fail(f"a first deployment that cannot succeed ends in {said}")
    made = {event["LogicalResourceId"] for event in _events(cloudformation, "CREATE_COMPLETE")}
    if not {"Ledger", "Queue", "DeadLetterQueue", "LumaSecret", "LumaLogs"} <= made:
        fail(f"the deployment failed before it had made what has to be cleaned up: {sorted(made)}")
    left = _everything(emulator) - before
    if left:
        fail(f"a failed first deployment left {sorted(left)}")
    code, _, output = run_smoke(emulator, STACK_NAME)
    if code != 1 or output.count("\n") != 1 or "is ROLLBACK_COMPLETE: " not in output:
        fail(f"make smoke of a stack that was not made says:\n{output}")
    cloudformation.delete_stack(StackName=STACK_NAME)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    # The next attempt must not meet anything that the first one left, such as a log group of the same name.
    said = _create(cloudformation, packaged, {}) or _end(cloudformation)
    if said != "CREATE_COMPLETE":
        fail(f"a deployment after a failed one ends in {said}")
    cloudformation.delete_stack(StackName=STACK_NAME)


def _events(cloudformation: Any, status: str) -> list[dict[str, Any]]:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=STACK_NAME)
    return [event for event in pages.search("StackEvents") if event["ResourceStatus"] == status]


def _everything(emulator: Emulator) -> set[str]:
    """Returns the names of all that outlives a stack, or that would be in the way of the next."""
    queues = client(emulator, "sqs").list_queues().get("QueueUrls", [])
    tables = client(emulator, "dynamodb").list_tables()["TableNames"]
    secrets = client(emulator, "secretsmanager").get_paginator("list_secrets").paginate().search("SecretList[].ARN")
    logs = client(emulator, "logs").get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName")
    roles = client(emulator, "iam").get_paginator("list_roles").paginate().search("Roles[].RoleName")
    functions = client(emulator, "lambda").get_paginator("list_functions").paginate().search("Functions[].FunctionName")
    return {name for names in (queues, tables, secrets, logs, roles, functions) for name in names if name}
