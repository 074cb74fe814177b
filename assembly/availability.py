"""What the components of assembly documents allow: the figures of AVL-11 to AVL-20 for documents as they are shown.

Read only. Many documents cost as many statements as one: the settings, and one for stock and plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects

from assembly.ability import Ability, Need, assess
from assembly.dates import LeadTimes
from assembly.models import AssemblyDocument, AssemblyLine
from assembly.reading import shown_lines
from backoffice.notices import Notice
from inventory.availability.outlook import DayFlow, Figures, Outlook
from inventory.availability.reading import Outlooks, load_outlooks
from inventory.locks import StockKey
from inventory.lookups import current_setup
from inventory.models import ItemType, Setup
from inventory.rounding import ZERO, from_base

if TYPE_CHECKING:
    from assembly.reading import ShownDocument, ShownLine

#: WRN-01: less can be assembled than remains.
TOO_FEW_COMPONENTS = "too_few_components"
#: WRN-03: a component line is short.
COMPONENT_SHORT = "component_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAvailability:
    """The figures of one order (AVL-11), in its unit but for `figures`, which are base units of its item."""

    document: ShownDocument
    figures: Figures
    ability: Ability

    def in_unit(self, quantity_base: Decimal) -> Decimal:
        """Return a base quantity in the document's unit."""
        return from_base(quantity_base, factor=self.document.qty_per_unit_of_measure)


def attach(documents: Sequence[ShownDocument]) -> None:
    """Set `ability` on documents as they are shown, and `avail_warning` on their lines, which are loaded if need be."""
    if not documents:
        return
    prefetch_related_objects(documents, Prefetch("lines", queryset=shown_lines()))
    setup = current_setup()
    outlooks = load_outlooks({stock_key(line) for document in documents for line in components(document)})
    for document in documents:
        document.ability = _assess(document, outlooks, setup)
        mark(document, document.ability, setup)


def mark(document: ShownDocument, ability: Ability, setup: Setup) -> None:
    """Set `avail_warning` on the lines of a document: short, and the setup wants to be warned (AVL-20)."""
    short = {line.need.line_no for line in ability.lines if line.is_short}
    for line in _lines(document):
        line.avail_warning = setup.stockout_warning and line.line_no in short


def attach_to_lines(document: AssemblyDocument, lines: Sequence[ShownLine]) -> None:
    """Set `avail_warning` on some lines of one document. Two statements."""
    setup = current_setup()
    counted = [line for line in lines if line.item_type == ItemType.INVENTORY]
    outlooks = load_outlooks({stock_key(line) for line in counted})
    short = set()
    for line in counted:
        need = _need(document, line, outlooks)
        if ZERO < need.remaining_base > need.outlook.figures(need.due_date).available:
            short.add(line.line_no)
    for line in lines:
        line.avail_warning = setup.stockout_warning and line.line_no in short


def order_availability(document: ShownDocument) -> OrderAvailability:
    """Return all figures of one document at its due date, its own supply left out. Its lines are loaded if need be."""
    prefetch_related_objects([document], Prefetch("lines", queryset=shown_lines()))
    setup = current_setup()
    key = StockKey(document.item_id, document.variant_code, document.location_id)
    outlooks = load_outlooks({key, *(stock_key(line) for line in components(document))})
    around = outlooks.of(key).without_supply(_own_supply(document))
    ability = _assess(document, outlooks, setup)
    mark(document, ability, setup)
    return OrderAvailability(
        document=document,
        figures=around.figures(document.due_date, look_ahead_days=setup.check_avail_period_days),
        ability=ability,
    )


def notices(document: ShownDocument) -> list[Notice]:
    """Return the warnings that an edit of the document deserves (WRN-01, WRN-03); its ability is attached."""
    found = line_notices(document, list(_lines(document)))
    if found and document.ability.is_short:
        found.insert(0, _document_notice(document))
    return found


def line_notices(document: AssemblyDocument, lines: Sequence[ShownLine]) -> list[Notice]:
    """Return the warnings that an edit of these lines deserves (WRN-03). Only orders warn (AVL-21)."""
    return [_line_notice(line) for line in lines if line.avail_warning] if document.is_order else []


def lead_times(*, assembly: int, safety: int | None, setup: Setup) -> LeadTimes:
    """Return an item's lead times; without a safety lead time of its own the setup's counts."""
    return LeadTimes(assembly=assembly, safety=setup.default_safety_lead_time_days if safety is None else safety)


def _assess(document: ShownDocument, outlooks: Outlooks, setup: Setup) -> Ability:
    return assess(
        [_need(document, line, outlooks) for line in components(document)],
        remaining=document.remaining_quantity,
        lead_times=lead_times(
            assembly=document.item_lead_time_days, safety=document.item_safety_lead_time_days, setup=setup
        ),
        look_ahead_days=setup.check_avail_period_days,
    )


def _lines(document: ShownDocument) -> Iterable[ShownLine]:
    return document.lines.all()  # type: ignore[return-value]  # prefetched as `shown_lines` reads them


def components(document: ShownDocument) -> list[ShownLine]:
    """Return the document's lines of inventory items."""
    return [line for line in _lines(document) if line.item_type == ItemType.INVENTORY]


def stock_key(line: AssemblyLine) -> StockKey:
    """Return what a component line takes from."""
    assert line.item_id is not None
    assert line.location_id is not None
    return StockKey(line.item_id, line.variant_code, line.location_id)


def _need(document: AssemblyDocument, line: ShownLine, outlooks: Outlooks) -> Need:
    """Return what the line needs: what is left of it."""
    outlook = outlooks.of(stock_key(line)).without_demand(own_demand(document, line))
    return need_of(line, _remaining_base(document, line), outlook)


def need_of(line: AssemblyLine, remaining_base: Decimal, outlook: Outlook) -> Need:
    """Return what a component line needs, in the terms of what there is of it."""
    assert line.due_date is not None
    return Need(
        line_no=line.line_no,
        quantity_per=line.quantity_per,
        factor=line.qty_per_unit_of_measure,
        remaining_base=remaining_base,
        due_date=line.due_date,
        offset_days=line.lead_time_offset_days,
        outlook=outlook,
    )


def own_demand(document: AssemblyDocument, line: ShownLine) -> DayFlow | None:
    """Return what a component line itself asks for and has reserved; None where it asks for nothing."""
    assert line.due_date is not None
    remaining = _remaining_base(document, line)
    if not document.is_order or not remaining:
        return None
    return DayFlow(date=line.due_date, gross_requirement=remaining, reserved_requirement=line.reserved_base)


def _remaining_base(document: AssemblyDocument, line: ShownLine) -> Decimal:
    # A document that is assembled in full asks for nothing more, whatever its lines have left (TRP-13).
    return line.remaining_quantity_base if document.remaining_quantity else ZERO


def _own_supply(document: ShownDocument) -> DayFlow | None:
    """Return what of the order itself is left out of its figures (AVL-11).

    What is reserved of it is not: its demand is among the requirements, and both sides cancel out (AVL-03).
    """
    if not document.is_order:
        return None
    return DayFlow(date=document.due_date, scheduled_receipt=document.remaining_quantity_base - document.reserved_base)


def _document_notice(document: ShownDocument) -> Notice:
    ability = document.ability
    return Notice(
        code=TOO_FEW_COMPONENTS,
        detail=f"The components of {document.no} do not allow all that remains to be assembled.",
        figures={
            "able_to_assemble": ability.able_to_assemble,
            "remaining_quantity": ability.remaining,
            "earliest_date": ability.earliest_date,
        },
    )


def _line_notice(line: ShownLine) -> Notice:
    return Notice(
        code=COMPONENT_SHORT,
        detail=f"{line.item_id} is short on {line.due_date}.",
        line_no=line.line_no,
        figures={"item": line.item_id, "remaining_quantity": line.remaining_quantity, "due_date": line.due_date},
    )
