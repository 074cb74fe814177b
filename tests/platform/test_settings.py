"""What the environment makes of the settings. Each case loads them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings import environment

ROOT = Path(__file__).resolve().parents[2]
SECRET = "s3cret-" * 10
DATABASE = "postgresql://someone:word@db.example:5433/shop?sslmode=require"


def _run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these variables and none of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"DJANGO_SETTINGS_MODULE": "config.settings.base", **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=kept | given, capture_output=True, text=True, check=False
    )


def _settings(*names: str, **variables: str) -> list[Any]:
    code = f"""
import json
from django.conf import settings
print(json.dumps([getattr(settings, name) for name in {names!r}]))
"""
    done = _run("-c", code, **{"KITWRIGHT_SECRET_KEY": SECRET, "DATABASE_URL": DATABASE, **variables})
    assert done.returncode == 0, done.stderr
    answer: list[Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("missing", ["KITWRIGHT_SECRET_KEY", "DATABASE_URL"])
def test_a_deployment_refuses_to_start_without(missing: str) -> None:
    given = {"KITWRIGHT_SECRET_KEY": SECRET, "DATABASE_URL": DATABASE}
    del given[missing]

    done = _run("-c", "import config.wsgi", **given)

    assert done.returncode == 1
    assert f"{missing} is not set." in done.stderr


def test_a_session_of_the_database_has_its_limits_and_keeps_the_options_of_the_url() -> None:
    [databases] = _settings("DATABASES")

    assert databases["default"]["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c lock_timeout=3s -c statement_timeout=15s -c idle_in_transaction_session_timeout=30s",
    }
    assert databases["default"]["DISABLE_SERVER_SIDE_CURSORS"] is False
    assert databases["default"]["ATOMIC_REQUESTS"] is False


def test_behind_pgbouncer_nothing_belongs_to_a_session() -> None:
    [databases] = _settings("DATABASES", KITWRIGHT_PGBOUNCER="true")

    assert databases["default"]["OPTIONS"] == {"sslmode": "require"}
    assert databases["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.parametrize("tls", [True, False])
def test_cookies_are_secure_where_there_is_tls(tls: bool) -> None:
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "DEBUG",
    )

    found = _settings(*names, KITWRIGHT_TLS=str(tls).lower())

    assert found == [tls, tls, tls, 365 * 24 * 3600 if tls else 0, False]


def test_a_deployment_with_tls_passes_djangos_own_security_checks() -> None:
    done = _run(
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        KITWRIGHT_SECRET_KEY=SECRET,
        DATABASE_URL=DATABASE,
        KITWRIGHT_TLS="true",
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("KITWRIGHT_DEBUG", "perhaps", environment.flag),
        ("KITWRIGHT_WORKERS", "-1", environment.number),
        ("KITWRIGHT_WORKERS", "two", environment.number),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Any
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        read(name)


def test_blank_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITWRIGHT_WORKERS", " ")
    monkeypatch.setenv("KITWRIGHT_ALLOWED_HOSTS", " a.example , ,b.example ")

    assert environment.number("KITWRIGHT_WORKERS") == 2
    assert environment.names("KITWRIGHT_ALLOWED_HOSTS") == ["a.example", "b.example"]
