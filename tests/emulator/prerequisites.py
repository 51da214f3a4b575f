"""What must be on the machine already. Everything else is set up in the checkout."""

import importlib.util
import platform
import shutil
import sys

from terminal import fail

OLDEST_PYTHON = (3, 11)
PROGRAMS = {
    "cargo": "Rust (https://rustup.rs)",
    "cc": "a C compiler (Debian: apt-get install gcc libc6-dev)",
}


def check() -> None:
    """Fails with one line that says what to install."""
    if platform.system() != "Linux":
        fail("Needs Linux: without Docker, the functions run as what they are, Linux programs (WSL will do)")
    if sys.version_info < OLDEST_PYTHON:
        fail(f"Needs Python {'.'.join(map(str, OLDEST_PYTHON))} or newer, and this is {platform.python_version()}")
    if not importlib.util.find_spec("ensurepip"):
        fail("Needs Python's venv module (Debian: apt-get install python3-venv)")
    for program, package in PROGRAMS.items():
        if not shutil.which(program):
            fail(f"Needs {program}: install {package}")


def host_architecture() -> str:
    """The host's own, by Lambda's name for it: what is deployed here runs here."""
    machine = platform.machine()
    names = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
    return names.get(machine) or fail(f"Lambda has no architecture {machine}")
