"""A way from a container to the emulator, which listens on loopback only."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ministack import HOST

CHUNK = 65536
# Docker Desktop's name for the machine that it runs on.
DESKTOP = "host.docker.internal"


@contextmanager
def opened(host_address: str | None, emulator_port: int) -> Iterator[str]:
    """Gives the block the emulator's endpoint as a container sees it.

    It listens on the containers' network alone, and only as long as the block runs: whoever reaches the emulator owns
    its account, so other machines must not reach it.
    """
    try:
        server = _Server((host_address or "", 0), emulator_port) if host_address else None
    except OSError:
        server = None
    if server is None:
        # The containers' network lies in Docker Desktop's virtual machine, from which that name leads to loopback.
        yield f"http://{DESKTOP}:{emulator_port}"
        return
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{host_address}:{server.server_address[1]}"
        finally:
            server.shutdown()


class _Server(socketserver.ThreadingTCPServer):
    # A connection that the function leaves open ends with this program.
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], emulator_port: int) -> None:
        self.emulator_port = emulator_port
        super().__init__(address, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with socket.create_connection((HOST, self.server.emulator_port)) as emulator:
            there = threading.Thread(target=_copy, args=(self.request, emulator), daemon=True)
            there.start()
            _copy(emulator, self.request)
            there.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    # Either side may be gone first.
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
