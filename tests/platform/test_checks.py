"""Each system check refuses its fault, and only that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import override_settings

from config import checks

Check = Callable[..., Sequence[CheckMessage]]

_ALL: list[Check] = [
    checks.databases_are_postgresql,
    checks.requests_are_not_atomic,
    checks.secret_is_long,
    checks.driver_is_psycopg2,
    checks.time_is_utc,
]


@pytest.mark.parametrize("check", _ALL)
def test_our_own_settings_pass(check: Check) -> None:
    assert check(None) == []


@pytest.mark.parametrize(
    ("check", "wrong", "code"),
    [
        (
            checks.databases_are_postgresql,
            {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}},
            "config.E001",
        ),
        (
            checks.requests_are_not_atomic,
            {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": True}}},
            "config.E002",
        ),
        (checks.secret_is_long, {"SECRET_KEY": "x" * 49}, "config.E003"),
        (checks.time_is_utc, {"TIME_ZONE": "Europe/Berlin"}, "config.E005"),
        (checks.time_is_utc, {"USE_TZ": False}, "config.E005"),
    ],
)
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_a_fault_is_refused_with_a_hint(check: Check, wrong: dict[str, Any], code: str) -> None:
    with override_settings(**wrong):
        refusals = check(None)

    assert [refusal.id for refusal in refusals] == [code]
    assert refusals[0].hint


def test_psycopg_3_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "is_psycopg3", True)

    assert [refusal.id for refusal in checks.driver_is_psycopg2(None)] == ["config.E004"]
