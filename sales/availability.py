"""What there is for sales lines: the figures and the warning of AVL-22 and AVL-23.

Read only. The lines are as `sales.reading.shown_lines` reads them; many cost as many statements as one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice.notices import Notice
from inventory.availability.outlook import DayFlow, Outlook
from inventory.availability.reading import load_outlooks
from inventory.locks import StockKey
from inventory.lookups import current_setup
from inventory.models import ItemType, Setup
from inventory.rounding import ZERO, from_base
from sales.made_to_order import MakingAbility, get_supplier
from sales.models import SalesDocument

if TYPE_CHECKING:
    from sales.reading import ShownLine

#: WRN-01: the assembled part of a line lacks components.
TOO_FEW_COMPONENTS = "too_few_components"
#: WRN-02: the part of a line that comes from stock is short.
NOT_ENOUGH_AVAILABLE = "not_enough_available"
#: Fields of a line whose edit looks at what there is.
LOOKS = frozenset(
    {
        "type",
        "no",
        "variant",
        "location",
        "unit_of_measure",
        "quantity",
        "qty_to_assemble_to_order",
        "shipment_date",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAvailability:
    """What there is for one line on its shipment date, in its unit.

    available: free of all reservations, the line's own demand counted as well. missing: of the part from stock.
    free: for the part from stock: neither the line's own demand nor what is assembled for it counts.
    able_to_assemble: None where nothing is assembled to order. earliest_date: when all of the line could leave; None
    where nothing is missing, or where it never could with what is known.
    """

    available: Decimal
    on_hand: Decimal
    missing: Decimal
    free: Decimal
    able_to_assemble: Decimal | None
    to_assemble: Decimal
    earliest_date: dt.date | None
    lacks_components: bool
    #: Whether of something that is missing, or that it is made of, nothing is known that brings it.
    lacks_for_good: bool
    warning: bool


def attach(document: SalesDocument, lines: Sequence[ShownLine]) -> None:
    """Set `availability` on lines of one document: None on what is not kept in stock.

    Three statements at most: the settings, what is assembled to order, stock and plan.
    """
    _attach(lines, is_order=document.is_order)


def attach_to_orders(lines: Sequence[ShownLine]) -> None:
    """Set `availability` on lines of any number of orders, with the statements of one (see `attach`)."""
    _attach(lines, is_order=True)


def _attach(lines: Sequence[ShownLine], *, is_order: bool) -> None:
    for line in lines:
        line.availability = None
    counted = [line for line in lines if line.item_type == ItemType.INVENTORY and line.location_id is not None]
    if not counted:
        return
    setup = current_setup()
    making = get_supplier().abilities(counted)
    outlooks = load_outlooks({_key(line) for line in counted} | making.stock_keys)
    abilities = making.assess(outlooks, setup=setup)
    for line in counted:
        line.availability = _availability(
            line, outlooks.of(_key(line)), abilities.get(line.pk), setup=setup, is_order=is_order
        )


def notices(lines: Iterable[ShownLine]) -> list[Notice]:
    """Return the warnings that an edit of these lines deserves (WRN-01, WRN-02); they inform and never block."""
    found: list[Notice] = []
    for line in lines:
        seen = line.availability
        if seen is None or not seen.warning:
            continue
        if seen.missing:
            found.append(_stock_notice(line, seen))
        if seen.lacks_components:
            found.append(_component_notice(line, seen))
    return found


def _availability(
    line: ShownLine, outlook: Outlook, ability: MakingAbility | None, *, setup: Setup, is_order: bool
) -> LineAvailability:
    assert line.shipment_date is not None
    days, factor = setup.check_avail_period_days, line.qty_per_unit_of_measure
    figures = outlook.figures(line.shipment_date, look_ahead_days=days)
    others = _without_own(outlook, line) if is_order else outlook
    there = others.figures(line.shipment_date, look_ahead_days=days).available
    outstanding = line.outstanding_quantity_base
    missing = ZERO if line.is_fully_assembled_to_order else max(outstanding - there, ZERO)
    lacks = ability is not None and ability.is_short
    to_assemble = ZERO if ability is None else ability.remaining
    from_stock = others.earliest_date(needed=outstanding, start=line.shipment_date) if missing else None
    return LineAvailability(
        available=from_base(figures.available, factor=factor),
        on_hand=from_base(figures.on_hand, factor=factor),
        missing=from_base(missing, factor=factor),
        free=max(from_base(there, factor=factor) - to_assemble, ZERO),
        able_to_assemble=None if ability is None else ability.able_to_assemble,
        to_assemble=to_assemble,
        earliest_date=_latest(
            from_stock,
            ability.earliest_date if ability is not None else None,
            is_missing=bool(missing),
        ),
        lacks_components=lacks,
        lacks_for_good=bool(missing and from_stock is None) or (ability is not None and ability.lacks_for_good),
        warning=is_order and setup.stockout_warning and (bool(missing) or lacks),
    )


def _latest(from_stock: dt.date | None, assembled: dt.date | None, *, is_missing: bool) -> dt.date | None:
    """Return the day on which both parts are there; stock that is missing for good leaves none."""
    if is_missing and from_stock is None:
        return None
    return max((date for date in (from_stock, assembled) if date is not None), default=None)


def _key(line: ShownLine) -> StockKey:
    assert line.item_id is not None
    assert line.location_id is not None
    return StockKey(line.item_id, line.variant_code, line.location_id)


def _without_own(outlook: Outlook, line: ShownLine) -> Outlook:
    """Leave the line's demand out; its reservations, that of its assembly too, count as supply (AVL-22)."""
    if not line.outstanding_quantity_base:
        return outlook
    assert line.shipment_date is not None
    own = DayFlow(
        date=line.shipment_date,
        gross_requirement=line.outstanding_quantity_base,
        reserved_requirement=line.reserved_base,
    )
    return outlook.without_demand(own)


def _stock_notice(line: ShownLine, seen: LineAvailability) -> Notice:
    return Notice(
        code=NOT_ENOUGH_AVAILABLE,
        detail=f"{line.item_id} is short on {line.shipment_date}.",
        line_no=line.line_no,
        figures={
            "item": line.item_id,
            "available": seen.available,
            "missing": seen.missing,
            "earliest_date": seen.earliest_date,
        },
    )


def _component_notice(line: ShownLine, seen: LineAvailability) -> Notice:
    return Notice(
        code=TOO_FEW_COMPONENTS,
        detail=f"The components of {line.item_id} do not allow all that is to be assembled by {line.shipment_date}.",
        line_no=line.line_no,
        figures={
            "item": line.item_id,
            "able_to_assemble": seen.able_to_assemble,
            "remaining_quantity": seen.to_assemble,
            "earliest_date": seen.earliest_date,
        },
    )
