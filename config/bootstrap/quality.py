"""`test` and `check`: the suite, and everything that is asked of the code before it.

That the migrations say what the models say is part of the suite: the question needs a database.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

from config.bootstrap.data import ROOT

_CHECKS = (
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy", "."]),
    ("floors", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
)


_SUITE = ("-m", "pytest", "-n", "2")


def test(arguments: Sequence[str]) -> NoReturn:
    """Become pytest, with two workers; arguments go to pytest and may say otherwise."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *_SUITE, *arguments])


def check() -> int:
    """Run every check, also after one failed, then the suite. Return 0 only where all of them passed."""
    failed = []
    for name, command in _CHECKS:
        print(f"== {name}", flush=True)
        if _run(command):
            failed.append(name)
    print("== tests", flush=True)
    if _run(_SUITE):
        failed.append("tests")
    print(f"failed: {', '.join(failed)}" if failed else "everything passed")
    return 1 if failed else 0


def _run(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode
