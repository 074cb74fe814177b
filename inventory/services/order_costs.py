"""What the output of an assembly order costs: the order's whole cost, shared out over all its outputs (PST-40).

The cost is the order's, not the posting's: a later part that costs more makes the earlier parts dearer too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from inventory.models import CapacityLedgerEntry, ItemLedgerEntry, LedgerEntryType, OrderCosting, ValueEntry
from inventory.rounding import ZERO, amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCost:
    """The cost of an order so far. direct: material, capacity and its overhead; all >= 0."""

    direct: Decimal
    indirect_cost_percent: Decimal
    overhead_rate: Decimal

    def overhead(self, output_quantity: Decimal) -> Decimal:
        """The order's own overhead on `output_quantity` base units in all."""
        return amount(self.direct * self.indirect_cost_percent / 100 + self.overhead_rate * output_quantity)


def share_out(total: Decimal, quantities: Sequence[Decimal]) -> list[Decimal]:
    """Share a cost out by quantity; rounding is carried on, the last share takes what is left."""
    left_cost, left_quantity, shares = total, sum(quantities, ZERO), []
    for quantity in quantities:
        share = amount(left_cost * quantity / left_quantity) if left_quantity else ZERO
        shares.append(share)
        left_cost, left_quantity = left_cost - share, left_quantity - quantity
    return shares


def load_order_costs(costings: Iterable[OrderCosting]) -> dict[str, OrderCost]:
    """Return the cost of orders from their ledger entries, by order number. Two statements."""
    by_no = {costing.order_no: costing for costing in costings}
    material = _material(by_no)
    capacity = _capacity(by_no)
    return {
        no: OrderCost(
            direct=material.get(no, ZERO) + capacity.get(no, ZERO),
            indirect_cost_percent=costing.indirect_cost_percent,
            overhead_rate=costing.overhead_rate,
        )
        for no, costing in by_no.items()
    }


def load_output_quantities(order_nos: Iterable[str]) -> dict[str, list[Decimal]]:
    """Return the outputs of orders in posting order, reversals negative; base units. One statement."""
    quantities: dict[str, list[Decimal]] = {no: [] for no in order_nos}
    rows = ItemLedgerEntry.objects.filter(order_no__in=quantities, entry_type=LedgerEntryType.ASSEMBLY_OUTPUT).order_by(
        "entry_no"
    )
    for no, quantity in rows.values_list("order_no", "quantity"):
        quantities[no].append(quantity)
    return quantities


def _material(order_nos: Mapping[str, object]) -> dict[str, Decimal]:
    rows = (
        ValueEntry.objects.filter(
            item_ledger_entry__order_no__in=order_nos,
            item_ledger_entry__entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION,
        )
        .order_by()
        .values_list("item_ledger_entry__order_no")
        .annotate(total=Sum("cost_amount"))
    )
    return {no: -total for no, total in rows}


def _capacity(order_nos: Mapping[str, object]) -> dict[str, Decimal]:
    rows = (
        CapacityLedgerEntry.objects.filter(order_no__in=order_nos)
        .order_by()
        .values_list("order_no")
        .annotate(direct=Sum("direct_cost"), overhead=Sum("overhead_cost"))
    )
    return {no: direct + overhead for no, direct, overhead in rows}
