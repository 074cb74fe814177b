"""Watch rows while they are changed in memory, and write only what differs, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, models

ModelT = TypeVar("ModelT", bound=models.Model)

#: The columns of a row as they stood, by attribute name.
Snapshot = dict[str, Any]


def snapshot(row: models.Model) -> Snapshot:
    """Return the columns of a row as they stand now."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def changed_columns(row: models.Model, before: Snapshot) -> list[str]:
    """Return the attribute names of the columns that differ from the snapshot, in model order."""
    return [name for name, value in before.items() if getattr(row, name) != value]


def write_changes(model: type[ModelT], rows: Iterable[tuple[ModelT, Snapshot]]) -> list[ModelT]:
    """Write the rows that differ from their snapshots, all in one statement; return those written.

    No statement where nothing differs. The rows exist and the caller holds their locks.
    """
    columns: dict[str, None] = {}
    written: list[ModelT] = []
    for row, before in rows:
        names = changed_columns(row, before)
        if names:
            written.append(row)
            columns.update(dict.fromkeys(names))
    if written:
        update_rows(model, written, columns=list(columns))
    return written


def update_rows(model: type[ModelT], rows: Sequence[ModelT], *, columns: Sequence[str]) -> None:
    """Write these columns, attribute names, of existing rows in one statement. They may not hold arrays."""
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    assert model._meta.pk is not None
    fields = [model._meta.pk, *(by_attname[name] for name in columns)]
    key, *changed = [connection.ops.quote_name(field.column or "") for field in fields]
    arrays = ", ".join(
        f"%s::{field.rel_db_type(connection) if field is fields[0] else field.db_type(connection)}[]"
        for field in fields
    )
    statement = (
        f"UPDATE {connection.ops.quote_name(model._meta.db_table)} AS row"
        f" SET {', '.join(f'{column} = given.{column}' for column in changed)}"
        f" FROM unnest({arrays}) AS given ({', '.join([key, *changed])})"
        f" WHERE row.{key} = given.{key}"
    )
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def delete_rows(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete rows by primary key in one statement, none for no keys. The caller holds their locks.

    Rows that refer to them are not looked for: they are gone already, or the database refuses (InUse at the edge).
    """
    rows = model._default_manager.filter(pk__in=list(keys))
    rows._raw_delete(rows.db)
