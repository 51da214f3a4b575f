"""Sends samples as the providers would, with the `events` tool, and notes what is answered."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import environment
from places import EVENTS, ROOT
from secret_documents import secret_documents
from stack import Stack
from steps import run_step
from terminal import fail


@dataclass(frozen=True)
class Delivery:
    sample: str
    note: str
    expected: int
    status: int
    body: str

    @property
    def becomes_an_event(self) -> bool:
        """A ping is answered and counted only, and a note says why a delivery is let in no second time."""
        return not self.note and not self.sample.endswith("/PING")


def build_tool() -> None:
    run_step(
        "Compiling the signing tool",
        ["cargo", "build", "--package", "events"],
        environment.for_tools(),
        "cargo-events",
    )


def samples() -> list[str]:
    return _events(["send", "--list"]).split()


def function_url_event(sample: str) -> str:
    """Signs a sample, and returns the event that a function URL makes of it."""
    return _events(["event", sample], secret_documents()[sample.partition("/")[0]])


class Sender:
    def __init__(self, stack: Stack) -> None:
        self._urls = stack.urls
        self._secrets = secret_documents()

    def post(self, sample: str, options: Sequence[str] = (), note: str = "", expected: int = 200) -> Delivery:
        provider = sample.partition("/")[0]
        arguments = ["send", sample, "--to", self._urls[provider], *options]
        status, _, body = _events(arguments, self._secrets[provider]).strip().partition(" ")
        return Delivery(sample, note, expected, int(status), body)


def _events(arguments: Sequence[str], secret: str = "") -> str:
    variables = environment.for_tools() | ({"USHER_SECRET": secret} if secret else {})
    done = subprocess.run([EVENTS, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    # An answer other than 2xx is printed as well, though it is a failure of the command.
    if done.returncode != 0 and not done.stdout:
        fail(f"events {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout
