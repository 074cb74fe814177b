"""What the entries of one batch of postings cost: the parts of their value, by the item's costing method.

Pure but for the two functions that load. Amounts are rounded to two decimals, once, here; they carry the sign
of the entry in the result and are >= 0 inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from inventory.models import CostingMethod, ValueEntry, ValueEntryType
from inventory.rounding import ZERO, amount
from inventory.services.postings import EntryPosting

#: The parts of an entry's cost by the type of value entry that carries them.
CostParts = dict[str, Decimal]


@dataclass(slots=True, kw_only=True)
class AverageStock:
    """What there is of an item at average cost, over all its locations, and what it cost."""

    quantity: Decimal
    cost: Decimal

    def share(self, quantity: Decimal) -> Decimal:
        """Return the cost of `quantity` at the average; the last of it costs what rounding left over."""
        return self.cost if quantity == self.quantity else amount(self.cost * quantity / self.quantity)


@dataclass(slots=True)
class CostBook:
    """What costing needs to know beyond the postings: averages, and the costs of entries that are reversed."""

    averages: dict[str, AverageStock] = field(default_factory=dict)
    reversed_costs: dict[int, CostParts] = field(default_factory=dict)

    def received(self, posting: EntryPosting, *, consumed: Decimal) -> CostParts:
        """Return the parts of the cost of an inbound posting, and count it into the average.

        `consumed` is the cost of what the batch consumed for the same document, >= 0.
        """
        parts = self._mirrored(posting) or _received(posting, consumed)
        self._count(posting, parts)
        return parts

    def issued(self, posting: EntryPosting, *, applied_cost: Decimal) -> CostParts:
        """Return the parts of the cost of an outbound posting, negative, and count it out of the average.

        `applied_cost` is the cost of what it consumed, >= 0.
        """
        parts = self._mirrored(posting)
        if parts is None:
            parts = {ValueEntryType.DIRECT_COST: -self._issue_cost(posting, applied_cost)}
        self._count(posting, parts)
        return parts

    def _count(self, posting: EntryPosting, parts: CostParts) -> None:
        if stock := self.averages.get(posting.item.no):
            stock.quantity += posting.quantity
            stock.cost += sum(parts.values(), ZERO)

    def _mirrored(self, posting: EntryPosting) -> CostParts | None:
        if posting.reversal_of is None or posting.cost_amount is not None:
            return None
        return {kind: -cost for kind, cost in self.reversed_costs[posting.reversal_of].items()}

    def _issue_cost(self, posting: EntryPosting, applied_cost: Decimal) -> Decimal:
        """What is bound to an entry costs what that entry cost; else the method decides (PST-24)."""
        if posting.consumed_entry_no is not None:
            return applied_cost
        if posting.item.costing_method == CostingMethod.AVERAGE:
            return self.averages[posting.item.no].share(-posting.quantity)
        if posting.item.costing_method == CostingMethod.STANDARD:
            return amount(-posting.quantity * posting.item.standard_cost)
        return applied_cost


def _received(posting: EntryPosting, consumed: Decimal) -> CostParts:
    direct, indirect = posting.cost_amount, posting.indirect_cost_amount
    if posting.cost_of_making is not None:
        direct, indirect = posting.cost_of_making(consumed)
    if direct is None:
        direct = amount(posting.quantity * posting.item.unit_cost)
    parts: CostParts = {ValueEntryType.DIRECT_COST: direct}
    if indirect:
        parts[ValueEntryType.INDIRECT_COST] = indirect
    if posting.item.costing_method == CostingMethod.STANDARD:
        variance = amount(posting.quantity * posting.item.standard_cost) - sum(parts.values(), ZERO)
        if variance:
            parts[ValueEntryType.VARIANCE] = variance
    return parts


def load_cost_book(postings: Iterable[EntryPosting], *, on_hand: Mapping[str, Decimal]) -> CostBook:
    """Load what the postings need. `on_hand`: base units by item, over all locations; the balances are locked."""
    rows = list(postings)
    averaged = {p.item.no for p in rows if p.item.costing_method == CostingMethod.AVERAGE and not p.is_inbound}
    return CostBook(
        averages=_load_averages(averaged, on_hand),
        reversed_costs=load_cost_parts({p.reversal_of for p in rows if p.reversal_of is not None}),
    )


def _load_averages(items: set[str], on_hand: Mapping[str, Decimal]) -> dict[str, AverageStock]:
    if not items:
        return {}
    rows = ValueEntry.objects.filter(item__in=items).order_by().values_list("item_id").annotate(Sum("cost_amount"))
    costs = dict(rows)
    return {no: AverageStock(quantity=on_hand.get(no, ZERO), cost=costs.get(no, ZERO)) for no in items}


def load_cost_parts(entry_nos: Iterable[int]) -> dict[int, CostParts]:
    """Return what entries have cost so far by type of value entry, signed like the entries."""
    wanted = set(entry_nos)
    parts: dict[int, CostParts] = {entry_no: {} for entry_no in wanted}
    if not wanted:
        return parts
    rows = ValueEntry.objects.filter(item_ledger_entry__in=wanted).order_by()
    sums = rows.values_list("item_ledger_entry_id", "entry_type").annotate(Sum("cost_amount"))
    for entry_no, entry_type, cost in sums:
        parts[entry_no][entry_type] = cost
    return parts
