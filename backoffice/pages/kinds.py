"""The kinds of value that a person types into a page: how each is read, strictly, and how it is shown again.

A kind refuses what is malformed. Whether a well-formed value is allowed is for the services to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from backoffice.codes import CODE_MAX_LENGTH, code_fault, text_fault
from backoffice.decimals import plain
from backoffice.exceptions import Invalid, Required
from backoffice.pages import formats

_DECIMAL = re.compile(r"[+-]?(\d{1,13}(\.\d{0,5})?|\.\d{1,5})", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Longer texts are not typed but pasted by mistake; the columns behind them are shorter.
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """read: text -> value, or Invalid. show: value -> the same text again. control: which control edits it.

    write: value -> how it stands where it is only read, if otherwise than in a control.
    """

    name: str
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    control: str = "text"
    numeric: bool = False
    write: Callable[[Any], str] | None = None

    def written(self, value: Any) -> str:
        """Return the value as it stands where it is only read."""
        return (self.write or self.show)(value)


def _read_text(text: str) -> str:
    """Blanks around the text come from pasting, not from the person, and are dropped."""
    text = text.strip()
    if fault := text_fault(text, max_length=_LONGEST_TEXT):
        raise Invalid(detail=fault)
    return text


def _read_decimal(text: str) -> Decimal | None:
    """Blank is None. Thousands separators are refused, because 1,250 is a fraction to half the world."""
    text = text.strip()
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise Invalid(detail=f'"{text[:40]}" is not a number with at most 13 digits and 5 decimals.')
    return Decimal(text)


def _read_whole(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        raise Invalid(detail=f'"{text[:40]}" is not a whole number from 0 to 999999999.')
    return int(text)


def _read_day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    # fromisoformat() alone would also take week dates and dates without hyphens.
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise Invalid(detail=f'"{text[:40]}" is not a date like 2026-12-03.')


def _read_flag(text: str) -> bool:
    return text in {"true", "on"}


def _or_blank(show: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "" if value is None or value == "" else show(value)


TEXT = Kind(name="text", read=_read_text, show=_or_blank(str))
CODE = Kind(name="code", read=_read_text, show=_or_blank(str))
LONG_TEXT = Kind(name="long_text", read=_read_text, show=_or_blank(str), control="textarea")
CHOICE = Kind(name="choice", read=_read_text, show=_or_blank(str), control="select")
QUANTITY = Kind(
    name="quantity",
    read=_read_decimal,
    show=_or_blank(plain),
    write=_or_blank(formats.quantity),
    numeric=True,
)
PRICE = Kind(
    name="price",
    read=_read_decimal,
    show=_or_blank(formats.price_plain),
    write=_or_blank(formats.price),
    numeric=True,
)
PERCENT = Kind(name="percent", read=_read_decimal, show=_or_blank(plain), numeric=True)
WHOLE = Kind(name="whole", read=_read_whole, show=_or_blank(str), numeric=True)
DAY = Kind(
    name="day",
    read=_read_day,
    show=_or_blank(date.isoformat),
    write=_or_blank(formats.day),
    control="date",
)
FLAG = Kind(name="flag", read=_read_flag, show=lambda value: "true" if value else "false", control="checkbox")


def _read_key(text: str) -> str:
    text = text.strip()
    if text and (fault := code_fault(text, max_length=CODE_MAX_LENGTH)):
        raise Invalid(detail=fault)
    return text


#: The key of something new. Blank is no fault of its form: the service says whether it must be given.
KEY = Kind(name="key", read=_read_key, show=_or_blank(str))


# --- Kinds made of other kinds ----------------------------------------------------------------------------------------


def text(max_length: int, kind: Kind = TEXT) -> Kind:
    """Return a kind of text with at most so many characters."""

    def read(typed: str) -> str:
        value = _read_text(typed)
        if len(value) > max_length:
            raise Invalid(detail=f"At most {max_length} characters.")
        return value

    return replace(kind, read=read)


def whole(maximum: int) -> Kind:
    """Return a kind of whole number from 0 to the maximum."""

    def read(typed: str) -> int | None:
        value = _read_whole(typed)
        if value is not None and value > maximum:
            raise Invalid(detail=f"At most {maximum}.")
        return value

    return replace(WHOLE, read=read)


def filled(kind: Kind) -> Kind:
    """Return the kind without blank: for a number or date that is never nothing."""

    def read(typed: str) -> Any:
        value = kind.read(typed)
        if value is None:
            raise Required
        return value

    return replace(kind, read=read)


def or_zero(kind: Kind) -> Kind:
    """Return the kind of number of which blank is zero."""

    def read(typed: str) -> Any:
        value = kind.read(typed)
        return _ZERO[kind.name] if value is None else value

    return replace(kind, read=read)


def blank_zero(kind: Kind) -> Kind:
    """Return the kind of number that shows zero as blank, where the page reads better so."""

    def show(value: Any) -> str:
        return kind.show(value) if value else ""

    return replace(kind, show=show, write=show)


_ZERO: dict[str, Any] = {"whole": 0, "quantity": Decimal(0), "price": Decimal(0), "percent": Decimal(0)}
