"""Posted sales documents as they are shown. Each queryset costs one statement (two with lines)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import CharField, DecimalField, Exists, OuterRef, Prefetch, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from inventory.models import LedgerDocumentType
from inventory.rounding import ZERO
from sales.made_to_order import get_supplier
from sales.models import SalesDocument, SalesInvoice, SalesInvoiceLine, SalesLine, SalesShipment, SalesShipmentLine

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    class ListedShipment(SalesShipment):
        """A shipment as `listed_shipments` reads it."""

        #: Whether lines of it were undone, and whether anything is left that was not.
        has_undone: bool
        has_goods: bool

        class Meta:
            abstract = True

    class ListedInvoice(SalesInvoice):
        """An invoice as `listed_invoices` reads it."""

        amount: Decimal

        class Meta:
            abstract = True

    class ShownShipmentLine(SalesShipmentLine):
        """A line as `shown_shipment_lines` reads it."""

        #: The number of what was posted to make the line's goods; null where nothing was made.
        posted_assembly_no: str | None

        class Meta:
            abstract = True


def shown_shipment_lines() -> QuerySet[ShownShipmentLine]:
    """Return shipment lines by number, a correction below what it corrects, with what was assembled for them."""
    lines = SalesShipmentLine.objects.order_by("shipment", "line_no", "pk")
    return cast("QuerySet[ShownShipmentLine]", get_supplier().annotate_shipment_lines(lines))


def shipments_with_lines(shipments: QuerySet[SalesShipment]) -> QuerySet[SalesShipment]:
    """Load the shipments' lines too, as they are shown."""
    return shipments.prefetch_related(Prefetch("lines", queryset=shown_shipment_lines()))


def invoices_with_lines(invoices: QuerySet[SalesInvoice]) -> QuerySet[SalesInvoice]:
    """Load the invoices' lines too, by number."""
    return invoices.prefetch_related(
        Prefetch("lines", queryset=SalesInvoiceLine.objects.order_by("invoice", "line_no"))
    )


def shipments_having_item(shipments: QuerySet[SalesShipment], item_no: str) -> QuerySet[SalesShipment]:
    """Return those of the shipments that have a line of the item."""
    return shipments.filter(Exists(SalesShipmentLine.objects.filter(shipment=OuterRef("pk"), item=item_no)))


def invoices_having_item(invoices: QuerySet[SalesInvoice], item_no: str) -> QuerySet[SalesInvoice]:
    """Return those of the invoices that have a line of the item."""
    return invoices.filter(Exists(SalesInvoiceLine.objects.filter(invoice=OuterRef("pk"), item=item_no)))


# --- For pages


def listed_shipments() -> QuerySet[ListedShipment]:
    """Return the shipments, with what of them was undone."""
    lines = SalesShipmentLine.objects.filter(shipment=OuterRef("pk"))
    listed = SalesShipment.objects.annotate(
        has_undone=Exists(lines.filter(correction=True)),
        has_goods=Exists(lines.filter(correction=False, quantity__gt=0)),
    )
    return cast("QuerySet[ListedShipment]", listed)


def listed_invoices() -> QuerySet[ListedInvoice]:
    """Return the invoices with their amount."""
    lines = SalesInvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    total = Subquery(lines.annotate(total=Sum("line_amount")).values("total"))
    amount = Coalesce(total, ZERO, output_field=DecimalField(max_digits=18, decimal_places=2))
    return cast("QuerySet[ListedInvoice]", SalesInvoice.objects.annotate(amount=amount))


def posting_due(document: SalesDocument) -> str:
    """Return what is likely to be posted next: "ship" where a line has a quantity to ship, else "invoice"."""
    to_ship = SalesLine.objects.filter(document=document, qty_to_ship__gt=0)
    return "ship" if to_ship.exists() else "invoice"


def posted_of_order(order_no: str) -> list[tuple[str, str, dt.date]]:
    """Return kind, number and posting date of the shipments and invoices of an order, oldest first. One statement."""

    def of(rows: QuerySet[SalesShipment] | QuerySet[SalesInvoice], kind: LedgerDocumentType) -> QuerySet[Any, Any]:
        named = rows.filter(order_no=order_no).order_by()
        return named.annotate(kind=Value(kind.value, output_field=CharField())).values_list(
            "kind", "no", "posting_date", "created_at"
        )

    shipments = of(SalesShipment.objects.all(), LedgerDocumentType.SALES_SHIPMENT)
    invoices = of(SalesInvoice.objects.all(), LedgerDocumentType.SALES_INVOICE)
    found = shipments.union(invoices, all=True).order_by("created_at", "no")
    return [(kind, no, posting_date) for kind, no, posting_date, _ in found]
