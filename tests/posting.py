"""The words that stories of posting are told in: goods come in, orders are shipped, ledgers are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services.posting import post_assembly_order
from inventory import querysets
from inventory.models import (
    CapacityLedgerEntry,
    Item,
    ItemLedgerEntry,
    LedgerEntryType,
    ResourceLedgerEntry,
    StockBalance,
    ValueEntry,
)
from inventory.services.adjusting import post_adjustments
from sales.models import SalesDocument, SalesInvoice, SalesShipment
from sales.services.posting import PostedSales, post_sales_order

#: How the rule book writes entry types.
OUT, OUTPUT, SALE = LedgerEntryType.ASSEMBLY_CONSUMPTION, LedgerEntryType.ASSEMBLY_OUTPUT, LedgerEntryType.SALE


def stock(item: Item | str, quantity: str | int, cost: str | int | None = None, **given: Any) -> ItemLedgerEntry:
    """Bring goods in by a positive adjustment, at a unit cost (the item's unless given)."""
    row = {
        "entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT,
        "item": item if isinstance(item, str) else item.no,
        "quantity": Decimal(quantity),
        **given,
    }
    if cost is not None:
        row["unit_cost"] = Decimal(cost)
    (posted,) = post_adjustments([row])
    return posted.entry


def ship(document: SalesDocument, *, on: dt.date | None = None) -> PostedSales:
    """Ship what the order's lines say, and invoice nothing."""
    return post_sales_order(no=document.no, ship=True, invoice=False, posting_date=on)


def invoice(document: SalesDocument, *, on: dt.date | None = None) -> PostedSales:
    """Invoice what the order's lines say, and ship nothing."""
    return post_sales_order(no=document.no, ship=False, invoice=True, posting_date=on)


def ship_and_invoice(document: SalesDocument, *, on: dt.date | None = None) -> PostedSales:
    """Ship and invoice what the order's lines say."""
    return post_sales_order(no=document.no, ship=True, invoice=True, posting_date=on)


def post_assembly(document: AssemblyDocument, *, on: dt.date | None = None) -> PostedAssembly:
    """Post an assembly order to stock."""
    return post_assembly_order(no=document.no, posting_date=on).document


def ledger(*items: str, since: int = 0) -> list[tuple[Any, ...]]:
    """Return type, item, quantity and cost of the item ledger entries (of these items) in posting order."""
    rows = querysets.ledger_entries().filter(entry_no__gt=since).order_by("entry_no")
    if items:
        rows = rows.filter(item__in=items)
    return [(row.entry_type, row.item_id, row.quantity, row.cost_amount) for row in rows]  # type: ignore[attr-defined]


def moved(*items: str, since: int = 0) -> list[tuple[Any, ...]]:
    """Return type, item and quantity of the item ledger entries in posting order."""
    return [row[:3] for row in ledger(*items, since=since)]


def last_entry() -> int:
    """Return the number of the newest item ledger entry."""
    newest = ItemLedgerEntry.objects.order_by("-entry_no").first()
    return newest.entry_no if newest else 0


def costs(item: str, entry_type: str) -> list[Decimal]:
    """Return what the entries of the item and type cost so far, in posting order."""
    return [cost for kind, _, _, cost in ledger(item) if kind == entry_type]


def cost_parts(entry_no: int) -> dict[str, Decimal]:
    """Return what an entry costs so far by type of value entry; parts that cancelled out are absent."""
    rows = ValueEntry.objects.filter(item_ledger_entry=entry_no).order_by().values_list("entry_type")
    return {kind: total for kind, total in rows.annotate(total=Sum("cost_amount")) if total}


def on_hand(item: str, location: str = "MAIN") -> Decimal:
    """Return what is in stock."""
    row = StockBalance.objects.filter(item=item, location=location, variant_code="").first()
    return row.quantity if row else Decimal(0)


def used(resource: str) -> list[tuple[Any, ...]]:
    """Return quantity and total cost, then direct and overhead cost, of the uses of a resource."""
    uses = ResourceLedgerEntry.objects.filter(resource=resource).order_by("entry_no")
    capacity = CapacityLedgerEntry.objects.filter(resource=resource).order_by("entry_no")
    return [
        (use.quantity, use.total_cost, cost.direct_cost, cost.overhead_cost)
        for use, cost in zip(uses, capacity, strict=True)
    ]


def shipment_lines(posted: PostedSales) -> list[tuple[Any, ...]]:
    """Return number, quantity, invoiced and assembled quantity of the lines of a posted shipment."""
    assert posted.shipment is not None
    return [
        (row.no, row.quantity, row.quantity_invoiced, row.assemble_to_order_quantity)
        for row in posted.shipment.lines.order_by("line_no")
    ]


def nothing_posted(kinds: Iterable[type[Any]] = (SalesShipment, SalesInvoice, PostedAssembly)) -> bool:
    """Tell whether no posted document exists."""
    return not any(kind.objects.exists() for kind in kinds)
