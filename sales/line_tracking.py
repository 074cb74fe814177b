"""Lots and serial numbers of sales lines: of what is made for them, or of the part from stock (RES-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice.exceptions import Invalid
from inventory.models import ItemTracking, TrackedSource
from inventory.services import tracking
from sales.made_to_order import get_supplier
from sales.masters import LineValues
from sales.models import SalesLine

if TYPE_CHECKING:
    from sales.reading import ShownLine


def assign_numbers(line: SalesLine, values: LineValues) -> None:
    """Assign the lots and serial numbers that the values name, if they do.

    On a line that is assembled to order in full they are those of its assembly document; on any other those of the
    part from stock. Raises: Invalid, TrackingRequired, SerialNotUnique, ExceedsQuantity, at `tracking`.
    """
    rows = values.get("tracking")
    if rows is None:
        return
    if line.item is None:
        raise Invalid(field="tracking", detail="Only items are tracked by lot or serial number.")
    if _is_made_in_full(line) and get_supplier().assign_numbers(line, rows):
        return
    tracking.assign(TrackedSource.SALES_LINE, line.pk, rows, item=line.item, most=_from_stock_base(line))


def numbers_of(line: ShownLine) -> tuple[Sequence[Mapping[str, str]], Decimal]:
    """Return the numbers that `assign_numbers` would replace, and how many base units they are for."""
    if _is_made_in_full(line) and line.assembly_no:
        return line.made_tracking, line.quantity_base
    return line.own_tracking, _from_stock_base(line)


def _is_made_in_full(line: SalesLine) -> bool:
    return line.qty_to_assemble_to_order_base == line.quantity_base


def _from_stock_base(line: SalesLine) -> Decimal:
    return line.quantity_base - line.qty_to_assemble_to_order_base


def forget_numbers(lines: Sequence[SalesLine]) -> None:
    """Delete the numbers of lines that are deleted. One statement, none where no item is tracked."""
    tracked = [row.pk for row in lines if row.item is not None and row.item.item_tracking != ItemTracking.NONE]
    tracking.forget(TrackedSource.SALES_LINE, tracked)
