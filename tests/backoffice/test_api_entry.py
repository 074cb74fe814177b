"""Who gets in, and what they may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.models import ApiToken, User
from backoffice.rights import Role
from tests.backoffice.conftest import Api, person
from tests.backoffice.example import Paper


def test_nobody_gets_401_and_is_told_how_to_sign_in(api: Api) -> None:
    answer = Api(None).get("papers/")

    assert (answer.status_code, answer.body["code"]) == (401, "auth_required")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a b", "bearer kw_\u00e9", "Bearer " + "x" * 5000])
def test_a_token_that_is_none_gets_401(api: Api, header: str) -> None:
    answer = Api(None).get("papers/", Authorization=header)

    assert (answer.status_code, answer.body["code"]) == (401, "auth_failed")


def test_a_token_that_has_run_out_or_was_revoked_gets_401(api: Api, clerk: User) -> None:
    for change in (
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"expires_at": None, "revoked_at": timezone.now()},
    ):
        ApiToken.objects.update(**change)
        assert api.get("papers/").status_code == 401


def test_a_person_who_was_shut_out_is_out_at_once(api: Api, clerk: User) -> None:
    assert api.get("papers/").status_code == 200

    User.objects.filter(pk=clerk.pk).update(is_active=False)

    assert api.get("papers/").status_code == 401


def test_a_token_is_stored_hashed_and_its_use_noted_hourly(api: Api, clerk: User) -> None:
    token = api.headers["Authorization"].split()[1]
    stored = ApiToken.objects.get()
    assert token not in {stored.digest, stored.prefix}
    assert token.startswith(stored.prefix)

    api.get("papers/")
    first = ApiToken.objects.get().last_used_at
    api.get("papers/")
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    api.get("papers/")
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    assert noted > timezone.now() - timedelta(minutes=1)


def test_signing_in_costs_one_statement_and_rights_none(api: Api) -> None:
    api.get("papers/")

    with CaptureQueriesContext(connection) as captured:
        api.get("papers/P1/")

    assert len(captured) == 2
    assert "backoffice_apitoken" in captured[0]["sql"]


def test_a_write_names_the_actor_in_one_statement(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    with CaptureQueriesContext(connection) as captured:
        api.patch("papers/P1/", {"note": "x"})

    statements = [entry["sql"] for entry in captured]
    assert sum("set_config" in sql for sql in statements) == 1
    # token, savepoint (a transaction outside tests), actor, lock, update, document, lines, release
    assert len(statements) == 8


def test_a_role_without_the_right_gets_403_and_changes_nothing(api: Api) -> None:
    worker = Api(person("walter", Role.ASSEMBLY_WORKER))
    auditor = Api(person("aud", Role.AUDITOR))

    assert worker.get("papers/").status_code == 403
    assert auditor.get("papers/").status_code == 200
    answer = auditor.post("papers/", {"no": "P1"})
    assert (answer.status_code, answer.body["code"], answer.body["right"]) == (403, "forbidden", "enter_sales")
    assert not Paper.objects.exists()


def test_an_action_that_names_no_right_is_shut(api: Api) -> None:
    api.post("papers/", {"no": "P1"})

    assert api.post("papers/P1/forgotten/").status_code == 403


def test_a_right_that_was_taken_away_is_gone_at_once(api: Api, clerk: User) -> None:
    api.post("papers/", {"no": "P1"})
    User.objects.filter(pk=clerk.pk).update(roles=[Role.AUDITOR])

    assert api.post("papers/P1/close/").status_code == 403


def test_a_browser_session_needs_the_csrf_token(api: Api, clerk: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk)

    refused = browser.post("/api/v1/papers/", b"{}", content_type="application/json")
    browser.cookies["csrftoken"] = "a" * 32
    taken = browser.post("/api/v1/papers/", b"{}", content_type="application/json", headers={"X-CSRFToken": "a" * 32})

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert taken.status_code == 201


def test_an_insane_request_id_is_not_taken(api: Api) -> None:
    assert api.get("papers/", x_request_id="request-4711")["X-Request-Id"] == "request-4711"
    for insane in ("short", "x" * 65, "a b c d e f", "abcdefgh\u00e9", "aaaaaaaa;drop"):
        assert api.get("papers/", x_request_id=insane)["X-Request-Id"] != insane


def test_the_user_model_is_ours() -> None:
    assert get_user_model() is User


def test_a_view_that_is_no_resource_declares_its_right_by_method(api: Api) -> None:
    planner = Api(person("paula", Role.PLANNER))

    assert api.post("echo/", {"item": "X"}).status_code == 403
    assert planner.post("echo/", {"item": "X", "unit_cost": "1.10"}).body == {"item": "X", "unit_cost": "1.1"}
    refused = planner.post("echo/", {"item": "NONE"})
    assert (refused.status_code, refused.body["code"]) == (400, "not_found")
    assert refused.body["detail"] == "Item NONE does not exist."
    assert planner.get("echo/").status_code == 405
