"""Python environments in the checkout, one per tool set, because their dependencies disagree."""

import hashlib
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import environment
from places import CACHE, HERE, MINISTACK, SAM, UV
from steps import run_quietly, run_step

# It installs in ten seconds what takes pip a minute.
UV_PINNED = "uv==0.13.9"
TOOLS = {
    SAM: ("SAM CLI, cargo-lambda and zig", HERE / "requirements-sam.txt"),
    MINISTACK: ("the AWS emulator MiniStack", HERE / "requirements-ministack.txt"),
}


def set_up(tool_sets: Mapping[Path, tuple[str, Path]] = TOOLS) -> None:
    """Does nothing where the pinned tools are installed already."""
    for venv, (tools, requirements) in tool_sets.items():
        wanted = _fingerprint(venv, requirements.read_text())
        if _is_installed(venv, wanted):
            continue
        _set_up_uv()
        _install(venv, tools, requirements)
        _mark_installed(venv, wanted)


def _set_up_uv() -> None:
    wanted = _fingerprint(UV, UV_PINNED)
    if _is_installed(UV, wanted):
        return
    variables = environment.for_tools()
    run_quietly([sys.executable, "-m", "venv", "--clear", UV], variables, "uv-venv")
    pip = [UV / "bin" / "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
    run_step("Installing uv, which installs the rest", [*pip, UV_PINNED], variables, "uv-install")
    _mark_installed(UV, wanted)


def _install(venv: Path, tools: str, requirements: Path) -> None:
    # With the system's certificates, as pip and cargo use them.
    variables = environment.for_tools() | {"UV_CACHE_DIR": str(CACHE / "uv"), "UV_SYSTEM_CERTS": "true"}
    uv = UV / "bin" / "uv"
    shutil.rmtree(venv, ignore_errors=True)
    run_quietly([uv, "venv", "--python", sys.executable, venv], variables, f"{venv.name}-venv")
    sync = [uv, "pip", "sync", "--python", venv / "bin" / "python", requirements]
    run_step(f"Installing {tools}", sync, variables, f"{venv.name}-install")


def _fingerprint(venv: Path, pins: str) -> str:
    """Changes with the pins, with Python and with the place, as an environment cannot be moved."""
    return hashlib.sha256("\n".join([pins, sys.version, str(venv)]).encode()).hexdigest()


def _is_installed(venv: Path, fingerprint: str) -> bool:
    stamp = venv / "installed"
    return stamp.exists() and stamp.read_text() == fingerprint


def _mark_installed(venv: Path, fingerprint: str) -> None:
    (venv / "installed").write_text(fingerprint)
