"""Rows in bulk: copies of what went through the services, made by SQL.

A copy of n is the row with its id moved by n spans and its numbers given a suffix, in every table that the original
has rows in. So what holds of the originals holds of the copies; `require_integrity` looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, models

from backoffice import integrity

#: No id of an original reaches it.
SPAN = 1_000_000


def moved(column: str) -> str:
    """Return the SQL of a copy's id, or of its reference to another copied row; null stays null."""
    return f"row.{column} + copy.n * {SPAN}"


def renamed(column: str) -> str:
    """Return the SQL of a copy's business key; null stays null, and blank blank."""
    return f"CASE WHEN row.{column} = '' THEN '' ELSE row.{column} || '-' || copy.n END"


def later(column: str, *, over_days: int) -> str:
    """Return the SQL of a copy's day: copies spread over so many days, those of one row set keep their distance."""
    return f"row.{column} + (copy.n %% {over_days})::int"


def copy_rows(model: type[models.Model], columns: Mapping[str, str], *, copies: int) -> None:
    """Copy every row of a table so many times; `columns`: by name the SQL of those that differ. Ids follow."""
    names = [str(field.column) for field in model._meta.concrete_fields]
    values = [columns.get(name, f"row.{name}") for name in names]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} "
            f"FROM {table} row, generate_series(1, %s) AS copy(n)",
            [copies],
        )
        key = model._meta.pk
        if isinstance(key, models.AutoField | models.BigAutoField):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), max({key.column})) FROM {table}", [table, key.column]
            )


def settle() -> None:
    """Let the server know what it holds, and start afresh: plans of empty tables are not to be measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def require_integrity() -> None:
    """Check every invariant. Raises: AssertionError with what breaks one."""
    broken: Sequence[str] = [str(violation) for violation in integrity.violations()]
    assert not broken, "\n".join(broken[:20])
