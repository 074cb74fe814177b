"""Starts a throw-away embedded PostgreSQL for the test session, unless DATABASE_URL names a server.

A plugin given with `-p`, not a conftest: pytest-django reads the settings before any conftest is loaded.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from config.bootstrap import data, postgres
from tests import databases


def _start() -> None:
    """Start the server and leave its address in the environment, where the xdist workers find it too."""
    place = Path(tempfile.mkdtemp(prefix="kitwright-test-"))
    place.chmod(0o711)
    cluster = postgres.Cluster(place / "postgres", forgetful=True)

    def stop() -> None:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)

    # Asked to end, end in order: by itself SIGTERM would skip what stands below.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    # Not pytest_unconfigure: pytest does not call it where the settings fail to import.
    atexit.register(stop)
    os.environ["DATABASE_URL"] = data.url_of(cluster.start())


os.environ.setdefault(databases.SESSION_VARIABLE, str(os.getpid()))
if not os.environ.get("DATABASE_URL"):
    _start()
