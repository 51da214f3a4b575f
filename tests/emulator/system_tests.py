"""Part of `make test`: deploys two stacks, one per type of queue, and runs the Rust tests and the consumers against them."""

import json
import subprocess
import sys

import environment
import interface_emulator
import moto_server
import sam
from invoke_tests import check_invocations
from log_secrecy import check_logs
from ministack import Emulator, test_emulator
from operator_tests import check_operator
from parameter_tests import check_parameters
from places import BUILD, CONSUMER_TESTS, HERE, ROOT, STACKS
from refusal_tests import check_refusals
from smoke_tests import check_smoke
from stack import Stack
from switch_tests import check_switch
from terminal import fail, main, say

# Of the functions' package and of the operator's tool: both have tests of what is deployed.
FEATURES = "functions/deployed,usher/deployed"
QUEUE_TYPES = {"standard": "usher-test", "fifo": "usher-test-fifo"}


def run() -> None:
    profile = sys.argv[1]
    emulator = test_emulator()
    # A fresh one, so that nothing is left of a run that was cut short.
    emulator.stop()
    emulator.ensure_started()
    try:
        sam.build(profile)
        with moto_server.started() as moto:
            _deploy(emulator, moto)
            _test()
        check_invocations(emulator, QUEUE_TYPES["standard"])
        _test_consumers(emulator)
        say("Refusing wrong deployments, and cleaning up after one that fails")
        check_refusals(emulator)
        say("Checking a stack that is right, and one that is wrong")
        check_smoke(emulator, QUEUE_TYPES["standard"], QUEUE_TYPES["fifo"])
        say("Using the tool with the operator's policy only")
        check_operator(emulator, QUEUE_TYPES["standard"])
        # Before the log of a provider that is switched off is deleted.
        check_logs(emulator)
        say("Switching a provider off and on")
        check_switch(emulator, QUEUE_TYPES["standard"])
        say("Changing each parameter of a deployed stack")
        check_parameters(emulator, QUEUE_TYPES["standard"])
    finally:
        emulator.stop()


def _deploy(emulator: Emulator, moto: str) -> None:
    described: dict[str, object] = {"endpoint": emulator.endpoint, "moto": moto}
    for queue_type, stack_name in QUEUE_TYPES.items():
        sam.deploy(emulator, stack_name, f"QueueType={queue_type}")
        stack = Stack(emulator, stack_name)
        stack.put_secrets()
        described[queue_type] = {"name": stack_name} | _describe(stack)
    STACKS.parent.mkdir(parents=True, exist_ok=True)
    STACKS.write_text(json.dumps(described, indent=2))


def _describe(stack: Stack) -> dict[str, object]:
    return {
        "table": stack.table,
        "queue": stack.queue,
        "dlq": stack.dlq,
        "urls": stack.urls,
        "secrets": stack.secret_ids,
        "functions": {"relay": stack.relay},
    }


def _test() -> None:
    say("Testing the deployed stacks")
    _cargo_test("deployed*")
    say("Killing functions at every step")
    _cargo_test("binaries", "killed_on_the_emulator")
    say("Running the functions on AWS's Runtime Interface Emulator")
    _cargo_test("binaries", "on_the_interface_emulator")


def _cargo_test(target: str, *names: str) -> None:
    # Of the whole workspace, as the tests before it: other features would have cargo compile the AWS SDK anew.
    command = ["cargo", "test", "--workspace", "--features", FEATURES, "--test", target, *names]
    variables = environment.for_tools() | {
        "USHER_STACKS": str(STACKS),
        "USHER_BUILD": str(BUILD),
        "USHER_INTERFACE_EMULATOR": str(interface_emulator.program()),
    }
    if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode != 0:
        fail("The system tests failed: see above")


def _test_consumers(emulator: Emulator) -> None:
    say("Testing the example consumers")
    command = [sys.executable, str(CONSUMER_TESTS), str(emulator.port), *QUEUE_TYPES.values()]
    variables = environment.for_tools() | {"PYTHONPATH": str(HERE)}
    if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode != 0:
        fail("The tests of the consumers failed: see above")


if __name__ == "__main__":
    main(run)
