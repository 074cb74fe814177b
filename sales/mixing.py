"""How much of a line to take from stock and how much to assemble: a proposal, with its reason. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from backoffice.decimals import plain
from inventory.rounding import QUANTITY_PRECISION, ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What a line would take from stock and what would be assembled of it, in its unit, and why."""

    from_stock: Decimal
    qty_to_assemble_to_order: Decimal
    reason: str


def propose_mix(
    *,
    item: str,
    date: dt.date,
    outstanding: Decimal,
    qty_to_assemble_to_order: Decimal,
    remaining_to_assemble: Decimal,
    free: Decimal,
    precision: Decimal,
) -> Mix:
    """Take what is free, assemble the rest. Quantities: the line's unit, >= 0.

    outstanding: what is to ship still. qty_to_assemble_to_order: of the whole line, with what was assembled and
    shipped already, which stays; remaining_to_assemble: its part that was not. precision: of the unit, 0 for none;
    a quantity from stock is rounded down to it, since no part of a piece can be taken.
    """
    step = precision or QUANTITY_PRECISION
    from_stock = min(outstanding, max(free, ZERO) // step * step)
    rest = outstanding - from_stock
    assembled_before = qty_to_assemble_to_order - remaining_to_assemble
    return Mix(
        from_stock=from_stock,
        qty_to_assemble_to_order=assembled_before + rest,
        reason=_reason(item, date, from_stock, rest),
    )


def _reason(item: str, date: dt.date, from_stock: Decimal, rest: Decimal) -> str:
    if not from_stock:
        return f"Nothing of {item} is free on {date}: {plain(rest)} to assemble."
    if not rest:
        return f"{plain(from_stock)} of {item} are free on {date}: nothing to assemble."
    return f"{plain(from_stock)} of {item} are free on {date}: these from stock, {plain(rest)} to assemble."
