"""Docker as SAM CLI finds it, and the image of the functions' runtime."""

import ipaddress
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import docker
from samcli.local.docker.container_client import ContainerClient
from samcli.local.docker.exceptions import ContainerEnforcementException, ContainerNotReachableException
from samcli.local.docker.lambda_image import Runtime
from samcli.local.docker.utils import get_validated_container_client

from prerequisites import host_architecture
from terminal import fail, say

DEFAULT_SOCKET = "unix:///var/run/docker.sock"


def connect() -> ContainerClient:
    """Returns SAM's own client, or fails with what to do about Docker."""
    try:
        return get_validated_container_client()
    except (ContainerNotReachableException, ContainerEnforcementException):
        socket = Path(urlsplit(os.environ.get("DOCKER_HOST", DEFAULT_SOCKET)).path)
        is_allowed = not socket.exists() or os.access(socket, os.R_OK | os.W_OK)
        fail(remedy(is_installed=shutil.which("docker") is not None, is_allowed=is_allowed))


def remedy(*, is_installed: bool, is_allowed: bool) -> str:
    """Says what to do where SAM reaches no Docker."""
    if not is_allowed:
        return "You may not use Docker: run sudo usermod -aG docker $USER, and log in again"
    if not is_installed:
        return "Needs Docker: install it (https://docs.docker.com/engine/install), or use make local, which needs none"
    return "Docker is not running: start it (sudo systemctl start docker)"


def image_of(runtime: str) -> str:
    """Returns the name under which SAM looks for the image of a runtime."""
    return f"public.ecr.aws/lambda/{Runtime.get_image_name_tag(runtime, host_architecture())}"


def ensure_image(client: ContainerClient, image: str) -> None:
    """Pulls an image that is not on this machine."""
    try:
        client.images.get(image)
        return
    except docker.errors.ImageNotFound:
        say(f"Pulling {image}, once")
    try:
        client.images.pull(image)
    except docker.errors.APIError:
        fail(f"Docker cannot pull {image}: connect to the internet, or docker load it from another machine")


def host_address(client: ContainerClient) -> str | None:
    """Returns the host's address on the network of containers, if Docker tells it."""
    networks = client.networks.list(names=["bridge"])
    configurations = (one for network in networks for one in network.attrs["IPAM"]["Config"] or ())
    return next(filter(None, map(_host_in, configurations)), None)


def _host_in(configuration: dict[str, str]) -> str | None:
    """The host has the first address of the subnet, unless Docker says otherwise."""
    subnet = ipaddress.ip_network(configuration["Subnet"])
    return configuration.get("Gateway", str(subnet[1])) if subnet.version == 4 else None
