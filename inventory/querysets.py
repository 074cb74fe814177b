"""What pages and interface read: rows with what they show beside their own columns, in one statement each."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    DecimalField,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Now, TruncDate

from inventory.models import (
    BomLine,
    Item,
    ItemLedgerEntry,
    MovementSource,
    PlannedMovement,
    PurchaseLine,
    PurchaseOrder,
    PurchaseStatus,
    Setup,
    StockBalance,
    TrackedSource,
    TrackingLine,
    ValueEntry,
    WarehouseEntry,
)
from inventory.rounding import ZERO

ModelT = TypeVar("ModelT", bound=Model)

_QUANTITY = DecimalField(max_digits=18, decimal_places=5)


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


# --- For pages --------------------------------------------------------------------------------------------------------


def items_matching(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Keep the items whose number or description contains the text."""
    return rows.filter(Q(no__icontains=text) | Q(description__icontains=text)) if text else rows


def best_first(rows: QuerySet[ModelT], key: str, text: str) -> QuerySet[ModelT]:
    """Order what was found: keys that begin with the text first, then by key."""
    begins = Case(When(**{f"{key}__istartswith": text, "then": 0}), default=1)
    return rows.order_by(begins, key) if text else rows.order_by(key)


def items_with_stock() -> QuerySet[Item]:
    """Return the items, each with `assembly_bom` and with `on_hand`: what is in stock of it, base units."""
    return items().annotate(on_hand=_sum_for_item(StockBalance.objects.all(), "quantity"))


def item_cards() -> QuerySet[Item]:
    """Return the items with what their cards say beside them, base units, none of it negative.

    on_hand, reserved: stock at all locations, and what of it is set aside. expected, needed: what open documents
    bring and take.
    """
    supply = PlannedMovement.objects.filter(quantity__gt=0)
    demand = PlannedMovement.objects.filter(quantity__lt=0)
    return items_with_stock().annotate(
        reserved=_sum_for_item(StockBalance.objects.all(), "reserved_quantity"),
        expected=_sum_for_item(supply, "quantity"),
        needed=-_sum_for_item(demand, "quantity"),
    )


def _sum_for_item(rows: QuerySet[Any], column: str) -> Coalesce:
    sums = rows.filter(item=OuterRef("pk")).order_by().values("item").annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(sums), ZERO, output_field=_QUANTITY)


def bom_of(item: Item) -> QuerySet[BomLine]:
    """Return the item's BOM lines, each with `is_assembled`: whether its component has a BOM of its own."""
    own_bom = BomLine.objects.filter(parent=OuterRef("item_id"))
    return BomLine.objects.filter(parent=item).annotate(is_assembled=Exists(own_bom)).order_by("line_no")


def stock_of(item: Item) -> QuerySet[StockBalance]:
    """Return the item's stock by variant and location, each with `expected` and `needed` there, base units.

    Places without stock are there as long as something was once posted to them.
    """
    there = PlannedMovement.objects.filter(
        item=OuterRef("item"), variant_code=OuterRef("variant_code"), location=OuterRef("location")
    ).order_by()
    return StockBalance.objects.filter(item=item).annotate(
        expected=_sum_there(there.filter(quantity__gt=0)), needed=-_sum_there(there.filter(quantity__lt=0))
    )


def _sum_there(rows: QuerySet[PlannedMovement]) -> Coalesce:
    sums = rows.values("item").annotate(total=Sum("quantity")).values("total")
    return Coalesce(Subquery(sums), ZERO, output_field=_QUANTITY)


def bin_contents_of(item: Item) -> QuerySet[WarehouseEntry, Any]:
    """Return what of the item lies in which bin: location_id, bin_code, variant_code, content (base units, not 0)."""
    rows = WarehouseEntry.objects.filter(item=item).order_by()
    sums = rows.values("location_id", "bin_code", "variant_code").annotate(content=Sum("quantity"))
    return sums.exclude(content=0).order_by("location_id", "bin_code", "variant_code")


def purchase_order_list() -> QuerySet[PurchaseOrder]:
    """Return the purchase orders, each with `next_receipt_date`: when the next of its goods are due, or None."""
    due = (
        PurchaseLine.objects.filter(order=OuterRef("pk"), quantity__gt=F("quantity_received"))
        .order_by("expected_receipt_date")
        .values("expected_receipt_date")[:1]
    )
    return PurchaseOrder.objects.annotate(next_receipt_date=Subquery(due))


def open_purchase_orders() -> QuerySet[PurchaseOrder]:
    """Return the orders of which something may still arrive."""
    return PurchaseOrder.objects.filter(status=PurchaseStatus.OPEN)


def overdue_purchase_orders() -> QuerySet[PurchaseOrder]:
    """Return the open orders of which something should have arrived before the work date."""
    today = Setup.objects.filter(pk=1).values(day=Coalesce("work_date", TruncDate(Now())))
    late = PurchaseLine.objects.filter(
        order=OuterRef("pk"), quantity__gt=F("quantity_received"), expected_receipt_date__lt=Subquery(today)
    )
    return open_purchase_orders().filter(Exists(late))


def tracking_of(kind: TrackedSource, source_id: Any) -> ArraySubquery:
    """Return an annotation: the lots and serial numbers of a document row, as a list of objects.

    source_id: an expression for the row's id, of the outer query. Quantities are decimals as text, in base units.
    """
    numbers = TrackingLine.objects.filter(source_kind=kind, source_id=source_id).order_by("pk")
    quantities = {name: Cast(name, TextField()) for name in ("quantity", "quantity_to_handle", "quantity_handled")}
    return ArraySubquery(numbers.values(json=JSONObject(lot_no="lot_no", serial_no="serial_no", **quantities)))
