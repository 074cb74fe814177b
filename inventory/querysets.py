"""What pages and interface read: rows with what they show beside their own columns, in one statement each."""

from __future__ import annotations

from django.db.models import DecimalField, Exists, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import (
    BomLine,
    Item,
    ItemLedgerEntry,
    MovementSource,
    PlannedMovement,
    PurchaseLine,
    PurchaseOrder,
    ValueEntry,
)
from inventory.rounding import ZERO


def items() -> QuerySet[Item]:
    """Return the items, each with `assembly_bom`: whether it has BOM lines (DM-10)."""
    return Item.objects.annotate(assembly_bom=Exists(BomLine.objects.filter(parent=OuterRef("pk"))))


def ledger_entries() -> QuerySet[ItemLedgerEntry]:
    """Return the item ledger entries, each with `cost_amount`: the sum of its value entries, with its sign."""
    costs = (
        ValueEntry.objects.filter(item_ledger_entry=OuterRef("pk"))
        .order_by()
        .values("item_ledger_entry")
        .annotate(total=Sum("cost_amount"))
        .values("total")
    )
    amount = DecimalField(max_digits=18, decimal_places=2)
    return ItemLedgerEntry.objects.annotate(cost_amount=Coalesce(Subquery(costs), ZERO, output_field=amount))


def purchase_lines() -> QuerySet[PurchaseLine]:
    """Return the purchase lines, each with `reserved_quantity`: what is reserved of it, base units."""
    reserved = PlannedMovement.objects.filter(
        source_kind=MovementSource.PURCHASE_ORDER_LINE, source_id=OuterRef("pk")
    ).values("reserved_quantity")
    quantity = DecimalField(max_digits=18, decimal_places=5)
    return PurchaseLine.objects.annotate(reserved_quantity=Coalesce(Subquery(reserved), ZERO, output_field=quantity))


def purchase_orders_with_lines() -> QuerySet[PurchaseOrder]:
    """Return the purchase orders with their lines, in line order; two statements."""
    return PurchaseOrder.objects.prefetch_related(Prefetch("lines", queryset=purchase_lines().order_by("line_no")))
