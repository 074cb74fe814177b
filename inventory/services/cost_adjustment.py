"""Let later costs flow on: to what was applied, to what was assembled of it, to what was sold (PST-40, PST-41).

A posted value is never changed: what an entry should have cost and what it has cost so far differ by an
adjustment entry. One wave follows the other until nothing differs: outbound entries take the cost of what they
consumed, orders that consumed them share their new cost out over their outputs, reversals mirror what they
reverse, and the outputs are consumed in their turn. A wave costs the same number of statements whatever its width.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from inventory.locks import lock_costs
from inventory.models import CostingMethod, ItemLedgerEntry, LedgerEntryType, ValueEntry, ValueEntryType
from inventory.rounding import ZERO
from inventory.services.cost_targets import (
    Parts,
    applied_targets,
    average_targets,
    mirrored_targets,
    output_targets,
)
from inventory.services.costing import load_cost_parts
from inventory.services.postings import PostedEntry

#: As deep as a chain of assemblies may be; deeper means that costs run in a circle.
WAVES = 100


@dataclass(slots=True)
class Wave:
    """What the next wave has to look at."""

    orders: set[str] = field(default_factory=set)
    #: Items at average cost, and the first day from which their average may differ.
    averages: dict[str, dt.date] = field(default_factory=dict)
    #: Entries whose cost has changed, inbound and outbound.
    inbound: set[int] = field(default_factory=set)
    #: What entries cost by what somebody said of them.
    stated: Mapping[int, Parts] = field(default_factory=dict)
    outbound: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.orders or self.averages or self.inbound or self.outbound or self.stated)

    def average_from(self, item: str, day: dt.date) -> None:
        """Note that the average of an item may differ from a day on."""
        self.averages[item] = min(day, self.averages.get(item, day))


def adjust_costs(
    *,
    entries: Sequence[PostedEntry] = (),
    orders: Collection[str] = (),
    stated: Mapping[int, Parts] | None = None,
) -> list[ValueEntry]:
    """Correct the costs that follow from these new entries and from the new cost of these assembly orders.

    `stated`: what inbound entries are said to cost from now on, by entry. Call it last in a posting. Returns the
    corrections. Locks: the costs, and only where something is to be corrected.
    """
    assert connection.in_atomic_block, "adjust_costs() needs an open transaction"
    wave = Wave(orders=set(orders), stated=stated or {})
    for row in entries:
        if row.entry.item.is_inventoriable and row.entry.item.costing_method == CostingMethod.AVERAGE:
            wave.average_from(row.entry.item_id, row.entry.posting_date)
    if not wave or not _corrections(wave):
        return []
    lock_costs()
    written: list[ValueEntry] = []
    for _ in range(WAVES):
        # Read anew under the lock: a rival may have corrected the same entries just before.
        corrections = _corrections(wave)
        if not corrections:
            return written
        entries_by_no = ItemLedgerEntry.objects.select_related("item").in_bulk(corrections)
        written += _write(corrections, entries_by_no)
        wave = _what_follows(entries_by_no.values())
    raise AssertionError("costs run in a circle")


def _corrections(wave: Wave) -> dict[int, Parts]:
    """Return by entry what is missing of its cost, by type of value entry; entries that are right are absent."""
    targets: dict[int, Parts] = dict(wave.stated)
    targets |= applied_targets(wave.inbound)
    targets |= average_targets(wave.averages)
    targets |= mirrored_targets(wave.inbound | wave.outbound)
    targets |= output_targets(wave.orders)
    actual = load_cost_parts(targets)
    return {entry: missing for entry, wanted in targets.items() if (missing := _missing(wanted, actual[entry]))}


def _missing(wanted: Parts, actual: Parts) -> Parts:
    kinds = {*wanted, *actual}
    differences = {kind: wanted.get(kind, ZERO) - actual.get(kind, ZERO) for kind in kinds}
    return {kind: difference for kind, difference in differences.items() if difference}


def _write(corrections: Mapping[int, Parts], entries: Mapping[int, ItemLedgerEntry]) -> list[ValueEntry]:
    """Write the adjustment entries."""
    return ValueEntry.objects.bulk_create(
        ValueEntry(
            item_ledger_entry=entries[number],
            item_id=entries[number].item_id,
            entry_type=ValueEntryType(kind),
            cost_amount=cost,
            posting_date=entries[number].posting_date,
            document_no=entries[number].document_no,
            order_no=entries[number].order_no,
            adjustment=True,
        )
        for number, parts in sorted(corrections.items())
        for kind, cost in sorted(parts.items())
    )


def _what_follows(entries: Collection[ItemLedgerEntry]) -> Wave:
    wave = Wave()
    for entry in entries:
        side = wave.inbound if entry.quantity > ZERO else wave.outbound
        side.add(entry.pk)
        if entry.entry_type == LedgerEntryType.ASSEMBLY_CONSUMPTION and entry.order_no:
            wave.orders.add(entry.order_no)
        if entry.quantity > ZERO and entry.item.costing_method == CostingMethod.AVERAGE:
            wave.average_from(entry.item_id, entry.posting_date)
    return wave
