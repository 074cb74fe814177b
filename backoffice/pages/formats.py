"""How values are written on pages and in the controls they are edited in. Pure; Decimal in, text out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from backoffice.decimals import plain

_CENT = Decimal("0.01")


def quantity(value: Decimal) -> str:
    """Return the decimal without trailing zeros, thousands separated: 1250.50000 is "1,250.5"."""
    sign, digits = ("-", plain(value)[1:]) if value < 0 else ("", plain(value))
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}"


def money(value: Decimal) -> str:
    """Return an amount with two decimals, rounded half away from zero, thousands separated."""
    return f"{value.quantize(_CENT, rounding=ROUND_HALF_UP):,f}"


def price(value: Decimal) -> str:
    """Return a unit price or cost: all decimals that matter, at least two."""
    return money(value) if value == value.quantize(_CENT) else quantity(value)


def price_plain(value: Decimal) -> str:
    """Return a unit price or cost as it stands in a control: as `price`, without separators."""
    return price(value).replace(",", "")


def day(value: date) -> str:
    """Return a date that no reader takes for another one: 03 Dec 2026."""
    return f"{value:%d %b %Y}"


def moment(value: datetime) -> str:
    """Return an instant to the minute, in UTC: 03 Dec 2026 14:05."""
    return f"{value:%d %b %Y %H:%M}"
