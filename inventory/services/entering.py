"""What adjustments and purchase lines have in common: an item, where it lies, and how much of it in which unit.

Looks up and checks; writes nothing. Refusals name the contract's field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.exceptions import Blocked, Invalid, NotFound, OutOfRange, Required
from inventory.exceptions import QuantityRoundsToZero
from inventory.lookups import ItemFacts, UnitFacts, current_setup, load_items, load_locations
from inventory.models import Bin, Location, Setup
from inventory.rounding import LIMIT, QUANTITY_PRECISION, base_quantity, fits

#: What a client may say of a row: contract field names, parsed values.
Values = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class StockMasters:
    """The master data that a list of rows refers to."""

    setup: Setup
    items: dict[str, ItemFacts]
    locations: dict[str, Location]
    bins: set[tuple[str, str]]

    @classmethod
    def load(cls, rows: Sequence[Values], *, setup: Setup | None = None) -> StockMasters:
        """Load what the rows name, each kind in one statement."""
        setup = setup or current_setup()
        locations = load_locations({row.get("location") for row in rows})
        if setup.default_location is not None:
            locations[setup.default_location.code] = setup.default_location
        return cls(
            setup=setup,
            items=load_items({str(row.get("item") or "") for row in rows}, variants=True),
            locations=locations,
            bins=_load_bins({row["bin"] for row in rows if row.get("bin")}),
        )

    def item(self, values: Values) -> ItemFacts:
        """Return the row's item, kept in inventory and not blocked, its variant neither."""
        no = values.get("item")
        if not no:
            raise Required(field="item")
        facts = self.items.get(no)
        if facts is None:
            raise NotFound(field="item", what="Item", key=no)
        if not facts.item.is_inventoriable:
            raise Invalid(field="item", detail=f"{no} is not kept in inventory.")
        if facts.item.blocked:
            raise Blocked(field="item", what="Item", key=no)
        variant = facts.variant(values.get("variant", ""))
        if variant is not None and variant.blocked:
            raise Blocked(field="variant", what=f"Variant {variant.code} of item", key=no)
        return facts

    def location(self, values: Values) -> Location:
        """Return the row's location, or the default one where it names none."""
        code = values.get("location") or self.setup.default_location_id
        if not code:
            raise Required(field="location")
        if code not in self.locations:
            raise NotFound(field="location", what="Location", key=code)
        return self.locations[code]

    def bin_code(self, values: Values, location: Location) -> str:
        """Return the row's bin: the one it names, the location's default, or "" where bins are not kept."""
        code: str = values.get("bin") or ""
        if code and (location.code, code) not in self.bins:
            raise NotFound(field="bin", what=f"Bin at location {location.code}", key=code)
        if code or not location.bin_mandatory:
            return code
        if not location.default_bin:
            raise Required(field="bin")
        return location.default_bin


def _load_bins(codes: set[str]) -> set[tuple[str, str]]:
    if not codes:
        return set()
    return set(Bin.objects.filter(code__in=codes).values_list("location_id", "code"))


def enter_quantity(values: Values, facts: ItemFacts, unit: UnitFacts) -> tuple[Decimal, Decimal]:
    """Return the row's quantity in its unit and in base units, both > 0 (QTY-02, QTY-03).

    Raises: Required, Invalid (not positive, or finer than the unit is counted), OutOfRange, QuantityRoundsToZero.
    """
    quantity: Decimal | None = values.get("quantity")
    if quantity is None:
        raise Required(field="quantity")
    if quantity <= 0:
        raise Invalid(field="quantity", detail="The quantity must be greater than zero.")
    if not fits(quantity, unit.precision):
        step = unit.precision or QUANTITY_PRECISION
        raise Invalid(field="quantity", detail=f"{unit.code} is counted in steps of {step.normalize():f}.")
    refuse_overflow(quantity, unit.factor, field="quantity")
    base = base_quantity(quantity, factor=unit.factor, precision=facts.base_precision)
    if not base:
        raise QuantityRoundsToZero(field="quantity", quantity=quantity, unit_of_measure=unit.code, item=facts.item.no)
    return quantity, base


def enter_unit(values: Values, facts: ItemFacts, *, default: str | None = None) -> UnitFacts:
    """Return the row's unit, one of the item's: the one it names, `default`, or the base unit."""
    return facts.unit(values.get("unit_of_measure") or default or facts.item.base_unit_of_measure_id)


def refuse_overflow(quantity: Decimal, each: Decimal, *, field: str) -> None:
    """Refuse a product that no column can hold, before it is rounded. Both >= 0."""
    if quantity * each >= LIMIT:
        raise OutOfRange(field=field)
