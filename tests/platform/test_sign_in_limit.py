"""Too many wrong passwords for one name from one address are refused for a while."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from config import addresses


@pytest.fixture
def alice(settings: Settings, db: None) -> str:
    """Make Alice, who may sign in, and switch the limiter on."""
    settings.AXES_ENABLED = True
    get_user_model().objects.create_user("alice", password="correct horse battery")
    return "alice"


def _sign_in(client: Client, name: str, password: str, address: str = "10.0.0.1") -> int:
    given = {"username": name, "password": password}
    return client.post(reverse("login"), given, REMOTE_ADDR=address).status_code


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client: Client, alice: str) -> None:
    attempts = [_sign_in(client, alice, "wrong") for _ in range(5)]

    assert attempts[:4] == [200] * 4
    assert _sign_in(client, alice, "correct horse battery") == 429
    assert "_auth_user_id" not in client.session


def test_the_same_name_from_elsewhere_is_not_locked_out(client: Client, alice: str) -> None:
    for _ in range(5):
        _sign_in(client, alice, "wrong")

    assert _sign_in(client, alice, "correct horse battery", address="10.0.0.2") == 302


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "1.1.1.1", "10.0.0.1"),
        (True, "1.1.1.1", "1.1.1.1"),
        (True, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (True, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxy_is_believed(
    settings: Settings, rf: RequestFactory, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy

    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})

    assert addresses.of_client(request) == address
