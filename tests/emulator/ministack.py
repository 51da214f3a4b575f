"""The AWS emulator: one process on loopback, which serves every AWS API and runs the functions."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from environment import REGION
from places import MINISTACK, ROOT, RUNTIMES, USHER
from terminal import fail

HOST = "127.0.0.1"
LOCAL_PORT = "4566"
# The system tests have a port of their own, so that they leave a running `make local` alone.
TEST_PORT = "4576"
SECONDS_TO_START = 30
SECONDS_TO_STOP = 10


def local_emulator() -> "Emulator":
    return Emulator(_port("USHER_PORT", LOCAL_PORT))


def test_emulator() -> "Emulator":
    return Emulator(_port("USHER_TEST_PORT", TEST_PORT))


def _port(variable: str, default: str) -> int:
    value = os.environ.get(variable, default)
    return int(value) if value.isdigit() else fail(f"{variable} is no port number: {value}")


@dataclass(frozen=True)
class Emulator:
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def directory(self) -> Path:
        return USHER / f"emulator-{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "log"

    @property
    def pid_file(self) -> Path:
        return self.directory / "pid"

    def ensure_started(self) -> bool:
        """Whether it had to be started; one that runs already is used on."""
        if self.is_running():
            return False
        if self._port_is_taken():
            fail(f"Port {self.port} is in use by another program: stop it, or name another port (see make help)")
        process = self._spawn()
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                fail(f"The emulator did not start: see {self.log.relative_to(ROOT)}")
            time.sleep(0.1)
        return True

    def is_running(self) -> bool:
        return self._pid() is not None and self._answers()

    def stop(self) -> bool:
        """Ends it and the functions it runs. Whether there was one."""
        pid = self._pid()
        self.pid_file.unlink(missing_ok=True)
        if pid is None:
            return False
        # It leads a process group, in which its functions are.
        os.killpg(pid, signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_STOP
        while _is_emulator(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return True

    def _spawn(self) -> subprocess.Popen[bytes]:
        # It unpacks the functions there and keeps nothing else on disk.
        shutil.rmtree(self.directory, ignore_errors=True)
        (self.directory / "tmp").mkdir(parents=True)
        with self.log.open("w") as log:
            process = subprocess.Popen(
                [MINISTACK / "bin" / "python", "-m", "ministack"],
                cwd=self.directory,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid))
        return process

    def _variables(self) -> dict[str, str]:
        """All it is given, since its functions see it, too, and on AWS they see nothing of the kind."""
        return {
            "PATH": f"{RUNTIMES}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.directory / "tmp"),
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            # Functions call back to it, with their roles' rights and no others.
            "AWS_ENDPOINT_URL": self.endpoint,
            "AUTH": "true",
        }

    def _pid(self) -> int | None:
        try:
            pid = int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if _is_emulator(pid) else None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=5) as answer:
                return "services" in json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return False

    def _port_is_taken(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0


def free_port() -> int:
    """Returns a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_emulator(pid: int) -> bool:
    """Whether the process is the one that was started, and not a later one with the same number."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"ministack" in command
