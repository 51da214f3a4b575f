"""Part of `make test`: the console's page in a real browser.

Needs Debian's Chromium. As root, as on CI, it is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tools
from environment import for_tools
from places import ROOT, TARGET, USHER
from steps import run_step
from terminal import fail, main, say

HERE = Path(__file__).parent
# node looks for packages beside a program, so the programs are copied to the packages.
THERE = USHER / "console"
PICTURES = ROOT / "target" / "console"
SHOWN = ROOT / "docs"
SHOWN_PICTURES = ("console-delivery-light.png", "console-delivery-dark.png", "console-list-narrow.png")
BROWSERS = ("chromium", "chromium-browser")
TESTS = ("page.test.mjs", "safe.test.mjs", "cloudevents.test.mjs", "looks.test.mjs")


def run() -> None:
    say("Testing the console in a browser")
    tools.set_up()
    tools.install("Installing what the console's tests need", HERE, THERE)
    for program in HERE.glob("*.mjs"):
        shutil.copy(program, THERE / program.name)
    variables = tools.variables() | {
        "CHROMIUM": _browser(),
        "USHER_BIN": str(TARGET / "debug" / "usher"),
        "PICTURES": str(PICTURES),
    }
    # One file at a time: each starts a browser, and the last measures how quick the page is.
    command = ["node", "--test", "--test-concurrency=1", "--test-reporter=spec", *TESTS]
    if subprocess.run(command, cwd=THERE, env=variables, check=False).returncode != 0:
        fail("The tests of the console failed: see above")
    if "--pictures" in sys.argv:
        _keep_pictures()


def _browser() -> str:
    found = _find_browser()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        variables = for_tools() | {"DEBIAN_FRONTEND": "noninteractive"}
        run_step("Reading Debian's lists", ["apt-get", "update"], variables, "apt-update")
        packages = ["chromium", "fonts-dejavu-core"]
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        run_step("Installing Chromium", command, variables, "apt-install")
        found = _find_browser()
    if found is None:
        fail("The tests of the console need Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM")
    return found


def _find_browser() -> str | None:
    return next(filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS))), None)


def _keep_pictures() -> None:
    """Puts the pictures where the documents show them."""
    SHOWN.mkdir(exist_ok=True)
    for name in SHOWN_PICTURES:
        shutil.copy(PICTURES / name, SHOWN / name)


if __name__ == "__main__":
    main(run)
