"""Lists by keyset: a page begins after the last row of the one before, however many rows there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
_SALT = "backoffice.pages.listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[M]):
    """One page of a list. The cursors are None where there is no page before or after it."""

    rows: Sequence[M]
    sort: str
    next_cursor: str | None
    previous_cursor: str | None


def list_page(
    request: HttpRequest, rows: QuerySet[M], *, sorts: Mapping[str, Sequence[str]], size: int = PAGE_SIZE
) -> Listing[M]:
    """Return the page that the address asks for by `?sort=` and `?cursor=`. One statement, constant in rows.

    sorts: what may be sorted by, the default first: name -> columns, the last of them unique, none of them null,
    "-" before a descending one. Raises Http404 for an unknown sort or a cursor that is not of this list.
    """
    sort = request.GET.get("sort") or next(iter(sorts))
    if sort not in sorts:
        raise Http404(f"The list cannot be sorted by {sort}.")
    columns = sorts[sort]
    place = _opened(request.GET.get("cursor", ""), sort)
    backwards = bool(place and place["back"])
    ordered = rows.order_by(*(_flipped(columns) if backwards else columns))
    if place:
        ordered = ordered.filter(_beyond(columns, place["at"], backwards=backwards))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before, after = (more, True) if backwards else (bool(place), more)
    return Listing(
        rows=found,
        sort=sort,
        next_cursor=_cursor(found[-1], columns, sort, back=False) if after and found else None,
        previous_cursor=_cursor(found[0], columns, sort, back=True) if before and found else None,
    )


def _beyond(columns: Sequence[str], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition "after these values in this order", column by column."""
    condition = Q()
    same = Q()
    for column, value in zip(columns, values, strict=True):
        name = column.removeprefix("-")
        descending = column.startswith("-") != backwards
        condition |= same & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


def _flipped(columns: Sequence[str]) -> list[str]:
    return [column[1:] if column.startswith("-") else f"-{column}" for column in columns]


def _cursor(row: Model, columns: Sequence[str], sort: str, *, back: bool) -> str:
    at = [str(getattr(row, column.removeprefix("-"))) for column in columns]
    return signing.dumps({"sort": sort, "back": back, "at": at}, salt=_SALT)


def _opened(cursor: str, sort: str) -> dict[str, Any] | None:
    """Return what the cursor says. Signed, so that its values are ones that this list once held."""
    if not cursor:
        return None
    try:
        place: dict[str, Any] = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise Http404("This page of the list does not exist.") from error
    if place["sort"] != sort:
        raise Http404("This page of the list does not exist.")
    return place
