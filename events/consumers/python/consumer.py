"""Takes one event off the queue, handles it, and only then deletes it.

The environment says which queue (QUEUE_URL), which file remembers the events handled so far (HANDLED), and, as for
every AWS tool, who and where (AWS_ACCESS_KEY_ID, AWS_DEFAULT_REGION, ...).
"""

import json
import os
from pathlib import Path
from typing import Any, cast

import boto3

from usher_event import Event, Gathering, Person, Registration

DATA_SCHEMA = "urn:usher:event:1"


class Handled:
    """Which events were handled. A file here; for more than one consumer, a table of yours with a unique key."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __contains__(self, event: Event) -> bool:
        return self._file.exists() and _key(event) in self._file.read_text().splitlines()

    def add(self, event: Event) -> None:
        """Afterwards, not before: an event whose handling fails comes again."""
        with self._file.open("a") as file:
            file.write(_key(event) + "\n")


def _key(event: Event) -> str:
    """All copies of an event have one id. A replay, which somebody asked for, is to be handled once more."""
    return json.dumps([event["id"], event.get("replay")])


def handle(event: Event) -> None:
    match event["type"]:
        case "usher.registration.created":
            print(registration(event))
        case "usher.unrecognized":
            # Genuine, but of a type or form that Usher doesn't know: its bytes are in `raw` or `raw_base64`.
            print(f"unrecognized, from {event['provider']}: kept for somebody to look at")
        case other:
            print(f"{other}: of no interest here")


def registration(event: Event) -> str:
    data = event["data"]
    # A type checker knows what `[...]` may hold; of `.get(...)` it would take any name.
    person: Person = data["person"] if "person" in data else {}
    gathering: Gathering = data["event"] if "event" in data else {}
    registration: Registration = data["registration"] if "registration" in data else {}
    who = person["name"] if "name" in person else "somebody"
    what = gathering["title"] if "title" in gathering else "something"
    how = ""
    if "status" in registration:
        match registration["status"]:
            case "pending_approval":
                how = " and waits for approval"
            case {"other": word}:
                # A word that Usher doesn't know, as the provider spelt it.
                how = f" ({word})"
    return f"{who} registered for {what}{how}"


def main() -> None:
    queue_url = os.environ["QUEUE_URL"]
    handled = Handled(Path(os.environ["HANDLED"]))
    sqs: Any = boto3.client("sqs")

    messages = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=5).get("Messages", [])
    if not messages:
        print("the queue is empty")
        return
    event = cast(Event, json.loads(messages[0]["Body"]))
    if event["dataschema"] != DATA_SCHEMA:
        # Undeleted, it comes again, and ends up in the dead-letter queue if nobody learns to read it.
        raise SystemExit(f"an event of another version: {event['dataschema']}")
    if event in handled:
        print(f"a second copy of {event['id']}: dropped")
    else:
        handle(event)
        handled.add(event)
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=messages[0]["ReceiptHandle"])


if __name__ == "__main__":
    main()
