"""What has arrived turns out to cost something else: the invoice is higher, a discount comes late (PST-46)."""

from __future__ import annotations

from django.db import connection

from inventory.models import (
    CostingMethod,
    ItemLedgerEntry,
    LedgerEntryType,
    PurchaseLine,
    ValueEntry,
    ValueEntryType,
)
from inventory.rounding import ZERO, amount, from_base
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.cost_targets import Parts
from inventory.services.costing import load_cost_parts


def value_received_anew(line: PurchaseLine) -> list[ValueEntry]:
    """Let all that arrived of a purchase line cost what the line says now, with everything that was made of it.

    Nothing posted is changed: adjustment entries make up the differences, and are returned. What is kept at standard
    cost stays worth that; its variance takes the difference. The caller holds the line's lock. Locks: the costs.
    """
    assert connection.in_atomic_block, "value_received_anew() needs an open transaction"
    arrived = ItemLedgerEntry.objects.filter(
        entry_type=LedgerEntryType.PURCHASE, order_no=line.order.no, order_line_no=line.line_no
    )
    entries = list(arrived.select_related("item").order_by("pk"))
    actual = load_cost_parts(entry.pk for entry in entries)
    return adjust_costs(stated={entry.pk: _cost_of(entry, line, actual[entry.pk]) for entry in entries})


def _cost_of(entry: ItemLedgerEntry, line: PurchaseLine, actual: Parts) -> Parts:
    direct = amount(from_base(entry.quantity, factor=line.qty_per_unit_of_measure) * line.unit_cost)
    parts: Parts = {ValueEntryType.DIRECT_COST: direct}
    if entry.item.costing_method == CostingMethod.STANDARD:
        parts[ValueEntryType.VARIANCE] = sum(actual.values(), ZERO) - direct
    return parts
