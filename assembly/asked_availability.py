"""What there is for a quantity that no document asks for yet: the figures of AVL-11 to AVL-15 before a line is stored.

Read only. The assembly order that the line would have is made in memory, of the bill of materials, by the very rules
that make the stored one (AVL-23); nothing of it is in the plan, so nothing of its own is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembly.ability import Ability, assess
from assembly.availability import lead_times, need_of, stock_key
from assembly.header_entry import HeaderEntry, HeaderMasters
from assembly.line_promises import InUnit
from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyLine
from assembly.promise import promise
from assembly.revision import Revision
from backoffice.exceptions import Invalid, Required
from inventory.availability.outlook import Figures
from inventory.availability.reading import Outlooks, load_outlooks
from inventory.bom_graph import ItemKey
from inventory.locks import StockKey
from inventory.lookups import current_setup, load_boms, load_items, load_locations
from inventory.models import Setup
from inventory.rounding import ZERO, from_base

#: What is asked: item, quantity; variant, location, unit_of_measure, due_date.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAvailability:
    """The answer. `document` and the lines are in memory alone; `figures`: of its item at its due date, base units."""

    document: AssemblyDocument
    components: Mapping[int, AssemblyLine]
    figures: Figures
    ability: Ability

    def in_unit(self, quantity_base: Decimal) -> Decimal:
        """Return a base quantity in the unit that was asked in."""
        return from_base(quantity_base, factor=self.document.qty_per_unit_of_measure)


def asked_availability(values: Values, *, for_sale: bool = False) -> AskedAvailability:
    """Answer for a quantity of an item: at the setup's location, today, and in its base unit unless that is given.

    for_sale: in the unit that it is sold in unless another is given, as a sales line would be. Raises: Required,
    NotFound, Invalid, Blocked at the field. As many statements for many components and levels as for one.
    """
    setup = current_setup()
    revision = _in_memory(values, setup, for_sale=for_sale)
    document = revision.document
    if document.quantity <= ZERO:
        raise Invalid(field="quantity", detail="The quantity must be greater than zero.")
    components = {line.line_no: line for line in revision.lines if line.item is not None and line.item.is_inventoriable}
    key = StockKey(document.item_id, document.variant_code, document.location_id)
    outlooks = load_outlooks({key, *(stock_key(line) for line in components.values())})
    return AskedAvailability(
        document=document,
        components=components,
        figures=outlooks.of(key).figures(document.due_date, look_ahead_days=setup.check_avail_period_days),
        ability=_ability(document, list(components.values()), outlooks, setup),
    )


def promise_asked(asked: AskedAvailability) -> InUnit:
    """Promise the quantity that was asked for."""
    document = asked.document
    found = promise(
        item=ItemKey(document.item_id, document.variant_code),
        location=document.location_id,
        quantity=document.quantity_base,
        setup=current_setup(),
    )
    return InUnit(promise=found, factor=document.qty_per_unit_of_measure)


def _in_memory(values: Values, setup: Setup, *, for_sale: bool) -> Revision:
    """Return the assembly order that a line of these values would have."""
    no = values.get("item") or ""
    if not no:
        raise Required(field="item")
    items = load_items({no}, variants=True)
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if for_sale and no in items:
        given.setdefault("unit_of_measure", items[no].item.sales_unit_of_measure_id)
    locations = load_locations({given.get("location")})
    if setup.default_location is not None:
        locations[setup.default_location.code] = setup.default_location
    revision = Revision(
        AssemblyDocument(document_type=AssemblyDocumentType.ORDER, posting_date=setup.today), [], setup=setup
    )
    masters = HeaderMasters(items=items, bom=load_boms({no})[no], locations=locations)
    HeaderEntry(revision, masters=masters, link=None).apply(
        {"location": setup.default_location_id, "due_date": setup.today, "quantity": None, **given}
    )
    return revision


def _ability(document: AssemblyDocument, lines: list[AssemblyLine], outlooks: Outlooks, setup: Setup) -> Ability:
    item = document.item
    return assess(
        [need_of(line, line.quantity_base, outlooks.of(stock_key(line))) for line in lines],
        remaining=document.quantity,
        lead_times=lead_times(assembly=item.lead_time_days, safety=item.safety_lead_time_days, setup=setup),
        look_ahead_days=setup.check_avail_period_days,
    )
