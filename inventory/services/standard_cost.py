"""What an assembled item should cost and sell for, rolled up from its bill of materials (PRC-10, PRC-11).

Nothing happens by itself: the figures are worked out when somebody asks, and stand until then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db import connection

from backoffice.changes import snapshot, write_changes
from backoffice.exceptions import Invalid
from backoffice.transactions import act
from inventory.exceptions import Missing
from inventory.lookups import BomRow, load_boms
from inventory.models import BomLineType, CostingMethod, Item, ReplenishmentSystem, Resource, ResourceUsage
from inventory.rounding import ONE, ZERO, unit_amount

#: Deeper than any bill of materials may go; a circle is refused where bills of materials are entered (DM-14).
MAX_LEVELS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CostShares:
    """A cost by where it comes from, of one base unit unless said otherwise. All >= 0."""

    material: Decimal = ZERO
    capacity: Decimal = ZERO
    capacity_overhead: Decimal = ZERO
    overhead: Decimal = ZERO

    @property
    def direct(self) -> Decimal:
        """All but the item's own overhead."""
        return self.material + self.capacity + self.capacity_overhead

    @property
    def total(self) -> Decimal:
        """What one costs in all."""
        return self.direct + self.overhead

    def plus(self, other: Self, times: Decimal = ONE) -> CostShares:
        """Return the sum of this and of `times` the other."""
        return CostShares(
            material=self.material + other.material * times,
            capacity=self.capacity + other.capacity * times,
            capacity_overhead=self.capacity_overhead + other.capacity_overhead * times,
            overhead=self.overhead + other.overhead * times,
        )

    def with_overhead_of(self, item: Item, direct: Decimal) -> CostShares:
        """Return it with the item's own overhead on a direct cost added."""
        own = direct * item.indirect_cost_percent / 100 + item.overhead_rate
        return self.plus(CostShares(overhead=own))

    def rounded(self) -> CostShares:
        """Return it rounded to unit amounts."""
        return CostShares(
            material=unit_amount(self.material),
            capacity=unit_amount(self.capacity),
            capacity_overhead=unit_amount(self.capacity_overhead),
            overhead=unit_amount(self.overhead),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardCost:
    """An item's standard cost: its shares by its own bill of materials, and the same down to the leaves."""

    standard_cost: Decimal
    shares: CostShares
    rolled_up: CostShares


@act
def calculate_standard_cost(*, no: str, all_levels: bool) -> StandardCost:
    """Work out and store the standard cost of an item; with `all_levels` that of its assembled components first.

    The unit cost of an item at standard cost follows. Raises: Missing, Invalid (bought, or without a bill of
    materials). Locks: the items that are written, by number. Statements do not grow with the bill of materials.
    """
    tree = CostTree(no, all_levels=all_levels)
    result = tree.cost_of(tree.top)
    tree.store_costs()
    return result


@act
def calculate_unit_price(*, no: str, all_levels: bool) -> Decimal:
    """Work out and store an item's unit price from its components' prices; with `all_levels` theirs first.

    Raises and locks as `calculate_standard_cost`.
    """
    tree = CostTree(no, all_levels=all_levels)
    price = tree.price_of(tree.top)
    tree.store_prices()
    return price


def shares_of(item: Item) -> CostShares | None:
    """Return what one base unit should cost by the item's bill of materials as it is, one level (PRC-10).

    None for an item that is bought or has no bill of materials. Nothing is stored or locked. Three statements.
    """
    if item.replenishment_system != ReplenishmentSystem.ASSEMBLY or not item.bom_lines.exists():
        return None
    tree = CostTree(item.no, all_levels=False, to_write=False)
    return tree.cost_of(tree.top).shares


class CostTree:
    """The bill of materials below an item, loaded at once and worked out from the leaves up.

    to_write: the items are locked. Raises: Missing, Invalid (bought, or without a bill of materials).
    """

    def __init__(self, no: str, *, all_levels: bool, to_write: bool = True) -> None:
        self.all_levels = all_levels
        numbers = _items_below(no)
        rows = Item.objects.filter(no__in=numbers).order_by("no")
        if to_write:
            rows = rows.select_for_update(of=("self",), no_key=True)
        self.items: Mapping[str, Item] = {item.no: item for item in rows}
        if no not in self.items:
            raise Missing(what="Item", key=no)
        self.boms: Mapping[str, Sequence[BomRow]] = load_boms(numbers)
        self.top = self.items[no]
        self._require_assembled(self.top)
        self._costs: dict[str, StandardCost] = {}
        self._prices: dict[str, Decimal] = {}

    def _require_assembled(self, item: Item) -> None:
        if item.replenishment_system != ReplenishmentSystem.ASSEMBLY:
            raise Invalid(detail=f"{item.no} is not replenished by assembly.")
        if not self.boms[item.no]:
            raise Invalid(detail=f"{item.no} has no bill of materials.")

    def is_assembled(self, item: Item) -> bool:
        """Say whether the item's cost comes from a bill of materials of its own."""
        return item.replenishment_system == ReplenishmentSystem.ASSEMBLY and bool(self.boms.get(item.no))

    # -- cost -----------------------------------------------------------------------------------------------

    def cost_of(self, item: Item) -> StandardCost:
        """Return the cost of an assembled item, worked out once."""
        if item.no not in self._costs:
            single = rolled_up = CostShares()
            for row in self.boms[item.no]:
                single = single.plus(self.share(row, item))
                rolled_up = rolled_up.plus(self.rolled_up_share(row, item))
            single = single.with_overhead_of(item, single.direct).rounded()
            # Own overhead is on what the item's own bill of materials costs, at every level.
            rolled_up = rolled_up.plus(CostShares(overhead=single.overhead)).rounded()
            self._costs[item.no] = StandardCost(
                standard_cost=unit_amount(single.total), shares=single, rolled_up=rolled_up
            )
        return self._costs[item.no]

    def share(self, row: BomRow, parent: Item) -> CostShares:
        """Return what a line adds to the cost of one of its parent, by the parent's own bill of materials alone."""
        if row.line.type == BomLineType.RESOURCE:
            return _resource_share(row, parent)
        component, quantity = self._component(row)
        return CostShares(material=quantity * self._material_cost(component)) if component else CostShares()

    def _material_cost(self, component: Item) -> Decimal:
        """What one of a component counts for: an assembled one's standard cost, a bought one's unit cost."""
        if not component.is_inventoriable:
            return ZERO
        if component.replenishment_system != ReplenishmentSystem.ASSEMBLY:
            return component.unit_cost
        if self.all_levels and self.is_assembled(component):
            return self.cost_of(component).standard_cost
        return component.standard_cost

    def rolled_up_share(self, row: BomRow, parent: Item) -> CostShares:
        """Return the same with what is assembled opened down to the leaves."""
        component, quantity = self._component(row)
        if component is not None and component.is_inventoriable and self.is_assembled(component):
            return CostShares().plus(self.cost_of(component).rolled_up, quantity)
        return self.share(row, parent)

    def _component(self, row: BomRow) -> tuple[Item | None, Decimal]:
        if row.line.item_id is None:
            return None, ZERO
        return self.items[row.line.item_id], row.line.quantity_per * row.unit_factor

    def store_costs(self) -> None:
        """Write the standard costs: the item's, with all levels those below it too."""
        wanted = self._costs if self.all_levels else {self.top.no: self._costs[self.top.no]}
        befores = [(self.items[no], snapshot(self.items[no])) for no in wanted]
        for no, cost in wanted.items():
            item = self.items[no]
            item.standard_cost = cost.standard_cost
            if item.costing_method == CostingMethod.STANDARD:
                item.unit_cost = cost.standard_cost
        write_changes(Item, befores)

    # -- price ----------------------------------------------------------------------------------------------

    def price_of(self, item: Item) -> Decimal:
        """Return the price of an assembled item, worked out once."""
        if item.no not in self._prices:
            self._prices[item.no] = unit_amount(sum((self._price_share(row) for row in self.boms[item.no]), ZERO))
        return self._prices[item.no]

    def _price_share(self, row: BomRow) -> Decimal:
        if row.line.resource is not None:
            return row.line.quantity_per * row.line.resource.unit_price
        component, quantity = self._component(row)
        if component is None:
            return ZERO
        if self.all_levels and self.is_assembled(component):
            return quantity * self.price_of(component)
        return quantity * component.unit_price

    def store_prices(self) -> None:
        """Write the unit prices: the item's, with all levels those below it too."""
        befores = [(self.items[no], snapshot(self.items[no])) for no in self._prices]
        for no, price in self._prices.items():
            self.items[no].unit_price = price
        write_changes(Item, befores)


def _resource_share(row: BomRow, parent: Item) -> CostShares:
    """PRC-10: a resource's direct cost and its overhead; fixed usage is spread over the parent's lot size."""
    resource: Resource | None = row.line.resource
    assert resource is not None
    quantity = row.line.quantity_per
    if row.line.resource_usage_type == ResourceUsage.FIXED and parent.lot_size:
        quantity = quantity / parent.lot_size
    direct = resource.unit_cost / (ONE + resource.indirect_cost_percent / 100)
    return CostShares(capacity=quantity * direct, capacity_overhead=quantity * (resource.unit_cost - direct))


def _items_below(no: str) -> list[str]:
    """Return the item and all items on the bills of materials below it, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [no, MAX_LEVELS])
        return [row[0] for row in cursor.fetchall()]


_BELOW = """
    WITH RECURSIVE below (no, level) AS (
        SELECT %s::varchar, 0
        UNION
        SELECT b.item_id, below.level + 1
        FROM below JOIN inventory_bomline b ON b.parent_id = below.no
        WHERE b.item_id IS NOT NULL AND below.level < %s
    )
    SELECT DISTINCT no FROM below ORDER BY no
"""
