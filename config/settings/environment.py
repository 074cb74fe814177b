"""Every setting that the environment can give: its name, its default and what it means.

`base` reads settings through this module only, so a setting that is not declared here cannot exist;
a test keeps the table in docs/settings.md equal to these declarations.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. `default` None: there is none, and the server refuses to start without it."""

    name: str
    default: str | None
    meaning: str


_DECLARED = (
    Variable("PORT", "8000", "Port of the web server."),
    Variable("KITWRIGHT_BIND", "127.0.0.1", "Address that the web server listens on; 0.0.0.0 in a container."),
    Variable(
        "KITWRIGHT_DATA_DIR",
        ".data",
        "Where `make run` keeps its PostgreSQL and its secret; relative to the project.",
    ),
    Variable(
        "DATABASE_URL",
        None,
        "A real server: `postgresql://user:password@host:5432/name`. `make run`, `make test` and `manage.py` "
        "use the embedded one where it is not set.",
    ),
    Variable(
        "KITWRIGHT_SECRET_KEY",
        None,
        "Signs sessions. At least 50 characters. `make run` makes one and keeps it in the data directory.",
    ),
    Variable("KITWRIGHT_DEBUG", "false", "Django's debug pages. Never where others can reach the server."),
    Variable(
        "KITWRIGHT_ALLOWED_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "Names by which the server may be addressed, separated by commas.",
    ),
    Variable(
        "KITWRIGHT_TRUSTED_ORIGINS",
        "",
        "Origins whose forms are accepted besides the host's own, with scheme, separated by commas.",
    ),
    Variable(
        "KITWRIGHT_TLS",
        "false",
        "The application is reached by https: secure cookies, redirect to https, HSTS of one year.",
    ),
    Variable(
        "KITWRIGHT_BEHIND_PROXY",
        "false",
        "A proxy in front sets `X-Forwarded-Proto` and `X-Forwarded-For`, and strips those of the client.",
    ),
    Variable("KITWRIGHT_PG_BIN", "", "Directory of other PostgreSQL binaries for the embedded server."),
    Variable("KITWRIGHT_DB_MAX_AGE", "60", "Seconds that a database connection is kept between requests."),
    Variable(
        "KITWRIGHT_PGBOUNCER",
        "false",
        "PgBouncer in transaction mode is in between: no server-side cursors, no start-up options; set the "
        "three timeouts on the database role instead.",
    ),
    Variable("KITWRIGHT_LOCK_TIMEOUT", "3s", "How long a statement waits for a lock before it answers 503."),
    Variable("KITWRIGHT_STATEMENT_TIMEOUT", "15s", "How long a statement may run."),
    Variable(
        "KITWRIGHT_IDLE_TIMEOUT",
        "30s",
        "How long a transaction may stand idle before the server ends its session.",
    ),
    Variable("KITWRIGHT_LOG_LEVEL", "INFO", "Lowest level that is logged, as one JSON object per line on stderr."),
    Variable("KITWRIGHT_WORKERS", "2", "Web server processes."),
    Variable("KITWRIGHT_THREADS", "4", "Threads of each web server process, one database connection each."),
)

VARIABLES: Mapping[str, Variable] = {variable.name: variable for variable in _DECLARED}

_FLAGS = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


def text(name: str) -> str:
    """Return the variable's value, or its default. Raises: ImproperlyConfigured where neither exists."""
    value = os.environ.get(name, "").strip() or VARIABLES[name].default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. {VARIABLES[name].meaning}")
    return value


def flag(name: str) -> bool:
    """Return a yes/no variable. Raises: ImproperlyConfigured for a word that is neither."""
    value = text(name)
    try:
        return _FLAGS[value.lower()]
    except KeyError:
        raise ImproperlyConfigured(f"{name} is {value!r}: say true or false.") from None


def number(name: str) -> int:
    """Return a whole, not negative number. Raises: ImproperlyConfigured for anything else."""
    value = text(name)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}: give a whole number.")
    return int(value)


def names(name: str) -> list[str]:
    """Return a comma-separated list; blanks around the parts do not count."""
    return [part.strip() for part in text(name).split(",") if part.strip()]
