"""Paging by key: a page begins after the last row of the one before, however the list grows meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.api.ordering import SortKey, value_field
from backoffice.api.parameters import COUNT, CURSOR, LIMIT, flag, parameter, whole_number
from backoffice.exceptions import Invalid
from backoffice.middleware import raw_path

if TYPE_CHECKING:
    from backoffice.api.views import ResourceViewSet

DEFAULT_LIMIT, MAX_LIMIT = 50, 1000
#: Annotations that carry a row's sort keys to the cursor.
_PREFIX = "_sort_"


class KeysetPagination(BasePagination):
    """`?limit=`, `?cursor=`, `?count=true`; the answer is {"results", "next"} and perhaps "count".

    A page costs one statement, whatever its place in the list; the count costs another.
    """

    def paginate_queryset(
        self, queryset: QuerySet[Any, Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Return the rows of the page in the view's order."""
        assert isinstance(queryset, QuerySet), "a list that is no query has no keys to page by"
        keys = cast("ResourceViewSet", view).sort_keys(queryset.model)
        limit = whole_number(request.query_params, LIMIT, default=DEFAULT_LIMIT, lowest=1, highest=MAX_LIMIT)
        self.count = queryset.count() if flag(request.query_params, COUNT) else None
        annotated = queryset.annotate(**{f"{_PREFIX}{i}": F(key.path) for i, key in enumerate(keys)})
        ordered = annotated.order_by(*(_order(key) for key in keys))
        if (cursor := parameter(request.query_params, CURSOR)) is not None:
            ordered = ordered.filter(_after(keys, _read_cursor(cursor, keys)))
        # One row more than is shown tells whether there is a next page.
        rows = list(ordered[: limit + 1])
        self.next = self._next_url(request, _cursor(rows[limit - 1], keys)) if len(rows) > limit else None
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page."""
        body: dict[str, Any] = {"results": data, "next": self.next}
        if self.count is not None:
            body["count"] = self.count
        return Response(body)

    @staticmethod
    def _next_url(request: Request, cursor: str) -> str:
        params = request.query_params.copy()
        params[CURSOR] = cursor
        path = raw_path(request._request) or quote(request.path)
        return request._request.build_absolute_uri(f"{path}?{params.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the page's schema."""
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": ["string", "null"], "format": "uri"},
                "count": {"type": "integer", "description": "Only with count=true."},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return the parameters' schema."""
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        return [
            {"name": LIMIT, "in": "query", "schema": limit, "description": "Rows of a page."},
            {
                "name": CURSOR,
                "in": "query",
                "schema": {"type": "string"},
                "description": "Where the page begins.",
            },
            {
                "name": COUNT,
                "in": "query",
                "schema": {"type": "boolean"},
                "description": "Add the number of rows.",
            },
        ]


def _order(key: SortKey) -> Any:
    if not key.nullable:
        return F(key.path).desc() if key.descending else F(key.path).asc()
    return F(key.path).desc(nulls_first=True) if key.descending else F(key.path).asc(nulls_last=True)


def _after(keys: Sequence[SortKey], values: Sequence[Any]) -> Q:
    """Return the condition "comes after these values": past the value of some key, equal in all before it."""
    condition, even = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        past = _past(key, value)
        if past is not None:
            condition |= even & past
        even &= Q(**{key.path: value}) if value is not None else Q(**{f"{key.path}__isnull": True})
    first, value = keys[0], values[0]
    if not first.nullable:
        # Says nothing new, but in a form that an index on the first column understands.
        condition &= Q(**{f"{first.path}__{'lte' if first.descending else 'gte'}": value})
    return condition


def _past(key: SortKey, value: Any) -> Q | None:
    """Return "this key is past the value", None where nothing is (a null in ascending order is the end)."""
    if value is None:
        return Q(**{f"{key.path}__isnull": False}) if key.descending else None
    beyond = Q(**{f"{key.path}__{'lt' if key.descending else 'gt'}": value})
    return beyond | Q(**{f"{key.path}__isnull": True}) if key.nullable and not key.descending else beyond


def _cursor(row: Model, keys: Sequence[SortKey]) -> str:
    values = [getattr(row, f"{_PREFIX}{i}") for i in range(len(keys))]
    text = json.dumps({"o": _signature(keys), "v": [None if value is None else str(value) for value in values]})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, keys: Sequence[SortKey]) -> list[Any]:
    """Return the values that the cursor carries. Raises Invalid for one that was not made for this order."""
    try:
        state = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        texts = state["v"]
        if state["o"] != _signature(keys) or len(texts) != len(keys):
            raise Invalid(field=CURSOR, detail="The cursor belongs to another order.")
        return [_value(key, text) for key, text in zip(keys, texts, strict=True)]
    except (ValueError, TypeError, KeyError, binascii.Error, ValidationError, ArithmeticError) as error:
        raise Invalid(field=CURSOR, detail="The cursor cannot be read.") from error


def _value(key: SortKey, text: object) -> Any:
    if text is None and key.nullable:
        return None
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError
    return text if key.field is None else value_field(key.field).to_python(text)


def _signature(keys: Sequence[SortKey]) -> str:
    return ",".join(f"-{key.path}" if key.descending else key.path for key in keys)
