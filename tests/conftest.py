"""Fixtures that every test may use: the database of each worker, and the invariants after each test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key

from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replace pytest-django's: copy a template that one worker migrated, instead of migrating in each."""
    from django.test import TransactionTestCase

    with django_db_blocker.unblock():
        databases.make_template()
        databases.restore()
    # What happens after a test that commits.
    TransactionTestCase._fixture_teardown = lambda self: databases.restore()  # type: ignore[attr-defined]
    yield
    with django_db_blocker.unblock():
        databases.drop_own()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Clean up behind the workers. A server that went away meanwhile took the databases with it."""
    from django.db import DatabaseError

    if hasattr(session.config, "workerinput"):
        return
    with contextlib.suppress(DatabaseError), session.config.stash[blocking_manager_key].unblock():
        databases.drop_template()
