"""Does the policy in RUNBOOK.md let an operator use the tool, and is it the policy that does?"""

import json
import re
import subprocess
import time
from typing import Any

import environment
from deliveries import Sender, build_tool
from environment import REGION
from ministack import Emulator
from places import EVENTS, ROOT
from stack import Stack, client
from terminal import fail, say

USER = "usher-operator"
POLICY = "UsherOperator"
SAMPLE = "allfly/event_attendee.joined_event"
TOOL = EVENTS.parent / "usher"
# A function reads its secrets again after a mismatch, once a minute at most.
SECONDS_TO_WAIT_FOR_SECRETS = 120

# The emulator checks the actions of batches, for which AWS checks the single ones. So `redrive --yes` is not among these.
COMMANDS = (
    "tail --once --since 1h",
    "inspect {event}",
    "pending",
    "pending --parked",
    "replay {event}",
    "replay {event} --yes",
    "replay --since 1h --provider allfly",
    "forget --email nobody@example.com",
    "redrive",
    "rotate luma",
    "rotate lunacal stage --show",
    "rotate lunacal watch --for 90",
    "rotate lunacal retire --yes --anyway",
    "send lunacal/PING",
    "doctor --provider lunacal --no-events",
)


def check_operator(emulator: Emulator, stack_name: str) -> None:
    build_tool()
    stack = Stack(emulator, stack_name)
    stack.empty()
    Sender(stack).post(SAMPLE, ["--id", "msg_of_the_operator"])
    users = client(emulator, "iam")
    users.create_user(UserName=USER)
    key = users.create_access_key(UserName=USER)["AccessKey"]
    variables = environment.for_emulator(emulator.endpoint) | {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "USHER_STACK": stack_name,
    }
    try:
        _use(users, _policy(emulator, stack_name), variables)
    finally:
        for policy in users.list_user_policies(UserName=USER)["PolicyNames"]:
            users.delete_user_policy(UserName=USER, PolicyName=policy)
        users.delete_access_key(UserName=USER, AccessKeyId=key["AccessKeyId"])
        users.delete_user(UserName=USER)
        # A token was rotated.
        stack.put_secrets()
    _wait_until_known(stack)
    say(f"With the policy in RUNBOOK.md an operator may use the tool: {len(COMMANDS)} commands")


def _wait_until_known(stack: Stack) -> None:
    """Waits until the function has read the secrets that it had before: at most once a minute."""
    for _ in range(SECONDS_TO_WAIT_FOR_SECRETS // 2):
        if Sender(stack).post("lunacal/PING", []).status == 200:
            return
        time.sleep(2)
    fail(f"the function does not accept its former token again within {SECONDS_TO_WAIT_FOR_SECRETS} s")


def _use(users: Any, policy: str, variables: dict[str, str]) -> None:
    code, output = _run("pending", variables)
    if code == 0 or "AccessDenied" not in output:
        fail(f"the emulator lets an operator without a policy use the tool: {output}")
    users.put_user_policy(UserName=USER, PolicyName=POLICY, PolicyDocument=policy)
    for command in COMMANDS:
        code, output = _run(command.format(event="allfly:msg_of_the_operator"), variables)
        if code != 0:
            fail(f"with RUNBOOK.md's policy `usher {command}` fails: {output}")


def _policy(emulator: Emulator, stack_name: str) -> str:
    """Fills in the stack's outputs, as RUNBOOK.md says."""
    text = (ROOT / "RUNBOOK.md").read_text().partition("## What the tool may do in your account")[2]
    policy = text.partition("```json\n")[2].partition("```")[0]
    described = client(emulator, "cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    values: dict[str, Any] = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    values |= {"region": REGION, "account": described["StackId"].split(":")[4], "stack": stack_name}
    values["dead-letter queue"] = values["DeadLetterQueueUrl"].rpartition("/")[2]
    filled = re.sub(r"<([^<>]+)>", lambda name: values[name[1]], policy)
    return json.dumps(json.loads(filled))


def _run(command: str, variables: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [TOOL, *command.split()], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
