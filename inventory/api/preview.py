"""What the preview of a posting answers with: the ledger entries as they stand before they are undone again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from backoffice.api.costs import HidesCosts
from backoffice.rights import Right, has_right
from inventory.api.serializers.resource_use import CapacityLedgerEntryOut, ResourceLedgerEntryOut
from inventory.api.serializers.stock import ItemLedgerEntryOut, ValueEntryOut
from inventory.models import ValueEntry
from inventory.posted_entries import entries_of_posting
from inventory.services.ledger import PostedEntry


class PreviewedItemLedgerEntryOut(HidesCosts, ItemLedgerEntryOut):
    """A movement of stock that would happen."""

    cost_fields = frozenset({"cost_amount"})


class PostingPreviewOut(serializers.Serializer[Any]):
    """What a posting would write; `value_entries` for those who may see costs."""

    item_ledger_entries = PreviewedItemLedgerEntryOut(many=True)
    value_entries = ValueEntryOut(many=True, required=False)
    resource_ledger_entries = ResourceLedgerEntryOut(many=True)
    capacity_ledger_entries = CapacityLedgerEntryOut(many=True)


def preview_of(
    entries: Sequence[PostedEntry],
    *,
    adjustments: Sequence[ValueEntry],
    assemblies: Collection[str],
    context: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the preview's answer, each ledger in posting order. At most four statements.

    `adjustments`: the value entries that the posting adds to entries of others; `assemblies`: the numbers of the
    posted assembly orders that it makes.
    """
    costs = has_right(context["request"].user, Right.SEE_COSTS)
    posted = entries_of_posting(entries, adjustments=adjustments, assemblies=assemblies, costs=costs)
    rows: dict[str, Any] = {
        "item_ledger_entries": posted.items,
        "resource_ledger_entries": posted.resources,
        "capacity_ledger_entries": posted.capacities,
    }
    if costs:
        rows["value_entries"] = posted.values
    return dict(PostingPreviewOut(rows, context=dict(context)).data)
