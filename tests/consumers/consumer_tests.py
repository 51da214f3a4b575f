"""Part of `make test`: events of a deployed stack are valid by the schema, and the example consumers understand them.

The arguments are the emulator's port and the name of a stack with a standard queue.
"""

import json
import sys
import tempfile
from pathlib import Path

import jsonschema

import deliveries
import event_types
import programs
import tools
from deliveries import Sender
from ministack import Emulator
from places import TEMPORARY
from programs import Consumer
from queue_of_events import Queue
from stack import Stack
from terminal import fail, main, say

REGISTERED = "gst-M4yaOkonkwoLind"
UNDERSTOOD = "Maya Okonkwo-Lind registered for Night Market of Small Tools and waits for approval"
UNRECOGNIZED = "unrecognized, from lunacal: kept for somebody to look at"


def run() -> None:
    port, stack_name = sys.argv[1:]
    emulator = Emulator(int(port))
    tools.set_up()
    event_types.check_committed()
    event_types.check_use()
    programs.build()
    deliveries.build_tool()
    stack = Stack(emulator, stack_name)
    queue = Queue(stack, emulator.endpoint)
    bodies = _events_of_all_samples(stack, queue)
    _check_validity(bodies)
    for consumer in programs.consumers():
        _check(consumer, bodies, queue, emulator.endpoint)


def _events_of_all_samples(stack: Stack, queue: Queue) -> list[str]:
    stack.empty()
    sender = Sender(stack)
    sent = [sender.post(sample) for sample in deliveries.samples()]
    refused = [delivery.sample for delivery in sent if delivery.status != delivery.expected]
    if refused:
        fail(f"Not accepted: {', '.join(refused)}")
    return queue.take(sum(delivery.becomes_an_event for delivery in sent))


def _check_validity(bodies: list[str]) -> None:
    """Checks each message against the committed schema, with another implementation than the core's tests use."""
    schema = json.loads(event_types.SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for body in bodies:
        event = json.loads(body)
        for error in validator.iter_errors(event):
            fail(f"{event['type']} of {event['provider']} is not valid by the schema: {error.json_path} {error.message}")
    say(f"{len(bodies)} events are valid by the schema")


def _check(consumer: Consumer, bodies: list[str], queue: Queue, endpoint: str) -> None:
    registered = _only(bodies, {"type": "usher.registration.created", "subject": REGISTERED})
    unrecognized = _only(bodies, {"type": "usher.unrecognized", "provider": "lunacal"})
    event = json.loads(registered)
    replayed = json.dumps(event | {"replay": 1})
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as directory:
        for why, body, expected in [
            ("a first copy", registered, UNDERSTOOD),
            ("a second copy", registered, f"a second copy of {event['id']}: dropped"),
            ("a replay", replayed, UNDERSTOOD),
            ("what Usher doesn't know", unrecognized, UNRECOGNIZED),
        ]:
            queue.put(body)
            said = consumer.run(endpoint, queue.url, Path(directory) / "handled")
            if said != expected:
                fail(f"The consumer in {consumer.language}, given {why}, said {said!r} and not {expected!r}")
            queue.check_empty(f"The consumer in {consumer.language}, given {why}")
    say(f"The consumer in {consumer.language} understands them")


def _only(bodies: list[str], wanted: dict[str, str]) -> str:
    found = [body for body in bodies if wanted.items() <= json.loads(body).items()]
    return found[0] if len(found) == 1 else fail(f"One such event was expected, and there are {len(found)}")


if __name__ == "__main__":
    main(run)
