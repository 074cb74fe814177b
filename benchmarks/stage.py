"""A database to measure on, and Django set up for it.

Nothing of Django is imported before the address of the database stands in the environment: the settings read it once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from config.bootstrap import data, postgres

_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings.local",
    "KITWRIGHT_SECRET_KEY": "not a secret: what is signed with it is thrown away when the figures are printed",
    "KITWRIGHT_LOG_LEVEL": "WARNING",
    # The ballast is written by statements that run longer than a request may.
    "KITWRIGHT_STATEMENT_TIMEOUT": "0",
    # One server process answers all runs of a measurement, so that its processor time can be told.
    "KITWRIGHT_DB_MAX_AGE": "86400",
}


@contextlib.contextmanager
def migrated_database() -> Iterator[None]:
    """Set Django up on an empty, migrated database that is gone afterwards.

    On the server that DATABASE_URL names, in a database of its own; else on an embedded server, with the settings of
    `make run`: what is committed is on disk.
    """
    given = os.environ.get("DATABASE_URL")
    with _own_database(given) if given else _own_server() as address:
        os.environ["DATABASE_URL"] = address
        enter()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0, interactive=False)
        yield
        connections.close_all()


def enter() -> None:
    """Set Django up for the database in the environment, as a web process does; what a child process does first."""
    os.environ.update({name: os.environ.get(name, value) for name, value in _SETTINGS.items()})
    import django

    django.setup()
    from config.garbage import look_seldom

    look_seldom()


@contextlib.contextmanager
def _own_server() -> Iterator[str]:
    place = Path(tempfile.mkdtemp(prefix="kitwright-benchmark-"))
    place.chmod(0o711)
    cluster = postgres.Cluster(place / "postgres")
    try:
        yield data.url_of(cluster.start())
    finally:
        cluster.stop()
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _own_database(server: str) -> Iterator[str]:
    import psycopg2

    name = f"kitwright_benchmark_{os.getpid()}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
            finally:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        connection.close()
