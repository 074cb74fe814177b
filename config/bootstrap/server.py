"""`run`: database, migrations, demo data, web server, worker of background jobs; and the orderly end of all of them."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from config.bootstrap import data, identity

_GRACE_SECONDS = 35.0
_BOOT_SECONDS = 60.0
#: How often we look whether the worker lives, and how long we wait before it is started again.
_LOOK_SECONDS = 2.0
_PAUSE_SECONDS = 5.0


class Refused(Exception):
    """The server may not start here and now. The message says why and what to do."""


class Ended(Exception):
    """Somebody asked us to end: Ctrl-C, SIGTERM, or our terminal went away."""


def run() -> int:
    """Serve until asked to end; return the exit status.

    1. Claim the data directory and see that the port is free.
    2. Start the embedded PostgreSQL, unless DATABASE_URL names a server.
    3. Migrate, load the demo data (both do nothing the second time).
    4. Serve, print where and for whom, do the background jobs, and wait.
    Whatever was started ends in reverse order; it ends also where this process is killed (on Linux).
    """
    _listen_for_the_end()
    port = _port()
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(_claim(data.directory(), port))
            _require_free(port)
            if not os.environ.get("DATABASE_URL"):
                os.environ["DATABASE_URL"] = stack.enter_context(_embedded_database())
            _manage("migrate", "--verbosity=0")
            _manage("load_demo")
            web = stack.enter_context(_web_server())
            _wait_until_served(web, port)
            worker = stack.enter_context(_worker())
            _welcome(port)
            return _wait_for_end(web, worker)
    except Ended:
        return 0


def _port() -> int:
    given = os.environ.get("PORT", "").strip() or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise Refused(f"PORT is {given!r}: give a number from 1 to 65535.")
    os.environ["PORT"] = given
    return int(given)


@contextlib.contextmanager
def _claim(directory: Path, port: int) -> Iterator[None]:
    """Hold the data directory for this process; the claim ends with it, however it ends. Raises: Refused."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Refused(
                f"Kitwright runs on this data directory already ({directory}): {file.read().strip()}.\n"
                "Use that one, stop it, or choose another: KITWRIGHT_DATA_DIR=.data-2 PORT=8001 make run"
            ) from None
        file.truncate(0)
        file.write(f"http://127.0.0.1:{port}, process {os.getpid()}")
        file.flush()
        yield


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # As the web server does: a port that only waits for its last connections to end is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(
                f"Port {port} cannot be used: {error.strerror}.\nChoose another: PORT={port + 1} make run"
            ) from None


@contextlib.contextmanager
def _embedded_database() -> Iterator[str]:
    """Yield the address of the embedded server. One that ran before us is used, and left running."""
    cluster = data.cluster()
    was_running = cluster.socket_directory() is not None
    print("Starting PostgreSQL ...", flush=True)
    try:
        yield data.url_of(cluster.start())
    finally:
        if not was_running:
            cluster.stop()


@contextlib.contextmanager
def _web_server() -> Iterator[subprocess.Popen[bytes]]:
    """Yield the web server; at the end let it finish the requests it has, then end it."""
    process = _child(sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application")
    try:
        yield process
    finally:
        _end(process)


class _Worker:
    """The process that does the background jobs. One that died is followed by another, after a moment."""

    def __init__(self) -> None:
        self.process = self._start()
        self._died_at: float | None = None

    def look_after(self) -> None:
        """Start it anew where it has died."""
        if self.process.poll() is None:
            self._died_at = None
        elif self._died_at is None:
            self._died_at = time.monotonic()
        elif time.monotonic() - self._died_at > _PAUSE_SECONDS:
            self._died_at, self.process = None, self._start()

    def end(self) -> None:
        """Let it finish the part it is at and hand its job back, then end it."""
        _end(self.process)

    def _start(self) -> subprocess.Popen[bytes]:
        return _child(sys.executable, "manage.py", "work_jobs")


@contextlib.contextmanager
def _worker() -> Iterator[_Worker]:
    worker = _Worker()
    try:
        yield worker
    finally:
        worker.end()


def _wait_for_end(web: subprocess.Popen[bytes], worker: _Worker) -> int:
    """Wait until the web server ends and return its status; look after the worker meanwhile."""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return web.wait(_LOOK_SECONDS)
        worker.look_after()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _manage(*command: str) -> None:
    """Run one management command to its end. Raises: Refused where it fails; its own words stand above."""
    # Migrations and bulk loads may take longer than a request may.
    process = _child(sys.executable, "manage.py", *command, KITWRIGHT_STATEMENT_TIMEOUT="0")
    try:
        status = process.wait()
    except Ended:
        process.terminate()
        process.wait()
        raise
    if status:
        raise Refused(f"manage.py {command[0]} failed; the reason stands above.")


def _child(*command: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start a process that gets no Ctrl-C of its own (we tell it when) and does not outlive us."""
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.local", **os.environ, **variables}
    return subprocess.Popen(command, cwd=data.ROOT, env=environment, start_new_session=True, preexec_fn=_end_with_us)


def _end_with_us() -> None:
    identity.die_with_parent(signal.SIGTERM)


def _wait_until_served(web: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the first answer, whatever it is. Raises: Refused where the web server ends before."""
    deadline = time.monotonic() + _BOOT_SECONDS
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise Refused("The web server did not start; the reason stands above.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/livez/")
            connection.getresponse()
            connection.close()
            return
        time.sleep(0.05)
    raise Refused(f"The web server did not answer on port {port} within {_BOOT_SECONDS:.0f} seconds.")


def _listen_for_the_end() -> None:
    """Turn the first request to end into Ended; further ones change nothing about an end under way."""
    signals: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        print("\nStopping ...", flush=True)
        raise Ended

    handler: Callable[[int, FrameType | None], None] = end
    for each in signals:
        signal.signal(each, handler)


def _welcome(port: int) -> None:
    """Say where it runs, for whom, and how to go on."""
    address = f"http://127.0.0.1:{port}"
    print(f"\nKitwright runs on {address}\n", flush=True)
    _manage("demo_people")
    print(f"\nAPI token:  .venv/bin/python manage.py api_token admin\nAPI pages:  {address}/api/v1/docs/")
    print(f"The data stays in {data.directory()}.\nStop with Ctrl-C.", flush=True)
