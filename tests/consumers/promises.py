"""What a deployed consumer promises: each event once, no harm from a bad one, nothing lost, and the order of a FIFO queue."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import deployments
from deployments import TIMEOUT, Language
from ministack import Emulator
from queue_of_events import Queue
from stack import client
from terminal import fail, say

SECONDS_TO_WAIT = 120
# What a consumer prints of a registration.
HANDLED = re.compile(r"(\w+) registered for ")


class Log:
    """What a function printed, as far as it says whose registration was handled."""

    def __init__(self, emulator: Emulator, group: str) -> None:
        self._client = client(emulator, "logs")
        self._group = group

    def text(self) -> str:
        pages = self._client.get_paginator("filter_log_events").paginate(logGroupName=self._group)
        events = [event for page in pages for event in page["events"]]
        return "\n".join(event["message"] for event in sorted(events, key=lambda event: event["timestamp"]))

    def handled(self) -> list[str]:
        return HANDLED.findall(self.text())


def registration(sample: dict[str, Any], name: str, **changes: Any) -> dict[str, Any]:
    """Returns an event of its own, made of a sample's, about an invented person."""
    event: dict[str, Any] = json.loads(json.dumps(sample))
    event["data"]["person"]["name"] = name
    return event | {"id": f"luma:{name}-{time.time()}", "subject": name} | changes


def _put_ten(queue: Queue, sample: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Puts ten events on the queue, the fourth of them poisoned. Returns them, and whose are to be handled."""
    names = [f"Guest{number}" for number in range(10)]
    events = [registration(sample, name) for name in names]
    events[3]["dataschema"] = "urn:usher:event:2"
    for event in events:
        queue.put(event)
    return events, [*names[:3], *names[4:]]


def check_standard(emulator: Emulator, language: Language, group: str, queue: Queue, sample: dict[str, Any]) -> None:
    log = Log(emulator, group)
    hidden = queue.hide_received_for(TIMEOUT + 1)
    events, handled = _put_ten(queue, sample)
    # A copy, a replay, a copy of the replay, and a type that comes with a later version.
    queue.put(events[5])
    queue.put(events[6] | {"replay": 1})
    queue.put(events[6] | {"replay": 1})
    queue.put(registration(sample, "Nobody", type="usher.something.new"))
    if language.dies:
        deployments.mark(language).unlink(missing_ok=True)
        queue.put(registration(sample, "Killed", subject="deadly"))
    dead: list[dict[str, Any]] = []

    def is_over() -> bool:
        dead.extend(queue.dead_letters())
        return bool(dead) and queue.is_empty()

    _wait(is_over, f"The consumer in {language.name} leaves messages on the queue", log)
    queue.hide_received_for(int(hidden))
    expected = sorted([*handled, "Guest6", *(["Killed"] * 2 if language.dies else [])])
    if sorted(log.handled()) != expected:
        fail(f"The consumer in {language.name} handled {sorted(log.handled())}, and not {expected}\n{log.text()}")
    if [event["id"] for event in dead] != [events[3]["id"]]:
        fail(f"In the dead-letter queue is not the poisoned event alone, but {[event['id'] for event in dead]}")
    say(f"The consumer in {language.name}: one poisoned of ten is a dead letter, copies are dropped, nothing is lost")


def check_fifo(emulator: Emulator, language: Language, group: str, queue: Queue, sample: dict[str, Any]) -> None:
    log = Log(emulator, group)
    hidden = queue.hide_received_for(TIMEOUT + 1)
    events, handled = _put_ten(queue, sample)
    _wait(queue.is_empty, f"The consumer in {language.name} leaves messages on the FIFO queue", log)
    queue.hide_received_for(int(hidden))
    if log.handled() != handled:
        fail(f"The consumer in {language.name} handled a FIFO queue's events as {log.handled()}\n{log.text()}")
    dead = [event["id"] for event in queue.dead_letters()]
    if dead != [events[3]["id"]]:
        fail(f"In the FIFO queue's dead-letter queue is not the poisoned event alone, but {dead}")
    say(f"The consumer in {language.name} keeps the order of a FIFO queue")


def _wait(condition: Callable[[], bool], problem: str, log: Log) -> None:
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not condition():
        if time.monotonic() > deadline:
            fail(f"{problem}. It logged:\n{log.text()}")
        time.sleep(0.5)
