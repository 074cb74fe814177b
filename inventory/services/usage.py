"""What refers to a master record: asked before it is deleted, or changed in a way that others rely on.

The tables that refer to it are found in the models' metadata, so that floors above inventory are seen without
being known here. One statement each, whatever refers to the record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, ForeignObjectRel, Model, OuterRef

from backoffice.exceptions import InUse
from inventory.exceptions import FixedByUse
from inventory.models import PlannedMovement, StockBalance, ValueEntry, WarehouseEntry

#: What follows from other records, which are the ones to name.
_FOLLOWERS: tuple[type[Model], ...] = (PlannedMovement, StockBalance, ValueEntry, WarehouseEntry)

#: By name of the referring field: the further columns that a record must have and equal.
Matching = Mapping[str, Mapping[str, Any]]


def users_of(row: Model, *, besides: Collection[type[Model]] = (), matching: Matching | None = None) -> list[str]:
    """Return in words what kinds of records refer to the row, in alphabetical order; empty: nothing does.

    `besides`: kinds that belong to the row itself. `matching`: look only at references by these fields, and
    only at records that equal in these columns too, such as a variant or bin code.
    """
    found: dict[str, Exists] = {}
    names: dict[str, str] = {}
    for index, relation in enumerate(_relations_to(type(row))):
        model = relation.related_model
        conditions = matching.get(relation.field.name) if matching is not None else {}
        if model in besides or conditions is None or not _has_fields(model, conditions):
            continue
        if matching is None and model in _FOLLOWERS:
            continue
        alias = f"users_{index}"
        rows = model._default_manager.filter(**{relation.field.name: OuterRef("pk")}, **conditions)
        found[alias], names[alias] = Exists(rows), str(model._meta.verbose_name_plural)
    if not found:
        return []
    manager = type(row)._default_manager
    answer = manager.filter(pk=row.pk).annotate(**found).values(*found).first() or {}
    return sorted({names[alias] for alias, used in answer.items() if used})


def refuse_deletion(row: Model, *, what: str, besides: Collection[type[Model]] = ()) -> None:
    """Raise InUse where anything refers to the row."""
    if users := users_of(row, besides=besides):
        raise InUse(what=f"{what} {row.pk}", used_by=" and ".join(users))


def refuse_change(
    row: Model,
    *,
    what: str,
    field: str,
    key: str | None = None,
    besides: Collection[type[Model]] = (),
    matching: Matching | None = None,
) -> None:
    """Raise FixedByUse where anything refers to the row (and matches). `what`: the thing that was to change."""
    if users := users_of(row, besides=besides, matching=matching):
        raise FixedByUse(field=field, what=what, key=key or row.pk, used_by=" and ".join(users))


def _relations_to(model: type[Model]) -> list[ForeignObjectRel]:
    relations = model._meta.get_fields(include_hidden=True)
    return [relation for relation in relations if isinstance(relation, ForeignObjectRel) and not relation.many_to_many]


def _has_fields(model: type[Model], conditions: Mapping[str, Any]) -> bool:
    columns = {field.name for field in model._meta.fields} | {field.attname for field in model._meta.fields}
    return conditions.keys() <= columns
