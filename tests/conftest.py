"""Fixtures that every test may use: the database of each worker, and the invariants after each test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from tests import databases, hypothesis_profiles

hypothesis_profiles.load()

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "page"}


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


@pytest.fixture(autouse=True)
def the_invariants_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that used the database, look for what breaks an invariant, before its rows are gone.

    A test that seeds a fault on purpose is marked `breaks_integrity`.
    """
    uses_database = request.node.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(request.fixturenames)
    if not uses_database or request.node.get_closest_marker("breaks_integrity"):
        yield
        return
    # Asked for here, so that it is taken down after us.
    request.getfixturevalue("db")
    yield
    _assert_no_violations()


def _assert_no_violations() -> None:
    from django.db import connection

    from backoffice import integrity

    if connection.in_atomic_block and connection.needs_rollback:
        return
    assert [str(violation) for violation in integrity.violations()] == []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Clean up behind the workers. A server that went away meanwhile took the databases with it."""
    from django.db import DatabaseError

    if hasattr(session.config, "workerinput"):
        return
    with contextlib.suppress(DatabaseError), session.config.stash[blocking_manager_key].unblock():
        databases.drop_template()
