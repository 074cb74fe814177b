"""Lots and serial numbers of sales lines: of what is made for them, or of the part from stock (RES-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from backoffice.exceptions import Invalid
from inventory.locks import StockKey
from inventory.models import ItemTracking, TrackedSource
from inventory.rounding import ZERO
from inventory.services import tracking
from inventory.services.tracking import TrackingValues
from inventory.services.trimming import trim
from sales.made_to_order import get_supplier
from sales.masters import LineValues
from sales.models import SalesLine

if TYPE_CHECKING:
    from sales.reading import ShownLine


def assign_numbers(line: SalesLine, values: LineValues) -> None:
    """Assign the lots and serial numbers that the values name, if they do.

    On a line that is assembled to order in full they are those of its assembly document. On any other they are those
    of the part from stock; a list for more than that is about both parts (see `_in_parts`).
    Raises: Invalid, TrackingRequired, SerialNotUnique, ExceedsQuantity, at `tracking`.
    """
    rows = values.get("tracking")
    if rows is None:
        return
    if line.item is None:
        raise Invalid(field="tracking", detail="Only items are tracked by lot or serial number.")
    if _is_made_in_full(line) and get_supplier().assign_numbers(line, rows):
        return
    most = _from_stock_base(line)
    if line.is_assembled_to_order and sum((row["quantity"] for row in rows), ZERO) > most:
        made, rows = _in_parts(line, rows)
        get_supplier().assign_numbers(line, made)
    tracking.assign(TrackedSource.SALES_LINE, line.pk, rows, item=line.item, most=most)


def _in_parts(
    line: SalesLine, rows: Sequence[TrackingValues]
) -> tuple[Sequence[TrackingValues], Sequence[TrackingValues]]:
    """Return the numbers of what is made for the line, and those of what leaves from stock.

    From stock leaves, in the order given, what lies there or was said to leave from there, as far as that part goes.
    """
    key = StockKey(line.item_id or "", line.variant_code, line.location_id or "")
    there = tracking.numbers_in_stock(key) | {
        (number.lot_no, number.serial_no)
        for number in tracking.load(TrackedSource.SALES_LINE, [line.pk]).get(line.pk, [])
    }
    made: list[TrackingValues] = []
    from_stock: list[TrackingValues] = []
    left = _from_stock_base(line)
    for row in rows:
        number = (row.get("lot_no") or "", row.get("serial_no") or "")
        if number in there and row["quantity"] <= left:
            left -= row["quantity"]
            from_stock.append(row)
        else:
            made.append(row)
    return made, from_stock


def numbers_of(line: ShownLine) -> tuple[Sequence[Mapping[str, str]], Decimal]:
    """Return the numbers that `assign_numbers` would replace, and how many base units they are for."""
    if _is_made_in_full(line) and line.assembly_no:
        return line.made_tracking, line.quantity_base
    return line.own_tracking, _from_stock_base(line)


def _is_made_in_full(line: SalesLine) -> bool:
    return line.qty_to_assemble_to_order_base == line.quantity_base


def _from_stock_base(line: SalesLine) -> Decimal:
    return line.quantity_base - line.qty_to_assemble_to_order_base


def stock_numbers(line: SalesLine) -> list[dict[str, Any]]:
    """Return the numbers of the part from stock, as values to assign them elsewhere. One statement, if tracked."""
    names = ("lot_no", "serial_no", "quantity", "quantity_to_handle")
    rows = tracking.load(TrackedSource.SALES_LINE, [line.pk] if _is_tracked(line) else []).get(line.pk, [])
    return [{name: getattr(row, name) for name in names} for row in rows]


def tracked_parts(lines: Sequence[SalesLine]) -> dict[int, tuple[str | None, Decimal]]:
    """Return item and part from stock (base units) of the lines that may have numbers, to be followed later."""
    return {line.pk: (line.item_id, _from_stock_base(line)) for line in lines if _is_tracked(line)}


def follow_lines(lines: Sequence[SalesLine], before: Mapping[int, tuple[str | None, Decimal]]) -> None:
    """Forget the numbers of lines that sell another item now, and trim those of which less leaves from stock (RES-12).

    `before`: what `tracked_parts` said of them. No statement where neither is the case.
    """
    known = [(line, *before[line.pk]) for line in lines if line.pk in before]
    tracking.forget(TrackedSource.SALES_LINE, [line.pk for line, item, _ in known if line.item_id != item])
    parts = {line.pk: _from_stock_base(line) for line, _, part in known if _from_stock_base(line) < part}
    trim(TrackedSource.SALES_LINE, parts)


def forget_numbers(lines: Sequence[SalesLine]) -> None:
    """Delete the numbers of lines that are deleted. One statement, none where no item is tracked."""
    tracking.forget(TrackedSource.SALES_LINE, [row.pk for row in lines if _is_tracked(row)])


def hand_on_numbers(copies: Sequence[SalesLine], sources: Sequence[SalesLine]) -> None:
    """Give lines the numbers of those that they copy, in order. Two statements, none without tracked items."""
    pairs = zip(copies, sources, strict=True)
    tracking.copy(TrackedSource.SALES_LINE, {copy.pk: row.pk for copy, row in pairs if _is_tracked(row)})


def _is_tracked(line: SalesLine) -> bool:
    return line.item is not None and line.item.item_tracking != ItemTracking.NONE
