"""Tokens from the command line, and the admin as the roles see it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from backoffice.models import ApiToken, AuditEntry, NumberSeries, User
from backoffice.rights import Role
from tests.backoffice.conftest import Api, person


def test_a_token_is_printed_and_nothing_else(api: Api, clerk: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "clara", "--note", "shop", "--days", "7")

    token = capsys.readouterr().out.removesuffix("\n")
    stored = ApiToken.objects.get(note="shop")
    assert stored.digest == ApiToken.digest_of(token)
    assert len(token) == 46
    assert stored.expires_at is not None
    assert (stored.expires_at - stored.created_at).days in {6, 7}
    assert Api(None).get("papers/", Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize("username", ["nobody", "gone"])
def test_there_is_no_token_for_nobody(db: None, username: str) -> None:
    person("gone", is_active=False)

    with pytest.raises(CommandError):
        call_command("api_token", username)


@pytest.fixture
def administrator(db: None) -> Client:
    """Return the browser of an administrator who is no superuser."""
    browser = Client()
    browser.force_login(person("adam", Role.ADMINISTRATOR, is_staff=True))
    return browser


TABLES = ["user", "apitoken", "numberseries", "auditentry", "idempotencyrecord"]


@pytest.mark.parametrize("table", TABLES)
def test_an_administrator_sees_the_ground_floor(administrator: Client, table: str) -> None:
    assert administrator.get(reverse(f"admin:backoffice_{table}_changelist")).status_code == 200


@pytest.mark.parametrize("table", TABLES)
def test_a_clerk_sees_none_but_the_series(db: None, table: str) -> None:
    browser = Client()
    browser.force_login(person("clara", Role.CLERK, is_staff=True))

    expected = 200 if table == "numberseries" else 403
    assert browser.get(reverse(f"admin:backoffice_{table}_changelist")).status_code == expected


@pytest.mark.parametrize("table", ["apitoken", "auditentry", "idempotencyrecord"])
def test_traces_are_neither_added_nor_deleted(administrator: Client, table: str) -> None:
    assert administrator.get(reverse(f"admin:backoffice_{table}_add")).status_code == 403
    entry = AuditEntry.objects.order_by("pk").first()
    assert entry is not None
    if table == "auditentry":
        assert administrator.post(reverse("admin:backoffice_auditentry_delete", args=[entry.pk])).status_code == 403
        assert administrator.post(reverse("admin:backoffice_auditentry_change", args=[entry.pk])).status_code == 403


def test_tokens_are_revoked(administrator: Client, clerk: User) -> None:
    ApiToken.issue(clerk)
    token = ApiToken.objects.get()

    administrator.post(
        reverse("admin:backoffice_apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]}
    )

    assert ApiToken.objects.get().revoked_at is not None


def test_a_series_is_renamed_and_the_trail_names_who_did_it(administrator: Client) -> None:
    series = NumberSeries.objects.get(code="sales_order")

    answer = administrator.post(
        reverse("admin:backoffice_numberseries_change", args=["sales_order"]),
        {"description": series.description, "prefix": "ORD-", "digits": 5},
    )

    assert answer.status_code == 302
    entry = AuditEntry.objects.filter(kind="number_series", action="changed").get()
    assert entry.changes == {"prefix": ["SO-", "ORD-"], "digits": ["6", "5"]}
    assert (entry.actor_name, entry.channel) == ("adam", "admin")


def test_nobody_raises_themselves(administrator: Client) -> None:
    adam = User.objects.get(username="adam")

    administrator.post(
        reverse("admin:backoffice_user_change", args=[adam.pk]),
        {"username": "adam", "roles": [Role.PLANNER], "is_superuser": "on"},
    )

    adam.refresh_from_db()
    assert (adam.roles, adam.is_superuser) == ([Role.ADMINISTRATOR], False)


def test_roles_are_given_to_others_but_no_superuser_is_touched(administrator: Client, clerk: User) -> None:
    chief = person("chief", is_superuser=True)

    page = reverse("admin:backoffice_user_change", args=[clerk.pk])
    assert administrator.get(page).status_code == 200
    answer = administrator.post(
        page, {"username": "clara", "roles": [Role.PLANNER, Role.CLERK], "is_active": "on", "is_superuser": "on"}
    )
    refused = administrator.post(reverse("admin:backoffice_user_change", args=[chief.pk]), {"username": "x"})

    clerk.refresh_from_db()
    assert answer.status_code == 302
    assert (set(clerk.roles), clerk.is_superuser) == ({Role.PLANNER, Role.CLERK}, False)
    assert refused.status_code == 403
