"""Where things are. Everything that is set up lies in the checkout, under .usher/."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "emulator"
CONSUMER_TESTS = ROOT / "tests" / "consumers" / "consumer_tests.py"

USHER = ROOT / ".usher"
CACHE = USHER / "cache"
TEMPORARY = USHER / "tmp"
UV = USHER / "uv"
SAM = USHER / "sam"
MINISTACK = USHER / "ministack"
# The node and the Python with which the emulator runs functions in those languages.
RUNTIMES = USHER / "runtimes"
MOTO = USHER / "moto"
SECRETS = USHER / "secrets"
LOGS = USHER / "logs"
BUILD = USHER / "build"

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
EVENTS = TARGET / "debug" / "events"
STACKS = ROOT / "target" / "emulator" / "stacks.json"
