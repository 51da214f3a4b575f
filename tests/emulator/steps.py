"""Runs commands that take long: their output goes to a log, and what they are at is shown meanwhile."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from places import LOGS, ROOT
from terminal import fail, say

# On a terminal one line is drawn anew every second. A log, such as a CI run's, gets a line now and then.
LIVE = sys.stdout.isatty()
SECONDS_BETWEEN_LINES = 1 if LIVE else 20
WIDTH = 100


def run_step(title: str, command: Sequence[object], environment: Mapping[str, str], log_name: str) -> None:
    started = time.monotonic()
    log = _log(log_name)
    with _Process(command, environment, log) as process:
        while process.poll(SECONDS_BETWEEN_LINES) is None:
            _show(f"{title} … {time.monotonic() - started:.0f} s  {_last_line(log)}")
    if LIVE:
        print("\r\033[K", end="")
    _check(title, process, log)
    say(f"{title}: done in {time.monotonic() - started:.0f} s")


def run_quietly(command: Sequence[object], environment: Mapping[str, str], log_name: str) -> None:
    log = _log(log_name)
    with _Process(command, environment, log) as process:
        process.poll(None)
    _check(" ".join(map(str, command)), process, log)


class _Process:
    """A command that ends with this program, however this program ends."""

    def __init__(self, command: Sequence[object], environment: Mapping[str, str], log: Path) -> None:
        self._log = log.open("w")
        self._process = subprocess.Popen(
            [str(word) for word in command],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def poll(self, seconds: float | None) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()


def _log(name: str) -> Path:
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def _show(line: str) -> None:
    if LIVE:
        print(f"\r\033[K{line[:WIDTH]}", end="", flush=True)
    else:
        say(line[:WIDTH])


def _check(title: str, process: _Process, log: Path) -> None:
    if process.poll(None) != 0:
        fail(f"{title}: {_reason(log)} (all of it: {log.relative_to(ROOT)})")


def _reason(log: Path) -> str:
    """The first error, as a compiler's others often follow from it, with its place; else the last line."""
    lines = _lines(log)
    for line, next_line in zip(lines, [*lines[1:], ""], strict=True):
        if line.lower().startswith(("error", "build failed")):
            return f"{line} {next_line}" if next_line.startswith("-->") else line
    return _last_line(log) or "failed"


def _last_line(log: Path) -> str:
    return next(reversed(_lines(log)), "")


def _lines(log: Path) -> list[str]:
    return [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
