"""What the output of an assembly order costs: the order's whole cost, shared out over all its outputs (PST-40).

The cost is the order's, not the posting's: a later part that costs more makes the earlier parts dearer too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection
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
    """Share a cost out by quantity, so that the shares add up to it; rounding is carried on to the next share.

    Quantities may be negative, for what was taken back: it takes its share back (PST-40). In all they are not zero.
    """
    whole = sum(quantities, ZERO)
    so_far, given, shares = ZERO, ZERO, []
    for quantity in quantities:
        so_far += quantity
        due = amount(total * so_far / whole) if whole else ZERO
        shares.append(due - given)
        given = due
    return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHistory:
    """What an order has cost and put out so far: its cost, and its outputs in posting order, reversals negative."""

    cost: OrderCost
    outputs: Sequence[Decimal]

    def next_output(self, quantity: Decimal, *, further_cost: Decimal) -> tuple[Decimal, Decimal]:
        """Return direct and indirect cost of one more output: its share of the order's whole cost (PST-40)."""
        cost = replace(self.cost, direct=self.cost.direct + further_cost)
        put_out = [*self.outputs, quantity]
        overhead = cost.overhead(sum(put_out, ZERO))
        return share_out(cost.direct, put_out)[-1], share_out(overhead, put_out)[-1]


# xmax is 0 in a row that was inserted, and names the updating transaction in one that was there before.
_NOTE = """
    INSERT INTO inventory_ordercosting (order_no, item_id, indirect_cost_percent, overhead_rate)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::numeric[], %s::numeric[])
        AS noted (order_no, item, indirect_cost_percent, overhead_rate) ORDER BY order_no
    ON CONFLICT (order_no) DO UPDATE
        SET indirect_cost_percent = excluded.indirect_cost_percent, overhead_rate = excluded.overhead_rate
    RETURNING order_no, xmax <> 0
"""


def note_overheads(costings: Sequence[OrderCosting]) -> dict[str, OrderHistory]:
    """Note what the orders' overhead is from now on, and return what each has cost and put out so far.

    One statement, and three more where one of the orders has been posted before.
    """
    if not costings:
        return {}
    rows = [(row.order_no, row.item_id, row.indirect_cost_percent, row.overhead_rate) for row in costings]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])
        posted_before = {order_no for order_no, known in cursor.fetchall() if known}
    costs = _load_costs(costings, posted_before)
    outputs = load_output_quantities(posted_before) if posted_before else {}
    return {no: OrderHistory(cost=cost, outputs=outputs.get(no, [])) for no, cost in costs.items()}


def load_order_costs(costings: Iterable[OrderCosting]) -> dict[str, OrderCost]:
    """Return the cost of orders from their ledger entries, by order number. Two statements."""
    rows = list(costings)
    return _load_costs(rows, {row.order_no for row in rows})


def _load_costs(costings: Iterable[OrderCosting], posted: Collection[str]) -> dict[str, OrderCost]:
    material = _material(posted) if posted else {}
    capacity = _capacity(posted) if posted else {}
    return {
        row.order_no: OrderCost(
            direct=material.get(row.order_no, ZERO) + capacity.get(row.order_no, ZERO),
            indirect_cost_percent=row.indirect_cost_percent,
            overhead_rate=row.overhead_rate,
        )
        for row in costings
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
