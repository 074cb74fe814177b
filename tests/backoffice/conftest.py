"""People and a client of the API, as the tests of the ground floor need them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backoffice.models import User
from backoffice.rights import Role
from tests.backoffice import example
from tests.rest import Api, person

__all__ = ["Api", "Make", "person"]

Make = Callable[..., User]


@pytest.fixture
def clerk(db: None) -> User:
    """Return a sales clerk."""
    return person("clara", Role.CLERK)


@pytest.fixture
def _example(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.backoffice.example"
    slashes = "backoffice.middleware.EncodedSlashMiddleware"
    settings.MIDDLEWARE = [slashes, *(one for one in settings.MIDDLEWARE if one != slashes)]


@pytest.fixture
def api(_example: None, clerk: User) -> Api:
    """Return the clerk's client of an API that holds the example."""
    example.make_tables()
    return Api(clerk)


@pytest.fixture
def committed_api(_example: None, transactional_db: None) -> Api:
    """Return the same on a database where everything is committed, for threads."""
    example.make_tables()
    return Api(person("clara", Role.CLERK))
