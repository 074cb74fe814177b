"""What one posting wrote, or would write, into all ledgers. For those who show it; nothing is decided here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from inventory import querysets
from inventory.models import CapacityLedgerEntry, ItemLedgerEntry, ResourceLedgerEntry, ValueEntry
from inventory.services.ledger import PostedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEntries:
    """The entries in posting order. Whoever may not see costs gets no value entries."""

    items: Sequence[ItemLedgerEntry]
    values: Sequence[ValueEntry]
    resources: Sequence[ResourceLedgerEntry]
    capacities: Sequence[CapacityLedgerEntry]

    @property
    def is_empty(self) -> bool:
        """Whether no ledger holds anything, as after an invoice of what was shipped before."""
        return not (self.items or self.values or self.resources or self.capacities)


def entries_of_posting(
    entries: Sequence[PostedEntry],
    *,
    adjustments: Sequence[ValueEntry],
    assemblies: Collection[str],
    costs: bool,
) -> PostedEntries:
    """Return what a posting has just written, read in its own transaction. At most four statements.

    adjustments: the value entries that it added to entries of others. assemblies: the numbers of the posted assembly
    orders that it made.
    """
    numbers = [row.entry_no for row in entries]
    own = Q(item_ledger_entry__in=numbers) | Q(pk__in=[row.pk for row in adjustments])
    return _read(Q(pk__in=numbers), own, Q(document_no__in=assemblies), costs=costs)


def entries_of_document(no: str, *, costs: bool) -> PostedEntries:
    """Return what a posted document wrote, what undid it, and what its entries cost later. At most four statements."""
    return _read(Q(document_no=no), Q(item_ledger_entry__document_no=no), Q(document_no=no), costs=costs)


def _read(items: Q, values: Q, resources: Q, *, costs: bool) -> PostedEntries:
    of_items: QuerySet[ItemLedgerEntry] = querysets.ledger_entries() if costs else ItemLedgerEntry.objects.all()
    return PostedEntries(
        items=list(of_items.filter(items).order_by("entry_no")),
        values=list(ValueEntry.objects.filter(values).order_by("entry_no")) if costs else [],
        resources=list(ResourceLedgerEntry.objects.filter(resources).order_by("entry_no")),
        capacities=list(CapacityLedgerEntry.objects.filter(resources).order_by("entry_no")),
    )
