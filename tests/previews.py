"""A posting seen before and after it is done, in a form in which the two can be compared.

Numbers that are drawn are left out: entries are named by their place among all entries instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from assembly.services.posting import PostedOrder
from backoffice.transactions import settle
from inventory.models import (
    CapacityLedgerEntry,
    ItemApplication,
    ItemLedgerEntry,
    ResourceLedgerEntry,
    StockBalance,
    ValueEntry,
)
from sales.services.posting import PostedSales

Posting = PostedSales | PostedOrder
Shown = dict[str, list[tuple[Any, ...]]]

P = TypeVar("P", bound=Posting)

_ENTRY = (
    "entry_type",
    "document_type",
    "document_no",
    "document_line_no",
    "order_no",
    "order_line_no",
    "item_id",
    "variant_code",
    "location_id",
    "lot_no",
    "serial_no",
    "posting_date",
    "quantity",
    "remaining_quantity",
    "reserved_quantity",
    "assemble_to_order",
)
_BALANCE = ("item", "variant_code", "location", "quantity", "reserved_quantity")


def previewed(post: Callable[[], P]) -> Shown:
    """Return what a posting would write; nothing stays of it."""
    with transaction.atomic():
        seen = shown(post())
        settle()
        transaction.set_rollback(True)
    return seen


def shown(posted: Posting) -> Shown:
    """Return what a posting has written, right after it: its entries, their costs and corrections, what is left."""
    all_entries = ItemLedgerEntry.objects.order_by("pk").values_list("pk", flat=True)
    places = {number: place for place, number in enumerate(all_entries)}
    own = [row.entry_no for row in posted.entries]
    entries = ItemLedgerEntry.objects.filter(pk__in=own).order_by("pk")
    values = ValueEntry.objects.filter(item_ledger_entry__in=own) | ValueEntry.objects.filter(
        pk__in=[row.pk for row in posted.adjustments]
    )
    numbers = _numbers(posted)
    return {
        "item": [
            (places[row.pk], places.get(row.applies_to_entry_id or 0), *(getattr(row, name) for name in _ENTRY))
            for row in entries
        ],
        "application": [
            (places[inbound], places[outbound], quantity)
            for inbound, outbound, quantity in ItemApplication.objects.filter(outbound_entry__in=own)
            .order_by("inbound_entry", "outbound_entry")
            .values_list("inbound_entry", "outbound_entry", "quantity")
        ],
        "value": [
            (places[row.item_ledger_entry_id], row.entry_type, row.cost_amount, row.adjustment)
            for row in values.order_by("pk")
        ],
        "resource": _uses(ResourceLedgerEntry, numbers, "quantity", "total_cost"),
        "capacity": _uses(CapacityLedgerEntry, numbers, "quantity", "direct_cost", "overhead_cost"),
        "stock": sorted(StockBalance.objects.values_list(*_BALANCE)),
    }


def _numbers(posted: Posting) -> list[str]:
    """Return the numbers of the posted assembly orders that it made."""
    return [posted.document.no] if isinstance(posted, PostedOrder) else posted.posted_assembly_orders


def _uses(kind: type[ResourceLedgerEntry] | type[CapacityLedgerEntry], numbers: list[str], *names: str) -> list[Any]:
    rows = kind._default_manager.filter(document_no__in=numbers).order_by("pk")
    return list(rows.values_list("document_no", "resource", *names))
