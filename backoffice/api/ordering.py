"""The order of a list: what the client asks for, always ending in a unique key so that paging is exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, GeneratedField, Model

from backoffice.exceptions import Invalid

#: Between two steps of a path through related models.
_STEP = "__"


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey:
    """One column of the order. Nulls come last ascending, first descending: as PostgreSQL's indexes do."""

    path: str
    descending: bool
    nullable: bool
    field: Field[Any, Any] | None

    @property
    def is_unique(self) -> bool:
        """Say whether no two rows of the list can have the same value."""
        return self.field is not None and self.field.unique and _STEP not in self.path


def field_at(model: type[Model], path: str) -> tuple[Field[Any, Any] | None, bool]:
    """Return the model field at an ORM path, and whether it may be null; (None, True) for an annotation."""
    nullable, field = False, None
    for step in path.split(_STEP):
        if model is None:
            return None, True
        try:
            found = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            return None, True
        if not isinstance(found, Field):
            return None, True
        nullable = nullable or found.null
        model, field = found.related_model, found  # type: ignore[assignment]  # "self" is resolved by now
    return field, nullable


def value_field(field: Field[Any, Any]) -> Field[Any, Any]:
    """Return the field that says what the column holds: a foreign key's target, a generated one's output."""
    if isinstance(field, ForeignKey):
        target: Field[Any, Any] = field.target_field
        return value_field(target)
    output: Field[Any, Any] | None = field.output_field if isinstance(field, GeneratedField) else None
    return output or field


def sort_keys(model: type[Model], asked: Sequence[str], known: Mapping[str, str], last: str = "pk") -> list[SortKey]:
    """Return the order that the names ask for ("-due_date", "no"), closed by the unique column `last`.

    Raises Invalid for a name that is not known or stands there twice.
    """
    keys: list[SortKey] = []
    for name in asked:
        bare = name.removeprefix("-")
        if bare not in known:
            raise Invalid(field="ordering", detail=f"The list cannot be ordered by {bare}.")
        keys.append(_key(model, known[bare], descending=name.startswith("-")))
    paths = [key.path for key in keys]
    if len(set(paths)) != len(paths):
        raise Invalid(field="ordering", detail="The order names a field twice.")
    if not any(key.is_unique for key in keys):
        # The direction of the last named column, so that one index can serve both.
        keys.append(_key(model, last, descending=bool(keys) and keys[-1].descending))
    return keys


def _key(model: type[Model], path: str, *, descending: bool) -> SortKey:
    field, nullable = field_at(model, path)
    return SortKey(path=path, descending=descending, nullable=nullable, field=field)
