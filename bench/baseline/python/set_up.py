"""Installs in the checkout what the receiver in Python needs."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests" / "emulator"))

import prerequisites  # noqa: E402
import venvs  # noqa: E402
from places import USHER  # noqa: E402
from terminal import main  # noqa: E402

VENV = USHER / "bench"


def run() -> None:
    prerequisites.check()
    venvs.set_up({VENV: ("the packages of the receiver in Python", HERE / "requirements.txt")})


if __name__ == "__main__":
    main(run)
