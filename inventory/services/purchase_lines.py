"""One purchase line while values are applied to it, in memory: defaults, units, and what fixes its fields."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Min, QuerySet

from backoffice.exceptions import Invalid
from inventory.exceptions import AlreadyReceived, BelowReceivedQuantity, DateConflictWithReservation, Reserved
from inventory.lookups import ItemFacts, UnitFacts
from inventory.models import MovementSource, PlannedMovement, PurchaseLine, Reservation
from inventory.rounding import unit_amount
from inventory.services.entering import StockMasters, Values, enter_quantity, enter_unit, refuse_overflow

#: What a line is about: fixed once something of it has arrived or is reserved.
_SUBJECT = {"item": "item_id", "variant": "variant_code", "location": "location_id"}


def enter_line(line: PurchaseLine, values: Values, masters: StockMasters) -> None:
    """Apply values to a line, new or held under lock. Raises DomainError at the contract's field."""
    values = _without_unchanged(line, values)
    _refuse_fixed(line, values)
    if is_new(line) or "item" in values:
        _enter_item(line, values, masters)
    facts = masters.item({"item": line.item_id, "variant": values.get("variant", line.variant_code)})
    line.variant_code = values.get("variant", line.variant_code)
    if is_new(line) or "location" in values:
        line.location = masters.location(values)
    unit = _enter_unit(line, values, facts)
    _enter_quantity(line, values, facts, unit)
    _enter_cost(line, values, facts, unit)
    if is_new(line) or "expected_receipt_date" in values:
        _enter_date(line, values.get("expected_receipt_date") or masters.setup.today)
    if "description" in values:
        line.description = values["description"]


def enter_cost(line: PurchaseLine, unit_cost: Decimal) -> None:
    """State what one of the line's unit costs, also of an item that was blocked since. Raises: Invalid, OutOfRange."""
    if unit_cost < 0:
        raise Invalid(field="unit_cost", detail="This must not be negative.")
    refuse_overflow(line.quantity, unit_cost, field="unit_cost")
    line.unit_cost = unit_cost


def is_new(line: PurchaseLine) -> bool:
    """Return whether the line is not in the database yet."""
    return line._state.adding


def _without_unchanged(line: PurchaseLine, values: Values) -> dict[str, Any]:
    """Leave out what the line says already: sending a field back unchanged is no edit."""
    if is_new(line):
        return dict(values)
    columns = {**_SUBJECT, "unit_of_measure": "unit_of_measure_id"}
    return {name: value for name, value in values.items() if getattr(line, columns.get(name, name), None) != value}


def _refuse_fixed(line: PurchaseLine, values: Values) -> None:
    if is_new(line):
        return
    touched = [name for name in (*_SUBJECT, "unit_of_measure") if name in values]
    if touched and line.quantity_received:
        raise AlreadyReceived(field=touched[0], line_no=line.line_no, quantity=line.quantity_received)
    if touched and touched != ["unit_of_measure"]:
        reserved = _movement_of(line).values_list("reserved_quantity", flat=True).first()
        if reserved:
            raise Reserved(field=touched[0], reserved=reserved)


def _movement_of(line: PurchaseLine) -> QuerySet[PlannedMovement]:
    return PlannedMovement.objects.filter(source_kind=MovementSource.PURCHASE_ORDER_LINE, source_id=line.pk)


def _enter_item(line: PurchaseLine, values: Values, masters: StockMasters) -> None:
    facts = masters.item(values)
    line.item = facts.item
    line.variant_code = ""
    line.description = facts.item.description
    line.unit_of_measure_id = ""


def _enter_unit(line: PurchaseLine, values: Values, facts: ItemFacts) -> UnitFacts:
    """The line copies the factor of its unit; later changes of the card do not reach it (DM-17)."""
    if line.unit_of_measure_id and "unit_of_measure" not in values:
        known = facts.units.get(line.unit_of_measure_id)
        return UnitFacts(
            code=line.unit_of_measure_id,
            factor=line.qty_per_unit_of_measure,
            precision=known.precision if known else facts.base_precision,
        )
    unit = enter_unit(values, facts)
    line.unit_of_measure_id, line.qty_per_unit_of_measure = unit.code, unit.factor
    return unit


def _enter_quantity(line: PurchaseLine, values: Values, facts: ItemFacts, unit: UnitFacts) -> None:
    if not is_new(line) and not {"quantity", "unit_of_measure", "item"} & values.keys():
        return
    given = {"quantity": line.quantity, **values} if not is_new(line) else values
    quantity, base = enter_quantity(given, facts, unit)
    if quantity < line.quantity_received or base < line.quantity_received_base:
        raise BelowReceivedQuantity(field="quantity", quantity=quantity, minimum=line.quantity_received)
    line.quantity, line.quantity_base = quantity, base


def _enter_cost(line: PurchaseLine, values: Values, facts: ItemFacts, unit: UnitFacts) -> None:
    """The cost of one of the line's unit: given, or the item's."""
    cost = values.get("unit_cost", line.unit_cost)
    if "unit_cost" not in values and (is_new(line) or {"item", "unit_of_measure"} & values.keys()):
        refuse_overflow(facts.item.unit_cost, unit.factor, field="unit_cost")
        cost = unit_amount(facts.item.unit_cost * unit.factor)
    enter_cost(line, cost)


def _enter_date(line: PurchaseLine, day: dt.date) -> None:
    """Supply that is reserved comes no later than the first demand that it is reserved for (RES-12)."""
    if not is_new(line) and day > line.expected_receipt_date:
        earliest = Reservation.objects.filter(
            supply__source_kind=MovementSource.PURCHASE_ORDER_LINE, supply__source_id=line.pk
        ).aggregate(day=Min("demand__due_date"))["day"]
        if earliest is not None and earliest < day:
            raise DateConflictWithReservation(field="expected_receipt_date", needed_on=earliest, available_on=day)
    line.expected_receipt_date = day
