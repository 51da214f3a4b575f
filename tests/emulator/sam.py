"""The deployer's two commands, `sam build` and `sam deploy`, with the emulator in AWS's place."""

import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path

import environment
from batches import allow_batches
from ministack import Emulator
from places import BUILD, HERE, LOGS, ROOT
from prerequisites import host_architecture
from steps import run_step
from table_settings import apply_table_settings
from terminal import fail, say

TEMPLATE = ROOT / "template.yaml"
# Not the project's samconfig.toml: after a guided deployment that one names the user's own account.
CONFIG = ["--config-file", HERE / "samconfig.toml"]

INVOKE_LOG = LOGS / "sam-local-invoke.log"

# Programs without debug information are linked, zipped and uploaded in less than half the time.
QUICKLY = {"SAM_BUILD_MODE": "debug", "CARGO_PROFILE_DEV_DEBUG": "false", "CARGO_PROFILE_DEV_STRIP": "symbols"}


def validate() -> None:
    run_step(
        "Checking template.yaml",
        ["sam", "validate", "--lint", "--template-file", TEMPLATE, *CONFIG],
        environment.for_tools(),
        "sam-validate",
    )


def build(profile: str) -> None:
    """Builds the functions for this host: as they are deployed ("release"), or quicker ("dev")."""
    architecture = host_architecture()
    variables = environment.for_tools() | (QUICKLY if profile == "dev" else {})
    options = (["--release"] if profile == "release" else []) + (["--arm64"] if architecture == "arm64" else [])
    # SAM would do this by itself, but one function after the other, and show nothing until it ends.
    run_step(
        f"Compiling the functions ({profile} profile)",
        ["cargo", "lambda", "build", "--package", "functions", *options],
        variables,
        "cargo-lambda",
    )
    # What is left of functions that are no more would be deployed.
    shutil.rmtree(BUILD, ignore_errors=True)
    run_step(
        "sam build",
        ["sam", "build", "--template-file", TEMPLATE, "--build-dir", BUILD, *_overrides(), *CONFIG],
        variables,
        "sam-build",
    )


def deploy(emulator: Emulator, stack_name: str, *parameters: str) -> None:
    run_step(
        f"sam deploy {stack_name}",
        ["sam", "deploy", "--template-file", BUILD / "template.yaml", "--stack-name", stack_name, *CONFIG]
        + [*_overrides(), *parameters],
        environment.for_emulator(emulator.endpoint),
        f"sam-deploy-{stack_name}",
    )
    allow_batches(emulator, stack_name)
    apply_table_settings(emulator, stack_name)


def local_invoke(function: str, template: Path, event: Path, variables: Collection[str]) -> tuple[str, str]:
    """Runs a function, which has these variables, in a container. Returns standard output, its answer, and its log."""
    say(f"sam local invoke {function} …")
    command = ["sam", "local", "invoke", function, "--template-file", template, "--event", event]
    command += ["--skip-pull-image", *CONFIG, *_architecture()]
    # SAM would prefer a value of the shell's to the template's, also for the emulator's endpoint.
    own = {name: value for name, value in environment.for_emulator("").items() if name not in variables}
    done = subprocess.run(
        [str(word) for word in command], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    INVOKE_LOG.write_text(done.stderr + done.stdout)
    if done.returncode != 0:
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it says nothing")
        fail(f"sam local invoke failed: {reason.strip()} (all of it: {INVOKE_LOG.relative_to(ROOT)})")
    return done.stdout, done.stderr


def _overrides() -> list[str]:
    """Every provider is on, those that are off by default, too."""
    return ["--parameter-overrides", f"Architecture={host_architecture()}", "Calcom=on", "Standard=on"]
