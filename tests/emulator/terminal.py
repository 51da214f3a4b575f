"""What the user is told, and how a program here ends."""

import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import environment


class Failure(Exception):
    """Said to the user as it is, in one line."""


def fail(message: str) -> NoReturn:
    raise Failure(message)


def main(run: Callable[[], None]) -> NoReturn:
    """Runs a program, and turns what goes wrong into one line and an exit code."""
    environment.forget_aws_account()
    try:
        run()
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
    sys.exit(0)


def say(line: str = "") -> None:
    print(line, flush=True)


def show_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as what they hold, the last one as long as it is."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        say("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
