"""The databases of a test session: one template that is migrated once, and a copy of it for each worker.

A copy takes a few hundredths of a second, so a test that commits is followed by a fresh copy instead of
Django's flush: a flush would also delete what the migrations wrote.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

#: Set by the plugin in the first process of a session, and inherited by its workers.
SESSION_VARIABLE = "KITWRIGHT_TEST_SESSION"

# Any number, the same in every worker of a session.
_TEMPLATE_LOCK = 4_711


def _template() -> str:
    return f"test_kitwright_{os.environ[SESSION_VARIABLE]}"


def _own() -> str:
    return f"{_template()}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@contextlib.contextmanager
def _server() -> Iterator[Any]:
    """Yield a cursor on the server's maintenance database; our own connection is closed before."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        # The limits of a request do not fit: another worker may be migrating the template for longer.
        cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        yield cursor


def _use(database: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def make_template() -> None:
    """Create and migrate the template, in the first worker that comes; the others wait and find it there."""
    with _server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATE_LOCK])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_template()])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{_template()}_draft"')
            _use(f"{_template()}_draft")
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            # Renamed when complete: a worker that finds the name finds a migrated database.
            cursor.execute(f'ALTER DATABASE "{_template()}_draft" RENAME TO "{_template()}"')


def restore() -> None:
    """Put a fresh copy of the template in the place of this worker's database."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_own()}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{_own()}" TEMPLATE "{_template()}"')
    _use(_own())


def drop_own() -> None:
    """Drop this worker's database."""
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_own()}" WITH (FORCE)')


def drop_template() -> None:
    """Drop the template, when every worker is done: on a server that outlives the session it would stay."""
    with _server() as cursor:
        for name in (_template(), f"{_template()}_draft"):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
