"""The events that the core makes of the samples, from its snapshots."""

import json
from functools import cache
from typing import Any

from places import ROOT
from terminal import fail

SNAPSHOTS = ROOT / "shared" / "usher-core" / "tests" / "snapshots"
# Its place shows a remark in the snapshots.
RAW = {"shown": "here stands the body, as it was received"}


@cache
def events() -> dict[str, dict[str, Any]]:
    """Returns the event of each sample that becomes one, by `<provider>.<sample>`."""
    found = {}
    for file in sorted(SNAPSHOTS.glob("*.snap")):
        # Behind the header, which ends with the second line of dashes.
        content = file.read_text().split("---\n", 2)[2].strip()
        if content.startswith("{"):
            event = json.loads(content)
            if "raw" in event["data"]:
                event["data"]["raw"] = RAW
            found[file.stem] = event
    return found


def named(sample: str) -> dict[str, Any]:
    return events().get(sample) or fail(f"events/event.types.json names the sample {sample}, which has no snapshot")


def of_type(name: str) -> list[dict[str, Any]]:
    return [event for event in events().values() if event["type"] == name]


def first(name: str) -> dict[str, Any]:
    return next(iter(of_type(name)), None) or fail(f"no sample becomes {name}")
