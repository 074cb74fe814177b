"""Master data for many lines at once, each kind in one statement.

Services that work on lines ask here first, then decide in memory. Nothing here writes or refuses by a
business rule, but for a key that names nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from backoffice.exceptions import NotFound
from backoffice.transactions import remembered
from inventory.models import BomLine, Item, ItemUnit, ItemVariant, Location, Resource, Setup
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO

#: The name under which a unit of work remembers the settings.
SETUP = "setup"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit of an item: its code, base units in one of it, and the precision of quantities in it (0: none)."""

    code: str
    factor: Decimal
    precision: Decimal


@dataclass(slots=True, kw_only=True)
class ItemFacts:
    """An item with its units and the variants that were asked for."""

    item: Item
    units: dict[str, UnitFacts] = field(default_factory=dict)
    variants: dict[str, ItemVariant] = field(default_factory=dict)

    @property
    def base_precision(self) -> Decimal:
        """The precision of base quantities: the base unit's where it has one, else the item's (QTY-03)."""
        base = self.units.get(self.item.base_unit_of_measure_id)
        return (base.precision if base else ZERO) or self.item.rounding_precision

    def unit(self, code: str, *, at: str = "unit_of_measure") -> UnitFacts:
        """Return a unit of the item, or refuse with not_found at the field."""
        facts = self.units.get(code)
        if facts is None and code == self.item.base_unit_of_measure_id:
            return UnitFacts(code=code, factor=ONE, precision=ZERO)
        if facts is None:
            raise NotFound(field=at, what=f"Unit of measure of item {self.item.no}", key=code)
        return facts

    def variant(self, code: str, *, at: str = "variant") -> ItemVariant | None:
        """Return a variant of the item (None for a blank code), or refuse with not_found at the field."""
        if not code:
            return None
        if code not in self.variants:
            raise NotFound(field=at, what=f"Variant of item {self.item.no}", key=code)
        return self.variants[code]


def load_items(nos: Collection[str], *, variants: bool = False) -> dict[str, ItemFacts]:
    """Return the items of these numbers with their units, and with their variants if asked. Unknown: absent.

    Two statements at most where every item has its base unit among its units, as services see to.
    """
    wanted = {no for no in nos if no}
    facts: dict[str, ItemFacts] = {}
    if not wanted:
        return facts
    for unit in ItemUnit.objects.filter(item__in=wanted).select_related("item").order_by():
        known = facts.setdefault(unit.item_id, ItemFacts(item=unit.item))
        known.units[unit.unit_of_measure_id] = UnitFacts(
            code=unit.unit_of_measure_id,
            factor=unit.qty_per_unit_of_measure,
            precision=unit.qty_rounding_precision,
        )
    if missing := wanted - facts.keys():
        for item in Item.objects.filter(no__in=missing):
            facts[item.no] = ItemFacts(item=item)
    if variants:
        for variant in ItemVariant.objects.filter(item__in=facts):
            facts[variant.item_id].variants[variant.code] = variant
    return facts


def load_resources(nos: Collection[str]) -> dict[str, Resource]:
    """Return the resources of these numbers; unknown ones are absent. One statement, none for no numbers."""
    wanted = {no for no in nos if no}
    return Resource.objects.in_bulk(wanted) if wanted else {}


def load_locations(codes: Collection[str | None]) -> dict[str, Location]:
    """Return the locations of these codes; unknown ones are absent. One statement, none for no codes."""
    wanted = {code for code in codes if code}
    return Location.objects.in_bulk(wanted) if wanted else {}


def current_setup() -> Setup:
    """Return the company's settings, to be read only: one reading serves the whole unit of work."""
    return remembered(SETUP, Setup.objects.select_related("default_location").filter(pk=1).get)


@dataclass(frozen=True, slots=True, kw_only=True)
class BomRow:
    """A line of a bill of materials with what its component's unit is worth."""

    line: BomLine
    unit_factor: Decimal
    unit_precision: Decimal
    base_precision: Decimal
    variant_blocked: bool
    variant_description: str


def load_boms(parents: Iterable[str]) -> dict[str, list[BomRow]]:
    """Return the bills of materials of these items by parent, in line order. One statement."""
    wanted = set(parents)
    boms: dict[str, list[BomRow]] = {no: [] for no in wanted}
    if not wanted:
        return boms
    unit = ItemUnit.objects.filter(item=OuterRef("item_id"), unit_of_measure=OuterRef("unit_of_measure_id"))
    base_unit = ItemUnit.objects.filter(
        item=OuterRef("item_id"), unit_of_measure=OuterRef("item__base_unit_of_measure_id")
    )
    variant = ItemVariant.objects.filter(item=OuterRef("item_id"), code=OuterRef("variant_code"))
    lines = (
        BomLine.objects.filter(parent__in=wanted)
        .select_related("item", "resource")
        .annotate(
            unit_factor=Coalesce(Subquery(unit.values("qty_per_unit_of_measure")), ONE),
            unit_precision=Coalesce(Subquery(unit.values("qty_rounding_precision")), ZERO),
            base_unit_precision=Coalesce(Subquery(base_unit.values("qty_rounding_precision")), ZERO),
            variant_blocked=Subquery(variant.values("blocked")),
            variant_description=Subquery(variant.values("description")),
        )
        .order_by("parent_id", "line_no")
    )
    for line in lines:
        item_precision = line.item.rounding_precision if line.item else QUANTITY_PRECISION
        boms[line.parent_id].append(
            BomRow(
                line=line,
                unit_factor=line.unit_factor,
                unit_precision=line.unit_precision,
                base_precision=line.base_unit_precision or item_precision,
                variant_blocked=bool(line.variant_blocked),
                variant_description=line.variant_description or "",
            )
        )
    return boms
