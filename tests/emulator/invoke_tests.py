"""Tests of `make invoke` without Docker: what it says where something is missing, and all around the container."""

import io
import json
import os
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bridge
import containers
import docker
import invoke
import local_template
from deliveries import Sender, build_tool
from invocation import Invocation
from ministack import Emulator, free_port
from places import TEMPORARY
from samcli.yamlhelper import parse_yaml_file
from stack import Stack
from terminal import Failure, fail, say


def check_invocations(emulator: Emulator, stack_name: str) -> None:
    """Fails for the first thing that is not as promised."""
    stack = Stack(emulator, stack_name)
    build_tool()
    _check_what_is_missing(emulator)
    _check_docker()
    _check_bridge(emulator)
    _check_template(stack)
    _check_event(stack)
    _check_output(stack)
    say("make invoke says what is missing, and leaves the built template and the queue as they are")


def _check_what_is_missing(emulator: Emulator) -> None:
    known, misspelt = "luma/guest.registered", "luma/guest.registred"
    if invoke.named_sample(known) != known:
        fail("a sample is not found")
    _says("Name a sample, such as make invoke SAMPLE=luma/guest.registered", lambda: invoke.named_sample(""))
    _says(f"There is no sample {misspelt}: try SAMPLE={known}, or", lambda: invoke.named_sample(misspelt))
    # A file of the folder that is no sample.
    _says("There is no sample events/vectors: try SAMPLE=", lambda: invoke.named_sample("events/vectors"))
    stopped = Emulator(free_port())
    _says("The emulator is not running: start it with make local", lambda: invoke.running_stack(stopped, "usher"))
    _says("Usher is not deployed on the emulator: run make local", lambda: invoke.running_stack(emulator, "absent"))
    _says("The functions are not built: run make local", lambda: local_template.runtime(Path("absent")))


def _check_docker() -> None:
    nowhere = {"DOCKER_HOST": f"unix://{TEMPORARY}/no-docker.sock"}
    with patch.dict(os.environ, nowhere | {"PATH": ""}):
        _says("Needs Docker: install it (https://docs.docker.com/engine/install)", containers.connect)
    program = TEMPORARY / "bin" / "docker"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.touch()
    program.chmod(0o755)
    with patch.dict(os.environ, nowhere | {"PATH": str(program.parent)}):
        _says("Docker is not running: start it (sudo systemctl start docker)", containers.connect)
    forbidden = containers.remedy(is_installed=True, is_allowed=False)
    if forbidden != "You may not use Docker: run sudo usermod -aG docker $USER, and log in again":
        fail(f"for a socket that is not ours, make invoke says: {forbidden}")
    image = containers.image_of("provided.al2023")
    _says(f"Docker cannot pull {image}: connect to the internet", lambda: containers.ensure_image(_Offline(), image))


class _Offline:
    """A Docker without images, on a machine without a network."""

    def __init__(self) -> None:
        self.images = self

    def get(self, _name: str) -> None:
        raise docker.errors.ImageNotFound("no such image")

    def pull(self, _name: str) -> None:
        raise docker.errors.APIError("no such host")


def _check_bridge(emulator: Emulator) -> None:
    # Loopback plays the network of containers.
    with bridge.opened("127.0.0.1", emulator.port) as endpoint:
        if endpoint == emulator.endpoint or not _answers(endpoint):
            fail(f"the emulator does not answer at {endpoint}")
    if _answers(endpoint):
        fail(f"the emulator still answers at {endpoint} once the function has ended")
    # An address of another machine (RFC 5737), as that of Docker Desktop's virtual machine is.
    with bridge.opened("198.51.100.77", emulator.port) as endpoint:
        if endpoint != f"http://host.docker.internal:{emulator.port}":
            fail(f"with Docker Desktop, a container would look for the emulator at {endpoint}")


def _check_template(stack: Stack) -> None:
    before = local_template.BUILT.read_bytes()
    variables = stack.live_variables("LumaFunction") | {"AWS_ENDPOINT_URL": "http://172.17.0.1:1"}
    derived = parse_yaml_file(str(local_template.derive("LumaFunction", variables)))
    if derived["Resources"]["LumaFunction"]["Properties"]["Environment"]["Variables"] != variables:
        fail("the function in the container would not have the variables of the deployed one")
    if variables["TABLE_NAME"] != stack.table or variables["QUEUE_URL"] != stack.queue:
        fail("the function in the container would have another table or queue")
    if local_template.BUILT.read_bytes() != before or b"AWS_ENDPOINT_URL" in before:
        fail("the template that is deployed has changed")
    local_template.LOCAL.unlink()


def _check_event(stack: Stack) -> None:
    stack.empty()
    Sender(stack).post("luma/guest.registered")
    (event,) = stack.events(1)
    # More looks than a message survives receptions.
    for _ in range(6):
        if stack.peek(event["id"]) != event:
            fail("a look at the queue does not find the event")
    if stack.peek("absent") is not None:
        fail("a look at the queue finds an event that is not there")


def _check_output(stack: Stack) -> None:
    answer = json.dumps({"statusCode": 200, "body": "{}"})
    line = json.dumps({"provider": "luma", "outcome": "ping"})
    accepted = Invocation.parse(f"\n{answer}\n", f"START RequestId: 1\n{line}\nEND RequestId: 1\nusher luma: it ends\n")
    if accepted.answer != json.loads(answer) or accepted.log != [line] or accepted.event_id is not None:
        fail(f"the output of sam local invoke is misread: {accepted}")
    refused = Invocation.parse(json.dumps({"statusCode": 401, "body": ""}), json.dumps({"outcome": "refused"}))
    _says("The delivery was not accepted: the outcome is refused", lambda: invoke.show(refused, stack))
    broken = Invocation.parse("", "START RequestId: 1\nusher luma: QUEUE_URL is empty\n")
    if broken.log != ["usher luma: QUEUE_URL is empty"]:
        fail(f"the reason of a function that ends at once is not shown: {broken}")
    _says("The function ended without an answer: see .usher/logs/", lambda: invoke.show(broken, stack))


def _says(sentence: str, act: Callable[[], Any]) -> None:
    try:
        # What is shown before it is for the user.
        with redirect_stdout(io.StringIO()):
            act()
    except Failure as failure:
        if not str(failure).startswith(sentence) or "\n" in str(failure):
            fail(f"make invoke says {failure!s}, not {sentence}")
        return
    fail(f"make invoke does not say {sentence}")


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=5) as answer:
            return "services" in json.load(answer)
    except OSError:
        return False

