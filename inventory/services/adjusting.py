"""Correct what is in stock: positive and negative adjustments, posted at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from backoffice.exceptions import DomainError, Invalid, raise_all
from backoffice.transactions import act
from inventory.lookups import UnitFacts
from inventory.models import Item, LedgerEntryType
from inventory.rounding import amount
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.entering import StockMasters, Values, enter_quantity, enter_unit, refuse_overflow
from inventory.services.ledger import EntryPosting, PostedEntry, post_entries


@act
def post_adjustments(rows: Sequence[Values], *, paths: Sequence[str] | None = None) -> list[PostedEntry]:
    """Post the adjustments, all or none, and return their entries in the order given.

    `quantity` and `unit_cost` are in and for the row's unit. A positive adjustment without a unit cost costs
    what the item's card says. `paths`: what to put before the field of a refusal, row by row.

    Raises: Required, Invalid, NotFound, Blocked, QuantityRoundsToZero (every faulty row at once),
    NotEnoughInventory, TrackingRequired, SerialNotUnique. Locks: stock balances (level 8).
    """
    prefixes = paths if paths is not None else [""] * len(rows)
    masters = StockMasters.load(rows)
    postings: list[EntryPosting] = []
    errors: list[DomainError] = []
    for values, prefix in zip(rows, prefixes, strict=True):
        try:
            postings.append(_posting(values, masters, prefix))
        except DomainError as error:
            errors.append(error.at(prefix) if prefix else error)
    raise_all(errors)
    posted = post_entries(postings)
    adjust_costs(entries=posted)
    return posted


def _posting(values: Values, masters: StockMasters, prefix: str) -> EntryPosting:
    is_positive = values["entry_type"] == LedgerEntryType.POSITIVE_ADJUSTMENT
    facts = masters.item(values)
    location = masters.location(values)
    unit = enter_unit(values, facts)
    quantity, base = enter_quantity(values, facts, unit)
    unit_cost = _unit_cost(values, facts.item, unit, is_positive=is_positive)
    refuse_overflow(quantity, unit_cost, field="unit_cost")
    return EntryPosting(
        entry_type=values["entry_type"],
        item=facts.item,
        variant_code=values.get("variant", ""),
        location_id=location.code,
        bin_code=masters.bin_code(values, location),
        quantity=base if is_positive else -base,
        cost_amount=amount(quantity * unit_cost) if is_positive else None,
        posting_date=values.get("posting_date") or masters.setup.today,
        lot_no=values.get("lot_no", ""),
        serial_no=values.get("serial_no", ""),
        field=f"{prefix}.quantity" if prefix else "quantity",
    )


def _unit_cost(values: Values, item: Item, unit: UnitFacts, *, is_positive: bool) -> Decimal:
    """Return the cost of one of the row's unit: given, or the item's."""
    given: Decimal | None = values.get("unit_cost")
    if given is None:
        return item.unit_cost * unit.factor
    if not is_positive:
        raise Invalid(field="unit_cost", detail="What leaves the stock costs what the costing method says.")
    if given < 0:
        raise Invalid(field="unit_cost", detail="This must not be negative.")
    return given
