"""Does a provider that is switched off and on again find what was stored: its secret, and the deliveries before?"""

import re

import jmespath

import sam
from deliveries import Sender, build_tool
from ministack import Emulator
from places import ROOT
from stack import Stack, client
from terminal import fail, say

SAMPLE = "lunacal/BOOKING_CREATED"


def check_switch(emulator: Emulator, stack_name: str) -> None:
    """Turns Lunacal off and on again with the secret that RUNBOOK.md's search finds."""
    build_tool()
    stack = Stack(emulator, stack_name)
    stack.empty()
    url, secret = stack.urls["lunacal"], stack.secret_ids["lunacal"]
    _post(Sender(stack), SAMPLE, [])
    sam.deploy(emulator, stack_name, "Lunacal=off")
    left = _outputs(emulator, stack_name)
    if any(name.startswith("Lunacal") for name in left):
        fail(f"with Lunacal=off the stack still has {sorted(left)}")
    found = _secrets(emulator, stack_name)
    if found != [secret]:
        fail(f"RUNBOOK.md's search finds {found}, and the secret is {secret}")
    sam.deploy(emulator, stack_name, "Lunacal=on", f"LunacalSecretArn={found[0]}")
    stack = Stack(emulator, stack_name)
    if stack.secret_ids["lunacal"] != secret:
        fail(f"Lunacal on again has another secret: {stack.secret_ids['lunacal']}")
    if stack.urls["lunacal"] == url:
        fail("Lunacal has the same URL as before, and RUNBOOK.md says that it has a new one")
    sender = Sender(stack)
    _post(sender, SAMPLE, [])
    _post(sender, "lunacal/BOOKING_PAID", [])
    kinds = sorted(event["providertype"] for event in stack.events(3))
    if kinds != ["BOOKING_CREATED", "BOOKING_PAID"]:
        fail(f"the delivery from before is not known, or the new one did not pass: {kinds}")
    say("Lunacal was switched off and on: it has its secret, and an old delivery is a duplicate")


def _post(sender: Sender, sample: str, options: list[str]) -> None:
    delivery = sender.post(sample, options)
    if delivery.status != 200:
        fail(f"{sample} is answered {delivery.status}: {delivery.body}")


def _outputs(emulator: Emulator, stack_name: str) -> set[str]:
    described = client(emulator, "cloudformation").describe_stacks(StackName=stack_name)["Stacks"][0]
    return {output["OutputKey"] for output in described["Outputs"]}


def _secrets(emulator: Emulator, stack_name: str) -> list[str]:
    """Searches as RUNBOOK.md says."""
    command = re.search(r'list-secrets --filters Key=tag-value,Values=(\S+).*?--query "(.+?)"', _runbook(), re.DOTALL)
    if command is None:
        fail("RUNBOOK.md has no search for a secret")
    logical_id, query = command.groups()
    listed = client(emulator, "secretsmanager").list_secrets(Filters=[{"Key": "tag-value", "Values": [logical_id]}])
    found: list[str] = jmespath.search(query.replace("'usher'", f"'{stack_name}'"), listed)
    return found


def _runbook() -> str:
    return (ROOT / "RUNBOOK.md").read_text()
