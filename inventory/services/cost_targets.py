"""What entries should cost, worked out anew from what they consumed. Reads only; amounts signed like the entries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inventory.models import (
    CostingMethod,
    ItemApplication,
    ItemLedgerEntry,
    LedgerEntryType,
    OrderCosting,
    ValueEntry,
    ValueEntryType,
)
from inventory.rounding import ZERO, amount, running_share
from inventory.services.costing import load_cost_parts
from inventory.services.order_costs import load_order_costs, share_out_over_outputs

#: The parts of a cost by type of value entry.
Parts = dict[str, Decimal]

_COST = Coalesce(Sum("value_entries__cost_amount"), ZERO, output_field=DecimalField(max_digits=18, decimal_places=2))


def applied_targets(inbound: Collection[int]) -> dict[int, Parts]:
    """Return what those outbound entries should cost that consumed these entries and cost what they consumed.

    These are all of items without an average or standard cost, and those bound to an entry whatever the method
    (PST-24). Four statements.
    """
    if not inbound:
        return {}
    outbound = set(
        ItemApplication.objects.filter(inbound_entry__in=inbound)
        .filter(_costs_what_it_consumed("outbound_entry__"))
        .values_list("outbound_entry_id", flat=True)
    )
    drawn = list(ItemApplication.objects.filter(outbound_entry__in=outbound).values_list("inbound_entry_id", flat=True))
    shares = _application_shares(set(drawn))
    totals: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    for (number, _), cost in shares.items():
        totals[number] += cost
    return {number: {ValueEntryType.DIRECT_COST: -totals[number]} for number in outbound}


def _costs_what_it_consumed(prefix: str = "") -> Q:
    methods = [CostingMethod.FIFO, CostingMethod.LIFO, CostingMethod.SPECIFIC]
    by_method = Q(**{f"{prefix}item__costing_method__in": methods})
    bound = Q(**{f"{prefix}applies_to_entry__isnull": False})
    # A reversal of an inbound entry mirrors its cost part by part: that is `mirrored_targets`' work.
    return (by_method | bound) & Q(**{f"{prefix}reversal_of__isnull": True})


def _application_shares(inbound: set[int]) -> dict[tuple[int, int], Decimal]:
    """Share the cost of inbound entries out over their applications, in the order in which they were made.

    By the running total, as the postings did: an entry that costs what it did costs nobody anything else.
    """
    entries = ItemLedgerEntry.objects.filter(pk__in=inbound).annotate(cost=_COST).in_bulk()
    drawn: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    shares: defaultdict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    applications = ItemApplication.objects.filter(inbound_entry__in=inbound).order_by("pk")
    for number, outbound, quantity in applications.values_list("inbound_entry_id", "outbound_entry_id", "quantity"):
        entry = entries[number]
        shares[outbound, number] += running_share(entry.cost, entry.quantity, quantity, after=drawn[number])
        drawn[number] += quantity
    return shares


def mirrored_targets(numbers: Collection[int]) -> dict[int, Parts]:
    """Return what the reversals of these entries should cost: the same, with the other sign. Two statements."""
    if not numbers:
        return {}
    pairs: dict[int, int] = {}
    for reversal, original in ItemLedgerEntry.objects.filter(reversal_of__in=numbers).values_list("pk", "reversal_of"):
        assert original is not None
        pairs[reversal] = original
    costs = load_cost_parts(pairs.values())
    return {reversal: {kind: -cost for kind, cost in costs[original].items()} for reversal, original in pairs.items()}


def output_targets(order_nos: Collection[str]) -> dict[int, Parts]:
    """Return what the outputs of these assembly orders should cost: their shares of the order's cost (PST-40).

    An output at standard cost is worth its standard cost; the difference is a variance. Four statements.
    """
    if not order_nos:
        return {}
    costings = list(OrderCosting.objects.filter(order_no__in=order_nos))
    costs = load_order_costs(costings)
    outputs: defaultdict[str, list[ItemLedgerEntry]] = defaultdict(list)
    rows = ItemLedgerEntry.objects.filter(order_no__in=costs, entry_type=LedgerEntryType.ASSEMBLY_OUTPUT)
    for entry in rows.select_related("item").order_by("pk"):
        outputs[entry.order_no].append(entry)
    worth = _standard_worth(entry for entries in outputs.values() for entry in entries)
    targets: dict[int, Parts] = {}
    for no, entries in outputs.items():
        put_out = sum((entry.quantity for entry in entries), ZERO)
        if not put_out:
            continue  # all of it was taken back, at the cost at which it was put out
        direct = share_out_over_outputs(costs[no].direct, entries)
        overhead = share_out_over_outputs(costs[no].overhead(put_out), entries)
        for entry, direct_share, overhead_share in zip(entries, direct, overhead, strict=True):
            targets[entry.pk] = _output_parts(direct_share, overhead_share, worth.get(entry.pk))
    return targets


def _standard_worth(entries: Iterable[ItemLedgerEntry]) -> dict[int, Decimal]:
    """Return what the entries at standard cost are worth: the standard of the day that they were put out."""
    at_standard = [entry.pk for entry in entries if entry.item.costing_method == CostingMethod.STANDARD]
    return {number: sum(parts.values(), ZERO) for number, parts in load_cost_parts(at_standard).items()}


def _output_parts(direct: Decimal, overhead: Decimal, worth: Decimal | None) -> Parts:
    parts: Parts = {ValueEntryType.DIRECT_COST: direct, ValueEntryType.INDIRECT_COST: overhead}
    if worth is not None:
        parts[ValueEntryType.VARIANCE] = worth - direct - overhead
    return parts


# -- average cost


@dataclass(slots=True)
class _Day:
    """An item's entries of one day. Bound entries cost what they are bound to and leave before the average."""

    received_quantity: Decimal = ZERO
    received_cost: Decimal = ZERO
    issues: list[tuple[int, Decimal]] = field(default_factory=list)


def average_targets(averages: Mapping[str, dt.date]) -> dict[int, Parts]:
    """Return what the outbound entries of items at average cost should cost, from a day on for each item.

    The average is that of the item and the day: all that was there in the morning and all that came in during the
    day. Three statements.
    """
    if not averages:
        return {}
    since = Q()
    for item, first in averages.items():
        since |= Q(item=item, posting_date__gte=first)
    opening = _opening(averages)
    days = _days(ItemLedgerEntry.objects.filter(since))
    targets: dict[int, Parts] = {}
    for item, by_day in days.items():
        quantity, cost = opening.get(item, (ZERO, ZERO))
        for _, day in sorted(by_day.items()):
            quantity, cost = quantity + day.received_quantity, cost + day.received_cost
            quantity, cost = _issue(day, quantity, cost, targets)
    return targets


def _opening(averages: Mapping[str, dt.date]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return what there was of each item before its day, and what it had cost."""
    entries, values = Q(), Q()
    for item, first in averages.items():
        entries |= Q(item=item, posting_date__lt=first)
        values |= Q(item=item, item_ledger_entry__posting_date__lt=first)
    quantities = dict(_sums(ItemLedgerEntry.objects.filter(entries), "quantity"))
    costs = dict(_sums(ValueEntry.objects.filter(values), "cost_amount"))
    return {item: (quantity, costs.get(item, ZERO)) for item, quantity in quantities.items()}


def _sums(rows: QuerySet[Any], column: str) -> Iterable[tuple[str, Decimal]]:
    return list(rows.order_by().values_list("item_id").annotate(total=Sum(column)))


def _days(entries: QuerySet[ItemLedgerEntry]) -> dict[str, dict[dt.date, _Day]]:
    days: defaultdict[str, defaultdict[dt.date, _Day]] = defaultdict(lambda: defaultdict(_Day))
    rows = entries.annotate(cost=_COST, bound=F("applies_to_entry_id")).order_by("pk")
    for number, item, date, quantity, cost, bound in rows.values_list(
        "pk", "item_id", "posting_date", "quantity", "cost", "bound"
    ):
        day = days[item][date]
        if quantity > ZERO or bound:
            day.received_quantity += quantity
            day.received_cost += cost
        else:
            day.issues.append((number, -quantity))
    return {item: dict(by_day) for item, by_day in days.items()}


def _issue(day: _Day, quantity: Decimal, cost: Decimal, targets: dict[int, Parts]) -> tuple[Decimal, Decimal]:
    """Cost the issues of a day at its average and return what is left; the last piece takes what rounding left."""
    for number, issued in day.issues:
        if quantity <= ZERO:
            continue  # dated before what it consumed: it keeps the cost that it was posted with
        share = cost if issued == quantity else amount(cost * issued / quantity)
        targets[number] = {ValueEntryType.DIRECT_COST: -share}
        quantity, cost = quantity - issued, cost - share
    return quantity, cost
