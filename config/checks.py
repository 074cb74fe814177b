"""System checks: settings that would let the application run and be wrong are refused, each with a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.backends.postgresql.psycopg_any import is_psycopg3

_POSTGRESQL = "django.db.backends.postgresql"
_SHORTEST_SECRET = 50


@register(Tags.security)
def databases_are_postgresql(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse any other engine: constraints, triggers and row locks carry the rules."""
    return [
        Error(
            f"The database {alias!r} uses {database['ENGINE']}.",
            hint="Point DATABASE_URL at a PostgreSQL server: postgresql://user:password@host:5432/name",
            id="config.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"] != _POSTGRESQL
    ]


# Without a tag that needs --database: these run with every command.
@register(Tags.security)
def requests_are_not_atomic(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse ATOMIC_REQUESTS: it would hold every lock until the page is rendered, and forbid the retry."""
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database {alias!r}.",
            hint="Leave it off; backoffice.transactions.run_unit opens the unit of work.",
            id="config.E002",
        )
        for alias, database in settings.DATABASES.items()
        if database.get("ATOMIC_REQUESTS")
    ]


@register(Tags.security)
def secret_is_long(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a secret that is short enough to guess. Django itself refuses an empty one."""
    if len(settings.SECRET_KEY) >= _SHORTEST_SECRET:
        return []
    return [
        Error(
            "SECRET_KEY is shorter than 50 characters.",
            hint="Set KITWRIGHT_SECRET_KEY to a long random text.",
            id="config.E003",
        )
    ]


@register(Tags.security)
def driver_is_psycopg2(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse psycopg 3: Django takes it silently as soon as some package brings it along."""
    if not is_psycopg3:
        return []
    return [
        Error(
            "psycopg 3 is installed, and Django uses it instead of psycopg2.",
            hint="Uninstall psycopg, and the package that required it.",
            id="config.E004",
        )
    ]


@register(Tags.security)
def time_is_utc(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse any other zone: dates of documents are days, instants are UTC."""
    if settings.USE_TZ and settings.TIME_ZONE == "UTC":
        return []
    return [Error("TIME_ZONE is not UTC.", hint="Leave TIME_ZONE and USE_TZ as they are.", id="config.E005")]
