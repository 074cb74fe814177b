"""What the output of an assembly order costs: the order's whole cost, shared out over all its outputs (PST-40).

The cost is the order's, not the posting's: a later part that costs more makes the earlier parts dearer too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from inventory.models import CapacityLedgerEntry, ItemLedgerEntry, LedgerEntryType, OrderCosting, ValueEntry
from inventory.rounding import ZERO, amount
from inventory.services.standard_cost import CostShares


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCost:
    """The cost of an order so far. direct: material in stock or not, capacity and its overhead; all >= 0."""

    direct: Decimal
    indirect_cost_percent: Decimal
    overhead_rate: Decimal

    def overhead(self, output_quantity: Decimal) -> Decimal:
        """The order's own overhead on `output_quantity` base units in all."""
        return amount(self.direct * self.indirect_cost_percent / 100 + self.overhead_rate * output_quantity)


def share_out(total: Decimal, quantities: Sequence[Decimal]) -> list[Decimal]:
    """Share a cost out by quantity, > 0 each; rounding is carried on, the last share takes what is left (PST-40)."""
    left_cost, left_quantity, shares = total, sum(quantities, ZERO), []
    for quantity in quantities:
        share = amount(left_cost * quantity / left_quantity)
        shares.append(share)
        left_cost, left_quantity = left_cost - share, left_quantity - quantity
    return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHistory:
    """What an order has cost so far, and the outputs that stand, in posting order; those undone are left out.

    `is_posted`: whether it has been posted before at all.
    """

    cost: OrderCost
    outputs: Sequence[Decimal]
    is_posted: bool

    def next_output(self, quantity: Decimal, *, further_cost: Decimal) -> tuple[Decimal, Decimal]:
        """Return direct and indirect cost of one more output: its share of the order's whole cost (PST-40)."""
        cost = replace(self.cost, direct=self.cost.direct + further_cost)
        put_out = [*self.outputs, quantity]
        overhead = cost.overhead(sum(put_out, ZERO))
        return share_out(cost.direct, put_out)[-1], share_out(overhead, put_out)[-1]


# xmax is 0 in a row that was inserted, and names the updating transaction in one that was there before.
_NOTE = """
    INSERT INTO inventory_ordercosting AS known
           (order_no, item_id, indirect_cost_percent, overhead_rate, non_inventory_cost)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::numeric[], %s::numeric[], %s::numeric[])
        AS noted (order_no, item, indirect_cost_percent, overhead_rate, non_inventory_cost) ORDER BY order_no
    ON CONFLICT (order_no) DO UPDATE
        SET indirect_cost_percent = excluded.indirect_cost_percent, overhead_rate = excluded.overhead_rate,
            non_inventory_cost = known.non_inventory_cost + excluded.non_inventory_cost
    RETURNING order_no, xmax <> 0, non_inventory_cost
"""
_TAKE_BACK = """
    UPDATE inventory_ordercosting c SET non_inventory_cost = c.non_inventory_cost - undone.cost
      FROM unnest(%s::text[], %s::numeric[]) AS undone (order_no, cost) WHERE c.order_no = undone.order_no
"""


def note_overheads(costings: Sequence[OrderCosting]) -> dict[str, OrderHistory]:
    """Note what the orders' overhead is from now on, and return what each has cost and put out so far.

    The costings' `non_inventory_cost` is that of this posting; it is added to what they had, and counts already.
    One statement, and three more where one of the orders has been posted before.
    """
    if not costings:
        return {}
    columns = ["order_no", "item_id", "indirect_cost_percent", "overhead_rate", "non_inventory_cost"]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [[getattr(row, name) for row in costings] for name in columns])
        noted = {order_no: (known, cost) for order_no, known, cost in cursor.fetchall()}
    for row in costings:
        row.non_inventory_cost = noted[row.order_no][1]
    posted_before = {order_no for order_no, (known, _) in noted.items() if known}
    costs = _load_costs(costings, posted_before)
    outputs = _standing_outputs(posted_before) if posted_before else {}
    return {
        no: OrderHistory(cost=cost, outputs=outputs.get(no, []), is_posted=no in posted_before)
        for no, cost in costs.items()
    }


def take_back_non_inventory_costs(undone: Mapping[str, Decimal]) -> None:
    """Take undone use of items that are not kept in inventory off the cost of orders, by number. One statement."""
    costs = {order_no: cost for order_no, cost in undone.items() if cost}
    if costs:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, [list(costs), list(costs.values())])


def share_out_over_outputs(total: Decimal, outputs: Sequence[ItemLedgerEntry]) -> list[Decimal]:
    """Share a cost out over an order's outputs, reversals among them, in posting order (PST-40).

    Those that stand share it, and one at least does; one that was undone and its reversal carry the same unit cost,
    with opposite signs, to the cent: nothing of it is left in stock.
    """
    undone = undone_entries(outputs)
    standing = [entry.quantity for entry in outputs if entry.pk not in undone]
    quantity, shares = sum(standing, ZERO), iter(share_out(total, standing))
    return [amount(total * entry.quantity / quantity) if entry.pk in undone else next(shares) for entry in outputs]


def undone_entries(entries: Iterable[ItemLedgerEntry]) -> set[int]:
    """Return the numbers of those of the entries that reverse another one, or are reversed by another one."""
    pairs = {(entry.pk, entry.reversal_of_id) for entry in entries if entry.reversal_of_id is not None}
    return {number for pair in pairs for number in pair}


def load_order_costs(costings: Iterable[OrderCosting]) -> dict[str, OrderCost]:
    """Return the cost of orders from their ledger entries, by order number. Two statements."""
    rows = list(costings)
    return _load_costs(rows, {row.order_no for row in rows})


def actual_costs(order_no: str) -> CostShares:
    """Return what an order has cost so far by the ledger, by where it comes from (PST-40). Four statements at most."""
    costing = OrderCosting.objects.filter(pk=order_no).first()
    if costing is None:
        return CostShares()
    capacity = CapacityLedgerEntry.objects.filter(order_no=order_no).aggregate(
        direct=Sum("direct_cost", default=ZERO), overhead=Sum("overhead_cost", default=ZERO)
    )
    shares = CostShares(
        material=_material([order_no]).get(order_no, ZERO) + costing.non_inventory_cost,
        capacity=capacity["direct"],
        capacity_overhead=capacity["overhead"],
    )
    cost = OrderCost(
        direct=shares.direct,
        indirect_cost_percent=costing.indirect_cost_percent,
        overhead_rate=costing.overhead_rate,
    )
    put_out = sum(_standing_outputs([order_no])[order_no], ZERO)
    return shares.plus(CostShares(overhead=cost.overhead(put_out)))


def _load_costs(costings: Iterable[OrderCosting], posted: Collection[str]) -> dict[str, OrderCost]:
    material = _material(posted) if posted else {}
    capacity = _capacity(posted) if posted else {}
    return {
        row.order_no: OrderCost(
            direct=material.get(row.order_no, ZERO) + capacity.get(row.order_no, ZERO) + row.non_inventory_cost,
            indirect_cost_percent=row.indirect_cost_percent,
            overhead_rate=row.overhead_rate,
        )
        for row in costings
    }


def _standing_outputs(order_nos: Collection[str]) -> dict[str, list[Decimal]]:
    """Return the outputs of orders that are not undone, in posting order; base units. One statement."""
    rows = ItemLedgerEntry.objects.filter(order_no__in=order_nos, entry_type=LedgerEntryType.ASSEMBLY_OUTPUT)
    entries = list(rows.only("order_no", "quantity", "reversal_of").order_by("pk"))
    undone = undone_entries(entries)
    quantities: dict[str, list[Decimal]] = {no: [] for no in order_nos}
    for entry in entries:
        if entry.pk not in undone:
            quantities[entry.order_no].append(entry.quantity)
    return quantities


def _material(order_nos: Collection[str]) -> dict[str, Decimal]:
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


def _capacity(order_nos: Collection[str]) -> dict[str, Decimal]:
    rows = (
        CapacityLedgerEntry.objects.filter(order_no__in=order_nos)
        .order_by()
        .values_list("order_no")
        .annotate(direct=Sum("direct_cost"), overhead=Sum("overhead_cost"))
    )
    return {no: direct + overhead for no, direct, overhead in rows}
