"""Posted sales documents as they are shown. Each queryset costs one statement (two with lines)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from sales.made_to_order import get_supplier
from sales.models import SalesInvoice, SalesInvoiceLine, SalesShipment, SalesShipmentLine

if TYPE_CHECKING:

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
