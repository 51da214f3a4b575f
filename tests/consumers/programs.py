"""The example consumers, one per language."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import environment
import tools
from environment import REGION
from places import TARGET
from steps import run_step
from terminal import fail


@dataclass(frozen=True)
class Consumer:
    language: str
    command: tuple[str | Path, ...]

    def run(self, endpoint: str, queue_url: str, handled: Path) -> str:
        """Returns what it prints of the one event that it takes off the queue."""
        variables = (
            environment.for_emulator(endpoint)
            | tools.variables()
            | {"AWS_REGION": REGION, "QUEUE_URL": queue_url, "HANDLED": str(handled)}
        )
        done = subprocess.run(self.command, env=variables, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            fail(f"The consumer in {self.language} failed: {done.stderr.strip()}")
        return done.stdout.strip()


def consumers() -> list[Consumer]:
    return [
        Consumer("Rust", (TARGET / "debug" / "consumer",)),
        Consumer("Python", (tools.VENV / "bin" / "python", tools.EXAMPLES / "python" / "consumer.py")),
        Consumer("TypeScript", ("node", tools.TYPESCRIPT / "consumer.ts")),
    ]


def build() -> None:
    command = ["cargo", "build", "--package", "consumer"]
    run_step("Compiling the consumer in Rust", command, environment.for_tools(), "cargo-consumer")
