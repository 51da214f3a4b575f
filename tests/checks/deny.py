"""Part of `make check`: holds the dependencies' licences, versions and sources to deny.toml, with cargo-deny."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "emulator"))

import environment  # noqa: E402
import prerequisites  # noqa: E402
import venvs  # noqa: E402
from places import USHER  # noqa: E402
from terminal import fail, main, say  # noqa: E402

VENV = USHER / "deny"
# Not advisories: see deny.toml.
CHECKS = ("bans", "licenses", "sources")


def run() -> None:
    prerequisites.check()
    venvs.set_up({VENV: ("cargo-deny", HERE / "requirements.txt")})
    checked = _cargo_deny("warn")
    if checked.returncode != 0:
        # Again without the warnings, which are long and come first.
        print(_cargo_deny("error").stderr, file=sys.stderr)
        fail("The dependencies are not what deny.toml allows: see above")
    for line in checked.stderr.splitlines():
        if line.startswith("warning"):
            say(line)
    say(f"The dependencies are what deny.toml allows ({', '.join(CHECKS)})")


def _cargo_deny(log_level: str) -> subprocess.CompletedProcess[str]:
    program = str(VENV / "bin" / "cargo-deny")
    command = [program, "--workspace", "--locked", "--color=never", f"--log-level={log_level}", "check", *CHECKS]
    return subprocess.run(command, cwd=ROOT, env=environment.for_tools(), capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main(run)
