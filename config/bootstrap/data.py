"""The data directory: where the embedded cluster and the secret lie, and how to reach the server."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import quote

from config.bootstrap import postgres

ROOT = Path(__file__).resolve().parents[2]

HOW_TO_START = (
    "No embedded PostgreSQL runs for this data directory. Start one with `make run`,\n"
    "or alone with `python3 -m config.bootstrap db start`, or point DATABASE_URL at a server."
)


def directory() -> Path:
    """Return KITWRIGHT_DATA_DIR, by default `.data` in the project. It need not exist yet."""
    return ROOT / (os.environ.get("KITWRIGHT_DATA_DIR", "").strip() or ".data")


def cluster() -> postgres.Cluster:
    """Return the embedded cluster of this data directory, running or not, made or not."""
    return postgres.Cluster(directory() / "postgres")


def database_url() -> str:
    """Return the address of the running embedded server.

    Where none runs, the address of a socket that does not exist: commands that need no database work all
    the same, the others fail with a message that says what is missing.
    """
    return url_of(cluster().socket_directory() or directory() / "no-server-is-running")


def url_of(socket_directory: Path) -> str:
    """Return the address of the application's database behind this socket, with the path quoted as host."""
    return f"postgresql://{postgres.OWNER}@{quote(str(socket_directory), safe='')}/{postgres.DATABASE}"


def server_is_missing() -> bool:
    """Tell whether DATABASE_URL means the embedded server, and that server does not run."""
    missing = url_of(directory() / "no-server-is-running")
    return os.environ.get("DATABASE_URL") == missing


def secret_key() -> str:
    """Return the secret of this data directory; the first call makes it, readable by its owner only."""
    path = directory() / "secret-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    # O_EXCL: of two processes that start at once one writes, and the other reads what it wrote.
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text()
