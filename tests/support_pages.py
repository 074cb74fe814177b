"""People at their pages: clients that are signed in, and how a page of entries is posted to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from backoffice.models import User
from backoffice.rights import Role


def _signed_in(name: str, role: Role) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(name, first_name=name.capitalize(), roles=[role]))
    return client


@pytest.fixture
def clerk(db: None) -> Client:
    """A sales clerk who is signed in."""
    return _signed_in("clara", Role.CLERK)


@pytest.fixture
def planner(db: None) -> Client:
    """A planner who is signed in."""
    return _signed_in("paula", Role.PLANNER)


@pytest.fixture
def worker(db: None) -> Client:
    """An assembly worker who is signed in."""
    return _signed_in("amir", Role.ASSEMBLY_WORKER)


@pytest.fixture
def auditor(db: None) -> Client:
    """An auditor who is signed in: sees everything, changes nothing."""
    return _signed_in("otto", Role.AUDITOR)


#: What a script of the page sends along.
BY_SCRIPT: dict[str, Any] = {"headers": {"HX-Request": "true"}}


def save(client: Client, url: str, **typed: str) -> Any:
    """Post what a script posts: the changed fields."""
    return client.post(url, typed, **BY_SCRIPT)


def statements_of(ask: Callable[[], Any]) -> int:
    """Return how many statements a request takes, the session's and the person's among them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        response = ask()
    assert response.status_code < 400, response.content.decode()
    return len(caught)
