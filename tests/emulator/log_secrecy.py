"""Reads every line that the deployed functions logged in the tests' run: none may hold anything secret or personal."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack import Emulator
from places import ROOT
from secret_documents import secret_documents
from stack import client
from terminal import fail, say

# Luma's, Svix's and Cal.com's signatures, whoever made them.
SIGNATURE = re.compile(r"v1[=,][A-Za-z0-9+/=]{16,}|\b[0-9a-f]{64}\b|whsec_")
# Fewer would mean that the logs are not where this looks.
FEWEST_OUTCOMES = {"accepted", "duplicate", "ping", "refused"}


def check_logs(emulator: Emulator) -> None:
    forbidden = _secrets() | _persons()
    lines = list(_lines(emulator))
    for line in lines:
        held = next((text for text in forbidden if text in line), None) or SIGNATURE.search(line)
        if held:
            fail(f"A function logged {held!r}: {line}")
    missing = FEWEST_OUTCOMES - {line.get("outcome") for line in map(_parsed, lines)}
    if missing:
        fail(f"No line of these outcomes was logged: {', '.join(sorted(missing))}")
    say(f"{len(lines)} lines were logged, and none holds any of {len(forbidden)} names, addresses and secrets")


def _lines(emulator: Emulator) -> Iterator[str]:
    logs = client(emulator, "logs")
    for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
        for event in logs.get_paginator("filter_log_events").paginate(logGroupName=group).search("events"):
            if event:
                yield event["message"]


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _secrets() -> set[str]:
    documents = map(json.loads, secret_documents().values())
    return {secret for document in documents for value in document.values() for secret in _strings(value)}


def _persons() -> set[str]:
    """What the samples say of people: addresses, telephone numbers, full names and their parts, and all prose."""
    found: set[str] = set()
    for sample in (ROOT / "events").glob("*/*.json"):
        for key, text in _members(json.loads(sample.read_text())):
            if " " in text or "@" in text or text.startswith("+"):
                found.add(text)
            if "name" in key.lower() and "type" not in key.lower():
                found |= {word for word in re.split(r"\W+", text) if len(word) > 4 and word[0].isupper()}
    return found - WORDS_OF_OUR_OWN


# Which are in the samples' titles, too.
WORDS_OF_OUR_OWN = {"Usher"}


def _members(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _members(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from _members(member, key)
    elif isinstance(value, str):
        yield key, value


def _strings(value: Any) -> Iterator[str]:
    return (text for _, text in _members(value) if text)
