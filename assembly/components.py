"""The lines of an assembly document, in memory: where they come from and what their quantities are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assembly import quantities
from assembly.dates import component_due_date
from assembly.models import AssemblyDocument, AssemblyLine
from backoffice.exceptions import Blocked
from inventory.lookups import BomRow, ItemFacts, UnitFacts
from inventory.models import BomLineType, CostingMethod, Item, ItemVariant, Location, Resource, ResourceUsage
from inventory.rounding import (
    ONE,
    QUANTITY_PRECISION,
    ZERO,
    base_quantity,
    round_quantity,
    unit_amount,
)

#: The distance between line numbers that are given out.
LINE_STEP = 10000


def line_from_bom(row: BomRow, document: AssemblyDocument, *, line_no: int) -> AssemblyLine:
    """Make a document line of a line of the bill of materials (QTY-11, QTY-12). Blocked components refuse."""
    line = AssemblyLine(
        document=document,
        line_no=line_no,
        type=row.line.type,
        description=row.line.description,
        position=row.line.position,
    )
    if row.line.type == BomLineType.ITEM:
        assert row.line.item is not None
        if row.variant_blocked:
            raise Blocked(what="Component variant", key=f"{row.line.item_id} {row.line.variant_code}")
        line.variant_code = row.line.variant_code
        line.lead_time_offset_days = row.line.lead_time_offset_days
        unit = UnitFacts(
            code=row.line.unit_of_measure_id or row.line.item.base_unit_of_measure_id,
            factor=row.unit_factor,
            precision=row.unit_precision,
        )
        _fill_item(line, row.line.item, unit, row.base_precision, row.variant_description)
    elif row.line.type == BomLineType.RESOURCE:
        assert row.line.resource is not None
        fill_resource(line, row.line.resource)
        line.resource_usage_type = row.line.resource_usage_type or ResourceUsage.DIRECT
    line.quantity_per = quantities.header_quantity_per(
        bom_quantity_per=row.line.quantity_per,
        header_factor=document.qty_per_unit_of_measure,
        fixed=line.is_fixed,
    )
    rescale(line, document)
    if document.assembled_quantity:
        count_consumed(line, document)
    return line


def fill_item(line: AssemblyLine, facts: ItemFacts, variant: ItemVariant | None, unit_code: str = "") -> None:
    """Make the line one for this item, in this unit of it, or its base unit (EDT-10). Blocked ones refuse."""
    if variant is not None and variant.blocked:
        raise Blocked(field="variant", what="Variant", key=variant.code)
    line.variant_code = variant.code if variant else ""
    line.description = ""
    unit = facts.unit(unit_code or facts.item.base_unit_of_measure_id)
    _fill_item(line, facts.item, unit, facts.base_precision, variant.description if variant else "")


def _fill_item(
    line: AssemblyLine, item: Item, unit: UnitFacts, base_precision: Decimal, variant_description: str
) -> None:
    if item.blocked:
        raise Blocked(field="no", what="Component", key=item.no)
    document = line.document
    line.item, line.resource, line.resource_usage_type = item, None, ResourceUsage.NONE
    line.description = line.description or variant_description or item.description
    line.location = document.location
    line.bin_code = component_bin(document.location) if item.is_inventoriable else ""
    line.due_date = component_due_date(starting=document.starting_date, offset_days=line.lead_time_offset_days)
    line.reserve = item.reserve
    line.qty_rounding_precision_base = base_precision
    take_unit(line, unit)


def fill_resource(line: AssemblyLine, resource: Resource) -> None:
    """Make the line one for this resource, used with the quantity unless said otherwise. Blocked ones refuse."""
    if resource.blocked:
        raise Blocked(field="no", what="Resource", key=resource.no)
    line.resource, line.item, line.variant_code, line.bin_code = resource, None, "", ""
    line.location, line.due_date, line.lead_time_offset_days = None, None, 0
    line.description = line.description or resource.name
    line.resource_usage_type = ResourceUsage.DIRECT
    line.qty_rounding_precision_base = QUANTITY_PRECISION
    take_unit(line, UnitFacts(code=resource.base_unit_of_measure_id, factor=ONE, precision=ZERO))


def take_unit(line: AssemblyLine, unit: UnitFacts) -> None:
    """Count the line in another unit: the number stays, unit cost and base quantities follow (QTY-30)."""
    line.unit_of_measure_id = unit.code
    line.qty_per_unit_of_measure, line.qty_rounding_precision = unit.factor, unit.precision
    line.unit_cost = unit_amount(_cost_of(line) * unit.factor)


def _cost_of(line: AssemblyLine) -> Decimal:
    if line.item is not None:
        standard = line.item.costing_method == CostingMethod.STANDARD
        return line.item.standard_cost if standard else line.item.unit_cost
    return line.resource.unit_cost if line.resource is not None else ZERO


def component_bin(location: Location) -> str:
    """WHS-02: components are laid out in the to-assembly bin, else in the default bin."""
    return (location.to_assembly_bin or location.default_bin) if location.bin_mandatory else ""


def rescale(line: AssemblyLine, document: AssemblyDocument) -> None:
    """Work out what the document's quantity needs of the line, and what of it is consumed next (QTY-13)."""
    if line.is_text:
        return
    line.quantity = quantities.component_quantity(
        quantity_per=line.quantity_per,
        header_quantity=document.quantity,
        precision=line.qty_rounding_precision,
        fixed=line.is_fixed,
    )
    line.quantity_base = base_of(line, line.quantity)
    line.cost_amount = quantities.cost_amount(quantity=line.quantity, unit_cost=line.unit_cost)
    propose_consumption(line, document)


def propose_consumption(line: AssemblyLine, document: AssemblyDocument) -> None:
    """Propose what the next posting consumes (QTY-16, QTY-17)."""
    take_consumption(
        line,
        quantities.proposed_consumption(
            quantity=line.quantity,
            remaining=line.remaining_quantity,
            header_quantity=document.quantity,
            quantity_to_assemble=document.quantity_to_assemble,
            precision=line.qty_rounding_precision,
            fixed=line.is_fixed,
        ),
    )


def take_consumption(line: AssemblyLine, quantity: Decimal) -> None:
    """Consume this much with the next posting; all that remains of it takes all that remains in base units."""
    line.quantity_to_consume = quantity
    line.quantity_to_consume_base = (
        line.remaining_quantity_base
        if quantity == line.remaining_quantity
        else min(base_of(line, quantity), line.remaining_quantity_base)
    )


def base_of(line: AssemblyLine, quantity: Decimal) -> Decimal:
    """Return a quantity of the line in base units (QTY-03)."""
    return base_quantity(quantity, factor=line.qty_per_unit_of_measure, precision=line.qty_rounding_precision_base)


def count_consumed(line: AssemblyLine, document: AssemblyDocument) -> None:
    """Count the share of what is assembled as consumed, at the line's own quantity per (QTY-19)."""
    if not line.is_text:
        _take_consumed(line, document, _share_of(line, document.assembled_quantity))


def count_progress(line: AssemblyLine, document: AssemblyDocument, *, before: Decimal) -> None:
    """Count as consumed what the progress from `before` takes, at the quantity per as it is now (BLK-21).

    What was counted earlier stays as it was counted, and progress that is taken back takes away what it added.
    """
    if line.is_text:
        return
    grown = _share_of(line, document.assembled_quantity) - _share_of(line, before)
    _take_consumed(line, document, max(line.consumed_quantity + grown, ZERO) if document.assembled_quantity else ZERO)


def _share_of(line: AssemblyLine, assembled: Decimal) -> Decimal:
    return quantities.component_quantity(
        quantity_per=line.quantity_per,
        header_quantity=assembled,
        precision=line.qty_rounding_precision,
        fixed=line.is_fixed,
    )


def _take_consumed(line: AssemblyLine, document: AssemblyDocument, consumed: Decimal) -> None:
    line.consumed_quantity = consumed
    line.consumed_quantity_base = base_of(line, consumed)
    propose_consumption(line, document)


def refresh_cost(line: AssemblyLine) -> None:
    """Take what the component or resource costs today (LNK-46)."""
    line.unit_cost = unit_amount(_cost_of(line) * line.qty_per_unit_of_measure)
    line.cost_amount = quantities.cost_amount(quantity=line.quantity, unit_cost=line.unit_cost)


def exploded_quantity_per(bom_quantity_per: Decimal, parent_quantity_per_base: Decimal) -> Decimal:
    """PRC-21: what one of the document's unit needs of a component's component."""
    return round_quantity(bom_quantity_per * parent_quantity_per_base)


def due_date_of(line: AssemblyLine, document: AssemblyDocument) -> dt.date:
    """When the component has to be there: at the document's start, less the line's offset (LNK-60)."""
    return component_due_date(starting=document.starting_date, offset_days=line.lead_time_offset_days)
