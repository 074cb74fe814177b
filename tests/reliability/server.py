"""A web server on a PostgreSQL of its own that keeps what it acknowledges, and that can be killed at any moment."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap import data, identity, postgres

_BOOT_SECONDS = 60.0
_SECRET = "the server of this test is gone before anybody could learn what it signs with"


@dataclass(frozen=True, kw_only=True)
class Server:
    """The running pair. `port`: of the web server, on this machine only."""

    cluster: postgres.Cluster
    environment: Mapping[str, str]
    port: int

    def kill_postgres(self) -> int:
        """End the server and all its processes by SIGKILL, at once; return how many processes it had."""
        postmaster = int((self.cluster.path / "postmaster.pid").read_text().splitlines()[0])
        processes = [postmaster, *_children_of(postmaster)]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        # Dead, but not gone before it is waited for; and gone it must be before another one may start.
        postgres._children.pop(postmaster).wait()
        return len(processes)

    def restart_postgres(self) -> None:
        """Start it again on what it has left; it recovers by itself. Raises: ServerFailed."""
        sockets = self.cluster.start()
        assert data.url_of(sockets) == self.environment["DATABASE_URL"], "the clients would not find it again"

    def manage(self, *command: str) -> str:
        """Run a management command and return what it prints."""
        return self.run("manage.py", *command)

    def run(self, *arguments: str) -> str:
        """Run Python with these arguments in the server's environment and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=data.ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()


@contextlib.contextmanager
def running(place: Path) -> Iterator[Server]:
    """Yield a server whose data lies in `place`, migrated and empty."""
    cluster = postgres.Cluster(place / "postgres")
    port = _free_port()
    environment = {
        "DATABASE_URL": data.url_of(cluster.start()),
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "KITWRIGHT_SECRET_KEY": _SECRET,
        "KITWRIGHT_STATEMENT_TIMEOUT": "0",
        "KITWRIGHT_LOG_LEVEL": "ERROR",
        "PORT": str(port),
    }
    server = Server(cluster=cluster, environment=environment, port=port)
    try:
        server.manage("migrate", "--verbosity=0")
        with _web_server(server, place / "web.log"):
            yield server
    finally:
        cluster.stop()


@contextlib.contextmanager
def _web_server(server: Server, log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=data.ROOT,
            env={**os.environ, **server.environment, "KITWRIGHT_STATEMENT_TIMEOUT": "15s"},
            stderr=output,
            preexec_fn=_end_with_us,
        )
    try:
        _wait_until_served(server.port, log)
        yield
    finally:
        if process.poll() is not None:
            print(f"The web server had ended before, with {process.returncode}.")  # noqa: T201
        process.terminate()
        process.wait()
        # Shown where the test fails: bugs that a client only sees as 500 are told here.
        print(log.read_text()[-8000:])  # noqa: T201


def _end_with_us() -> None:
    identity.die_with_parent(signal.SIGTERM)


def _wait_until_served(port: int, log: Path) -> None:
    deadline = time.monotonic() + _BOOT_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/livez/")
            connection.getresponse().close()
            return
        time.sleep(0.1)
    raise AssertionError(f"The web server does not answer:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children_of(parent: int) -> list[int]:
    """Return the processes that this one has started (Linux)."""
    children = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            # Behind the name, which may hold anything but ends with the last bracket: state, parent.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                children.append(int(entry.name))
    return children
