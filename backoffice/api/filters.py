"""Filtering a list by what its view declares, and by nothing else.

A view says `filters = {"item": "item_id", "due_date": Filter("due_date")}`: names of the contract mapped to
ORM paths. The kind of value, and with it the lookups, follows from the model field at the path unless it is
said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from backoffice.api.fields import EARLIEST, LATEST, date_of, decimal_of, integer_of
from backoffice.api.ordering import field_at, value_field
from backoffice.api.parameters import EXPAND, FIELDS, LIST_PARAMETERS, ORDERING, SEARCH, parameter
from backoffice.api.refusals import UnknownFilter
from backoffice.exceptions import Invalid

if TYPE_CHECKING:
    from backoffice.api.views import ResourceViewSet

MAX_VALUES = 100  # of one __in
_MAX_ZONE = timedelta(hours=14)


class Kind(StrEnum):
    """What a filter's value is."""

    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    INSTANT = "instant"
    FLAG = "flag"


_RANGE = ("", "in", "gte", "lte")
_LOOKUPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: (*_RANGE, "contains"),
    Kind.CHOICE: ("", "in"),
    Kind.INTEGER: _RANGE,
    Kind.DECIMAL: _RANGE,
    Kind.DATE: _RANGE,
    Kind.INSTANT: _RANGE,
    Kind.FLAG: ("",),
}
_KIND_OF_FIELD: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
    (models.BooleanField, Kind.FLAG),
    (models.DecimalField, Kind.DECIMAL),
    (models.IntegerField, Kind.INTEGER),
    (models.DateTimeField, Kind.INSTANT),
    (models.DateField, Kind.DATE),
)
_SCHEMA: Mapping[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.CHOICE: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DECIMAL: {"type": "string", "format": "decimal"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.FLAG: {"type": "boolean"},
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `apply` replaces the lookup by a function of the queryset and the value (exact only).

    `kind` must be said for an annotation and may be left out for a model field. `choices` belong to
    Kind.CHOICE.
    """

    path: str = ""
    kind: Kind | None = None
    choices: frozenset[str] = frozenset()
    nullable: bool = False
    apply: Callable[[QuerySet[Any, Any], Any], QuerySet[Any, Any]] | None = None

    @property
    def lookups(self) -> tuple[str, ...]:
        """Return the lookups that the filter takes; "" is the plain name."""
        assert self.kind is not None
        return ("",) if self.apply else _LOOKUPS[self.kind]


def resolve(model: type[models.Model], declared: str | Filter) -> Filter:
    """Return the filter with its kind known."""
    wanted = Filter(declared) if isinstance(declared, str) else declared
    if wanted.kind is not None:
        return wanted
    field, nullable = field_at(model, wanted.path)
    assert field is not None, f"{model.__name__}: say the kind of the filter on {wanted.path}"
    field = value_field(field)
    if field.choices:
        values = frozenset(str(value) for value, _ in field.flatchoices)
        return replace(wanted, kind=Kind.CHOICE, choices=values, nullable=nullable)
    kind = next((kind for cls, kind in _KIND_OF_FIELD if isinstance(field, cls)), Kind.TEXT)
    return replace(wanted, kind=kind, nullable=nullable)


#: What `filters_of` worked out: it follows from the code alone.
_filters_of: dict[type[ResourceViewSet], Mapping[str, tuple[Filter, str]]] = {}


def filters_of(view_class: type[ResourceViewSet], model: type[models.Model]) -> Mapping[str, tuple[Filter, str]]:
    """Return the parameters of the view's filters: name -> (filter, lookup). Worked out once per class."""
    if view_class not in _filters_of:
        resolved = {name: resolve(model, declared) for name, declared in view_class.filters.items()}
        _filters_of[view_class] = {
            f"{name}__{lookup}" if lookup else name: (one, lookup)
            for name, one in resolved.items()
            for lookup in one.lookups
        }
    return _filters_of[view_class]


class StrictFilterBackend(BaseFilterBackend):
    """Apply the view's filters and its search. Raises UnknownFilter, Invalid."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any, Any], view: APIView) -> QuerySet[Any, Any]:
        """Return the rows that the parameters ask for."""
        resource = cast("ResourceViewSet", view)
        known = filters_of(type(resource), queryset.model)
        self._refuse_unknown(request, resource, known)
        given = {name: parameter(request.query_params, name) for name in known}
        for name, default in resource.filter_defaults.items():
            if not any(given.get(one) is not None for one in known if one.partition("__")[0] == name):
                given[name] = default
        for name, text in given.items():
            if text is not None:
                one, lookup = known[name]
                queryset = _apply(queryset, one, lookup, name, text)
        return self._search(request, queryset, resource)

    @staticmethod
    def _refuse_unknown(request: Request, view: ResourceViewSet, known: Mapping[str, Any]) -> None:
        for name in request.query_params:
            if name not in known and name not in LIST_PARAMETERS and name not in view.list_parameters:
                raise UnknownFilter(field=name)
        if SEARCH in request.query_params and not view.search:
            raise UnknownFilter(field=SEARCH)

    @staticmethod
    def _search(request: Request, queryset: QuerySet[Any, Any], view: ResourceViewSet) -> QuerySet[Any, Any]:
        """Keep the rows in which every word stands somewhere."""
        for word in (parameter(request.query_params, SEARCH) or "").split():
            anywhere = Q()
            for path in view.search:
                anywhere |= Q(**{f"{path}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the parameters' schema."""
        resource = cast("ResourceViewSet", view)
        known = filters_of(type(resource), resource.get_queryset().model)
        described = [
            {"name": name, "in": "query", "required": False, "schema": _schema(one, lookup)}
            for name, (one, lookup) in known.items()
        ]
        plain = [
            FIELDS,
            ORDERING,
            *([EXPAND] if resource.nested else []),
            *([SEARCH] if resource.search else []),
        ]
        return described + [
            {"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in plain
        ]


def _schema(one: Filter, lookup: str) -> dict[str, Any]:
    assert one.kind is not None
    return {"type": "string", "description": "Values parted by commas."} if lookup == "in" else _SCHEMA[one.kind]


def _apply(queryset: QuerySet[Any, Any], one: Filter, lookup: str, name: str, text: str) -> QuerySet[Any, Any]:
    if one.apply is not None:
        return one.apply(queryset, _value(one, name, text))
    if lookup == "in" or (lookup == "" and one.kind is Kind.CHOICE and "," in text):
        parts = text.split(",")
        if len(parts) > MAX_VALUES:
            raise Invalid(field=name, detail=f"At most {MAX_VALUES} values.")
        return queryset.filter(**{f"{one.path}__in": [_value(one, name, part) for part in parts]})
    if lookup == "contains":
        return queryset.filter(**{f"{_text_path(queryset.model, one.path)}__icontains": text})
    if lookup == "" and text == "" and one.nullable:
        return queryset.filter(**{f"{one.path}__isnull": True})
    return queryset.filter(**{f"{one.path}__{lookup or 'exact'}": _value(one, name, text)})


def _text_path(model: type[models.Model], path: str) -> str:
    """Return the path of the text: a foreign key knows no part of its text, the key that it holds does."""
    field, _ = field_at(model, path)
    return f"{path}__pk" if isinstance(field, models.ForeignKey) else path


def _value(one: Filter, name: str, text: str) -> Any:
    value = _parse(one, text)
    if value is None:
        raise Invalid(field=name, detail=_wanted(one))
    return value


def _wanted(one: Filter) -> str:
    return f"One of {', '.join(sorted(one.choices))} is wanted." if one.choices else f"A {one.kind} is wanted."


def _parse(one: Filter, text: str) -> Any:
    """Return the value, or None for a text that does not spell one."""
    match one.kind:
        case Kind.CHOICE:
            return text if text in one.choices else None
        case Kind.INTEGER:
            return integer_of(text)
        case Kind.DECIMAL:
            return decimal_of(text, places=5)
        case Kind.DATE:
            return date_of(text)
        case Kind.INSTANT:
            return instant_of(text)
        case Kind.FLAG:
            return {"true": True, "false": False}.get(text)
    return text


def instant_of(text: str) -> datetime | None:
    """Return the instant that an ISO 8601 text spells (UTC where it names no zone), or None."""
    try:
        value = parse_datetime(text)
        if value is None:
            return None
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        zone = value.utcoffset()
        inside = zone is not None and abs(zone) <= _MAX_ZONE and EARLIEST <= value.astimezone(UTC).date() <= LATEST
    except (ValueError, OverflowError):
        return None
    return value if inside else None
