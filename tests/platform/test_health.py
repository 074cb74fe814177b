"""`/livez/` asks the process, `/readyz/` asks the database; headers that every answer carries."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config import health, logs


@pytest.mark.django_db
def test_livez_touches_nothing(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/livez/")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_answers_ok_where_all_is_there(client: Client) -> None:
    response = client.get("/readyz/")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ok", "database": "ok", "migrations": "ok"},
    )


@pytest.mark.django_db
def test_readyz_says_that_a_migration_is_pending(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz/")

    assert (response.status_code, response.json()["migrations"]) == (503, "pending")


def test_readyz_says_that_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(health, "MigrationExecutor", refuse)

    response = client.get("/readyz/")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unreachable", "migrations": "unknown"}


def test_every_answer_forbids_what_it_does_not_need(client: Client) -> None:
    response = client.get("/livez/")

    directives = set(response["Content-Security-Policy"].split("; "))
    assert {
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    } <= directives
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_log_line_is_one_json_object() -> None:
    record = logging.makeLogRecord(
        {
            "name": "sales",
            "levelname": "INFO",
            "msg": "posted %s",
            "args": ("SS-000001",),
            "order": "SO-000001",
        }
    )

    line = json.loads(logs.JsonFormatter().format(record))

    assert line.pop("at")
    assert line == {"level": "INFO", "logger": "sales", "message": "posted SS-000001", "order": "SO-000001"}
