"""The rows of the result: a check, what it expects and what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "FAILED", "skipped"]
HEAD = ("", "CHECK", "EXPECTED", "FOUND")
LONGEST_CELL = 72


@dataclass(frozen=True)
class Row:
    check: str
    expected: str
    found: str
    verdict: Verdict
    # What to do about a failure, in one sentence.
    remedy: str = ""


def compared(check: str, expected: object, found: object, remedy: str) -> Row:
    """Passes if what was found is what was expected."""
    verdict: Verdict = "ok" if expected == found else "FAILED"
    return Row(check, _text(expected), _text(found), verdict, remedy)


def skipped(check: str, expected: str, reason: str) -> Row:
    """Says why a check was not made. A row that was skipped has not passed."""
    return Row(check, expected, reason, "skipped")


def lines(rows: Sequence[Row]) -> list[str]:
    """Lays rows out as a table, the last column as long as it is."""
    cells = [HEAD, *((row.verdict, row.check, row.expected, row.found) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def _text(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple, set)) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
