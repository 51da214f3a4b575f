"""The AsyncAPI document and the page made from it: written anew, held to the code, and checked."""

import json
from pathlib import Path

import asyncapi_document
import event_types
import events_page
import tools
from places import ROOT, USHER
from steps import run_quietly
from terminal import fail, say

HERE = ROOT / "tests" / "asyncapi"
# node looks for packages beside a program, so the program is copied to the packages.
THERE = USHER / "asyncapi"


def renew() -> None:
    for file, text in _made():
        file.write_text(text)


def check() -> None:
    """Checks that both are made from the present code, and that AsyncAPI's own parser takes the document."""
    _check_types()
    for file, text in _made():
        if not file.exists() or file.read_text() != text:
            name = file.relative_to(ROOT)
            fail(f"{name} is not made from the present code. Renew it: {event_types.HOW_TO_RENEW}")
    tools.install("Installing AsyncAPI's parser", HERE, THERE)
    program = THERE / "check.mjs"
    program.write_text((HERE / "check.mjs").read_text())
    run_quietly(["node", program, asyncapi_document.DOCUMENT], tools.variables(), "asyncapi")
    say("The AsyncAPI document is valid by its own parser")


def _check_types() -> None:
    """Checks that the document tells of each type, and of no other."""
    known = json.loads(event_types.SCHEMA.read_text())["properties"]["type"]["examples"]
    told = list(asyncapi_document.meanings())
    if told != known:
        fail(f"events/event.types.json and the schema differ in {sorted(set(told) ^ set(known)) or 'the order of types'}")


def _made() -> list[tuple[Path, str]]:
    return [(asyncapi_document.DOCUMENT, asyncapi_document.text()), (events_page.PAGE, events_page.text())]
