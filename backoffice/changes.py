"""Watch rows while they are changed in memory, and write only what differs, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import models

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

    No statement where nothing differs. The rows exist and the caller holds their locks. It is an upsert on
    the primary key, whose insert half never comes to pass.
    """
    columns: dict[str, None] = {}
    written: list[ModelT] = []
    for row, before in rows:
        names = changed_columns(row, before)
        if names:
            written.append(row)
            columns.update(dict.fromkeys(names))
    if written:
        upsert(model, written, columns=list(columns))
    return written


def upsert(model: type[ModelT], rows: Sequence[ModelT], *, columns: Sequence[str]) -> None:
    """Write these columns of existing rows in one statement."""
    assert model._meta.pk is not None
    names = [model._meta.get_field(name.removesuffix("_id")).name if _is_key(model, name) else name for name in columns]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=names
    )


def delete_rows(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete rows by primary key in one statement, none for no keys. The caller holds their locks.

    Rows that refer to them are not looked for: they are gone already, or the database refuses (InUse at the edge).
    """
    rows = model._default_manager.filter(pk__in=list(keys))
    rows._raw_delete(rows.db)


def _is_key(model: type[models.Model], attname: str) -> bool:
    return any(field.attname == attname and field.is_relation for field in model._meta.concrete_fields)
