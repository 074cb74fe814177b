"""Reading query parameters: each at most once, none with a NUL, every one known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.http import QueryDict

from backoffice.api.fields import date_of, decimal_of, integer_of
from backoffice.api.refusals import UnknownFilter
from backoffice.codes import text_fault
from backoffice.exceptions import Invalid, Required

#: What any list understands beside its filters.
FIELDS, EXPAND, LIMIT, CURSOR, COUNT, ORDERING, SEARCH = (
    "fields",
    "expand",
    "limit",
    "cursor",
    "count",
    "ordering",
    "search",
)
LIST_PARAMETERS = frozenset({FIELDS, EXPAND, LIMIT, CURSOR, COUNT, ORDERING, SEARCH})
MAX_LENGTH = 2000


def parameter(params: QueryDict, name: str) -> str | None:
    """Return the parameter's one value, or None. Raises Invalid for two, or for what is no text."""
    values = params.getlist(name)
    if len(values) > 1:
        raise Invalid(field=name, detail="The parameter is given twice.")
    if values and (fault := text_fault(values[0], max_length=MAX_LENGTH)):
        raise Invalid(field=name, detail=fault)
    return values[0] if values else None


def names_in(params: QueryDict, name: str) -> list[str]:
    """Return the comma-separated names of a parameter; [] where it is not given or empty."""
    return [part for part in (parameter(params, name) or "").split(",") if part]


def whole_number(params: QueryDict, name: str, *, default: int, lowest: int, highest: int) -> int:
    """Return the parameter as a number within its bounds."""
    text = parameter(params, name)
    value = default if text is None else integer_of(text)
    if value is None or not lowest <= value <= highest:
        raise Invalid(field=name, detail=f"A whole number between {lowest} and {highest} is wanted.")
    return value


def flag(params: QueryDict, name: str) -> bool:
    """Return whether the parameter is "true"; it may be "false" or missing."""
    text = parameter(params, name)
    if text not in (None, "true", "false"):
        raise Invalid(field=name, detail="true or false is wanted.")
    return text == "true"


def known_only(params: QueryDict, names: Collection[str]) -> None:
    """Raise UnknownFilter where a parameter is given that is none of these."""
    for name in params:
        if name not in names:
            raise UnknownFilter(field=name)


def day(params: QueryDict, name: str) -> date | None:
    """Return the parameter as a date; None where it is missing."""
    text = parameter(params, name)
    value = None if text is None else date_of(text)
    if text is not None and value is None:
        raise Invalid(field=name, detail="A date is wanted, YYYY-MM-DD.")
    return value


def positive_quantity(params: QueryDict, name: str) -> Decimal:
    """Return the parameter as a quantity above zero. Raises Required where it is missing."""
    text = parameter(params, name)
    if text is None:
        raise Required(field=name)
    value = decimal_of(text, places=5)
    if value is None or value <= 0:
        raise Invalid(field=name, detail="A number above zero is wanted, up to 5 decimals.")
    return value
