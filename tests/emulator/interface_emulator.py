"""AWS's Runtime Interface Emulator, which SAM CLI brings to put it into containers."""

from pathlib import Path

import samcli.local.docker
from samcli.local.docker.utils import get_rapid_name

from prerequisites import host_architecture
from terminal import fail


def program() -> Path:
    """Returns the path of the program for this host."""
    docker = Path(samcli.local.docker.__file__).parent
    found: Path = docker.parent / "rapid" / get_rapid_name(host_architecture())
    return found if found.exists() else fail(f"SAM CLI has no Runtime Interface Emulator at {found}: delete .usher/sam")
