"""`make invoke SAMPLE=…`: a signed sample through one function in a container, as `sam local invoke` runs it.

The function is the built one, and its table, queue and secret are those of the stack that `make local` deployed.
"""

import difflib
import json
import sys

import bridge
import containers
import deliveries
import local_template
import sam
from botocore.exceptions import ClientError
from invocation import Invocation
from local import STACK_NAME
from ministack import Emulator, local_emulator
from places import ROOT, TEMPORARY
from stack import PROVIDERS, Stack
from terminal import fail, main, say


def run() -> None:
    sample = named_sample(sys.argv[1] if len(sys.argv) > 1 else "")
    client = containers.connect()
    emulator = local_emulator()
    stack = running_stack(emulator, STACK_NAME)
    containers.ensure_image(client, containers.image_of(local_template.runtime()))
    deliveries.build_tool()
    with bridge.opened(containers.host_address(client), emulator.port) as endpoint:
        invocation = _invoke(sample, stack, endpoint)
    show(invocation, stack)


def named_sample(name: str) -> str:
    """Returns the name, or fails if there is no such sample."""
    files = (ROOT / "events").glob("*/*.json")
    samples = [f"{file.parent.name}/{file.stem}" for file in files if file.parent.name in PROVIDERS]
    if name in samples:
        return name
    if not name:
        fail("Name a sample, such as make invoke SAMPLE=luma/guest.registered (all of them: ls events/*/*.json)")
    close = difflib.get_close_matches(name, samples, n=1, cutoff=0)[0]
    fail(f"There is no sample {name}: try SAMPLE={close}, or another of ls events/*/*.json")


def running_stack(emulator: Emulator, name: str) -> Stack:
    """Returns the stack that `make local` deployed."""
    if not emulator.is_running():
        fail("The emulator is not running: start it with make local")
    try:
        return Stack(emulator, name)
    except ClientError:
        fail("Usher is not deployed on the emulator: run make local")


def show(invocation: Invocation, stack: Stack) -> None:
    """Prints the answer, the log and the event. Fails if the function gave no answer, or refused the delivery."""
    say("\nThe function logged:\n")
    for line in invocation.log:
        say(f"  {line}")
    if invocation.answer is None:
        fail(f"The function ended without an answer: see {sam.INVOKE_LOG.relative_to(ROOT)}")
    status = invocation.answer["statusCode"]
    say(f"\nIt answered:\n\n  {status} {invocation.answer['body']}\n")
    if status != 200:
        fail(f"The delivery was not accepted: the outcome is {invocation.outcome}")
    say(_event(invocation, stack))


def _event(invocation: Invocation, stack: Stack) -> str:
    event_id = invocation.event_id
    if event_id is None:
        return f"There is no event, for the outcome is {invocation.outcome}"
    event = stack.peek(event_id)
    if event is None:
        return f"Its event is not on the queue, but in the ledger: cargo run -q -p usher -- inspect {event_id}"
    return f"The event on the queue:\n\n{json.dumps(event, indent=2, ensure_ascii=False)}"


def _invoke(sample: str, stack: Stack, endpoint: str) -> Invocation:
    function = f"{sample.partition('/')[0].title()}Function"
    variables = stack.live_variables(function) | {"AWS_ENDPOINT_URL": endpoint}
    template = local_template.derive(function, variables)
    event = TEMPORARY / "invoke-event.json"
    event.write_text(deliveries.function_url_event(sample))
    output, errors = sam.local_invoke(function, template, event, variables)
    return Invocation.parse(output, errors)


if __name__ == "__main__":
    main(run)
