"""Writes the locks: exact versions and the hash of every file, for every platform, without a host name."""

from __future__ import annotations

import subprocess
import sys

from config.bootstrap.data import ROOT
from config.bootstrap.venv import LOCKS

#: lock -> the dependency groups of pyproject.toml in it, besides the application's own
GROUPS = {"dev": ["dev"], "test": ["test"], "local": ["local"], "run": []}

_OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet", "--upgrade"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--no-config"),
)


def compile_all() -> int:
    """Resolve all of it once, then the smaller locks within that: a package has one version in all four.

    Hashes are those of the index, for every file of a version: also those that this machine would not take.
    """
    for lock, groups in GROUPS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *_OPTIONS]
        command += [part for group in groups for part in ("--group", group)]
        if lock != "dev":
            command += ["--constraint", str(LOCKS / "dev.lock")]
        output = LOCKS / f"{lock}.lock"
        done = subprocess.run([*command, "-o", str(output)], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return done.returncode
        print(f"{output.relative_to(ROOT)}: {output.read_text().count('==')} packages")
    return 0
