"""The output of `sam local invoke`: the function's answer and its log."""

import json
from dataclasses import dataclass
from typing import Any



@dataclass(frozen=True)
class Invocation:
    # A Function URL's response; nothing if the function ended without one.
    answer: dict[str, Any] | None
    # The function's line about the delivery; without an answer, all that it wrote.
    log: list[str]

    @classmethod
    def parse(cls, output: str, errors: str) -> "Invocation":
        """Reads standard output, which has the answer, and standard error, which has the log."""
        answers = [answer for answer in map(_object, output.splitlines()) if "statusCode" in answer]
        lines = [line.strip() for line in errors.splitlines()]
        # A function that ends as it starts writes a line of another form. So it does when its container is removed.
        log = [line for line in lines if "outcome" in _object(line)]
        return cls(answers[-1] if answers else None, log or [line for line in lines if _is_the_functions(line)])

    @property
    def event_id(self) -> str | None:
        """The id of the event that the delivery became, or has become before; nothing for one without an event."""
        return self._last("id")

    @property
    def outcome(self) -> str | None:
        return self._last("outcome")

    def _last(self, member: str) -> str | None:
        found = [_object(line).get(member) for line in self.log]
        return next((str(value) for value in reversed(found) if value), None)


def _is_the_functions(line: str) -> bool:
    return bool(_object(line)) or line.startswith("usher ")


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
