"""The virtual environment `.venv` and the hash-pinned locks that are installed into it."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config.bootstrap.data import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "config" / "requirements"

#: Each holds all of the one before it, in the same versions.
_GROWING = ("local", "test", "dev")


class NotPossible(Exception):
    """The environment cannot be made on this machine as it stands. The message says what to do."""


def install(lock: str) -> None:
    """Make `.venv` hold what this lock names. Does nothing where that very lock is installed already.

    Two commands started at once take turns. Raises: NotPossible.
    """
    with (LOCKS / f"{_GROWING[0]}.lock").open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        usable = _is_usable()
        if usable and any(_is_installed(each) for each in _GROWING[_GROWING.index(lock) :]):
            return
        if not usable:
            _make_environment()
        path = LOCKS / f"{lock}.lock"
        print(f"Installing {path.relative_to(ROOT)} into .venv ...", file=sys.stderr, flush=True)
        _pip_install(path)
        _stamp(lock).write_text(_digest(lock))


def continue_inside(arguments: Sequence[str]) -> None:
    """Become the same command under the Python of `.venv`; return where this is it already."""
    if Path(sys.prefix).resolve() == VENV.resolve():
        return
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "config.bootstrap", *arguments])


def _make_environment() -> None:
    """Make `.venv`, anew where its Python is gone or too old."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise NotPossible(
            f"This Python cannot make a virtual environment: its module {missing[0]} is missing.\n"
            "On Debian and Ubuntu: apt-get install python3-venv"
        )
    print("Making .venv ...", file=sys.stderr, flush=True)
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode:
        raise NotPossible("The virtual environment could not be made; the reason stands above.")


def _is_installed(lock: str) -> bool:
    return _stamp(lock).exists() and _stamp(lock).read_text() == _digest(lock)


def _stamp(lock: str) -> Path:
    """Return the file that says which text of this lock was installed last."""
    return VENV / f".installed-{lock}"


def _digest(lock: str) -> str:
    return hashlib.sha256((LOCKS / f"{lock}.lock").read_bytes()).hexdigest()


def _is_usable() -> bool:
    """Tell whether `.venv` has a Python that starts, is new enough and has pip."""
    if not PYTHON.exists():
        return False
    question = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or u.find_spec('pip') is None)"
    return subprocess.run([PYTHON, "-c", question], check=False, capture_output=True).returncode == 0


def _pip_install(lock: Path) -> None:
    """Install wheels only: nothing is built, so only Python is needed. Every file is checked by its hash."""
    # Twice quiet: warnings about the machine's own pip configuration say nothing to who runs this.
    options = [
        "-qq",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ]
    done = subprocess.run([PYTHON, "-m", "pip", "install", *options, "-r", str(lock)], check=False)
    if done.returncode:
        raise NotPossible(
            "The packages could not be installed; the reason stands above.\n"
            "Without a network, point pip at a mirror or at wheels (PIP_INDEX_URL, PIP_FIND_LINKS)."
        )
