"""Part of `make test`: events of a deployed stack are valid by the schema, and the consumers keep their promises.

The arguments are the emulator's port and the names of two stacks, with a standard and with a FIFO queue.
"""

import json
import sys
from typing import Any

import jsonschema

import deliveries
import deployments
import documents
import event_types
import promises
import tools
from deliveries import Sender
from ministack import Emulator
from queue_of_events import Queue
from stack import Stack
from terminal import fail, main, say

REGISTERED = {"type": "usher.registration.created", "subject": "gst-M4yaOkonkwoLind"}


def run() -> None:
    port, standard, fifo = sys.argv[1:]
    emulator = Emulator(int(port))
    tools.set_up()
    event_types.check_committed()
    event_types.check_use()
    documents.check()
    deliveries.build_tool()
    queue = Queue(emulator, standard)
    events = _events_of_all_samples(Stack(emulator, standard), queue)
    _check_validity(events)
    registered = next(event for event in events if REGISTERED.items() <= event.items())
    check_consumers(emulator, {"standard": standard, "fifo": fifo}, registered)


def check_consumers(emulator: Emulator, stacks: dict[str, str], registered: dict[str, Any]) -> None:
    """Checks the consumer in each language on a standard and on a FIFO queue."""
    checks = {"standard": (promises.check_standard, 10), "fifo": (promises.check_fifo, 1)}
    for language in deployments.LANGUAGES:
        template = deployments.build(language)
        for queue_type, usher in stacks.items():
            queue = Queue(emulator, usher)
            queue.purge()
            check, batch_size = checks[queue_type]
            with deployments.deployed(emulator, language, template, usher, batch_size) as group:
                check(emulator, language, group, queue, registered)


def _events_of_all_samples(stack: Stack, queue: Queue) -> list[dict[str, Any]]:
    stack.empty()
    sender = Sender(stack)
    sent = [sender.post(sample) for sample in deliveries.samples()]
    refused = [delivery.sample for delivery in sent if delivery.status != delivery.expected]
    if refused:
        fail(f"Not accepted: {', '.join(refused)}")
    return [json.loads(body) for body in queue.take(sum(delivery.becomes_an_event for delivery in sent))]


def _check_validity(events: list[dict[str, Any]]) -> None:
    """Checks each message against the committed schema, with another implementation than the core's tests use."""
    schema = json.loads(event_types.SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for event in events:
        for error in validator.iter_errors(event):
            fail(f"{event['type']} of {event['provider']} is not valid by the schema: {error.json_path} {error.message}")
    say(f"{len(events)} events are valid by the schema")


if __name__ == "__main__":
    main(run)
