"""moto's server, the second emulator: it has DynamoDB and SQS of its own, and no functions."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import environment
import venvs
from ministack import HOST, free_port
from places import HERE, LOGS, MOTO
from terminal import fail

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


@contextmanager
def started() -> Iterator[str]:
    """Runs the server until the block ends, and gives it the server's endpoint."""
    venvs.set_up({MOTO: ("the AWS emulator moto", HERE / "requirements-moto.txt")})
    port = free_port()
    log = LOGS / "moto.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [MOTO / "bin" / "moto_server", "-H", HOST, "-p", str(port)],
            env=environment.for_tools(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(process, port)
            yield f"http://{HOST}:{port}"
        finally:
            _end(process)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            fail("moto's server did not start: see .usher/logs/moto.log")
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
