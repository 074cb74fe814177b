"""The invariants: sentences that hold at every commit, each as SQL that returns what breaks it.

Every app writes its own in `<app>/invariants.py`; they are found by themselves. They run after every test, by
`manage.py check_integrity`, and in production as often as wanted. Nothing is ever repaired here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

Sql = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One sentence. `sql()` returns a query, without a closing semicolon, whose rows are the violations."""

    id: str
    sentence: str
    sql: Sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One row that an invariant's query returned, as JSON text."""

    id: str
    sentence: str
    row: str

    def __str__(self) -> str:
        return f"{self.id} {self.sentence} {self.row}"


_invariants: dict[str, Invariant] = {}


def invariant(id: str, sentence: str) -> Callable[[Sql], Sql]:
    """Register a function that returns the SQL of an invariant. An id ("I04") is used once."""

    def register(sql: Sql) -> Sql:
        known = _invariants.get(id)
        assert known is None or known.sql.__qualname__ == sql.__qualname__, f"invariant {id} is there twice"
        _invariants[id] = Invariant(id=id, sentence=sentence, sql=sql)
        return sql

    return register


def invariants() -> dict[str, Invariant]:
    """Return every invariant by its id, in the order of the ids."""
    autodiscover_modules("invariants")
    return dict(sorted(_invariants.items()))


def violations(ids: Collection[str] | None = None) -> list[Violation]:
    """Return every row that breaks an invariant (of those named, or of all), ordered by id. One statement.

    Outside a transaction it looks from one snapshot (REPEATABLE READ, READ ONLY); inside one, from that
    transaction. Raises KeyError for an id that is not known.
    """
    known = invariants()
    chosen = list(known.values()) if ids is None else [known[id] for id in sorted(set(ids))]
    if not chosen:
        return []
    if connection.in_atomic_block:
        return _look(chosen)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return _look(chosen)


def _look(chosen: list[Invariant]) -> list[Violation]:
    # Doubling the percent signs lets the queries use LIKE and modulo beside our own parameters.
    parts = [f"SELECT %s AS id, to_jsonb(q)::text AS row FROM ({_doubled(one)}) q" for one in chosen]
    by_id = {one.id: one for one in chosen}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2", [one.id for one in chosen])
        rows = cursor.fetchall()
    return [Violation(id=id, sentence=by_id[id].sentence, row=row) for id, row in rows]


def _doubled(one: Invariant) -> str:
    return one.sql().replace("%", "%%")
