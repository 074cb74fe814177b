"""Take posted entries back: each by a reversing entry of its day and cost, never a changed original (UND-22)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from inventory.models import CapacityLedgerEntry, ItemLedgerEntry, ResourceLedgerEntry, WarehouseEntry
from inventory.services.postings import EntryPosting


def entries_of(document_nos: Collection[str]) -> QuerySet[ItemLedgerEntry]:
    """Return what these posted documents wrote into the item ledger and has not been reversed, in posting order."""
    return (
        ItemLedgerEntry.objects.filter(document_no__in=document_nos, reversal_of__isnull=True, reversed_by__isnull=True)
        .select_related("item")
        .order_by("entry_no")
    )


def bins_of(entries: Sequence[ItemLedgerEntry]) -> dict[int, str]:
    """Return the bins that entries moved, by entry number; entries without a bin are absent. One statement."""
    rows = WarehouseEntry.objects.filter(item_ledger_entry__in=[entry.pk for entry in entries])
    return dict(rows.values_list("item_ledger_entry_id", "bin_code"))


def reversal(entry: ItemLedgerEntry, *, bin_code: str, applies_to_posting: int | None = None) -> EntryPosting:
    """Return the posting that reverses an entry: same document, same day, same cost, other sign.

    What came in leaves again out of the entry itself, or out of the posting of the batch that `applies_to_posting`
    names: what was sold and comes back as an entry of its own (UND-03, TRP-22).
    """
    return EntryPosting(
        entry_type=entry.entry_type,
        item=entry.item,
        variant_code=entry.variant_code,
        location_id=entry.location_id,
        bin_code=bin_code,
        lot_no=entry.lot_no,
        serial_no=entry.serial_no,
        quantity=-entry.quantity,
        posting_date=entry.posting_date,
        document_type=entry.document_type,
        document_no=entry.document_no,
        document_line_no=entry.document_line_no,
        order_no=entry.order_no,
        order_line_no=entry.order_line_no,
        assemble_to_order=entry.assemble_to_order,
        applies_to_posting=applies_to_posting,
        reversal_of=entry.entry_no,
    )


def reverse_resource_use(document_nos: Collection[str]) -> None:
    """Reverse what posted documents wrote into both ledgers of resources and is not reversed yet. Four statements."""
    used = ResourceLedgerEntry.objects.filter(
        document_no__in=document_nos, reversal_of__isnull=True, reversed_by__isnull=True
    ).order_by("entry_no")
    ResourceLedgerEntry.objects.bulk_create(
        ResourceLedgerEntry(
            posting_date=row.posting_date,
            resource_id=row.resource_id,
            quantity=-row.quantity,
            unit_cost=row.unit_cost,
            total_cost=-row.total_cost,
            document_no=row.document_no,
            order_no=row.order_no,
            order_line_no=row.order_line_no,
            reversal_of=row,
        )
        for row in used
    )
    capacity = CapacityLedgerEntry.objects.filter(
        document_no__in=document_nos, reversal_of__isnull=True, reversed_by__isnull=True
    ).order_by("entry_no")
    CapacityLedgerEntry.objects.bulk_create(
        CapacityLedgerEntry(
            posting_date=row.posting_date,
            resource_id=row.resource_id,
            item_id=row.item_id,
            quantity=-row.quantity,
            direct_cost=-row.direct_cost,
            overhead_cost=-row.overhead_cost,
            document_no=row.document_no,
            order_no=row.order_no,
            order_line_no=row.order_line_no,
            reversal_of=row,
        )
        for row in capacity
    )
