"""Shipments and invoices, read only; a shipment can be undone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api import fields
from backoffice.api.filters import Filter, Kind
from backoffice.api.serializers import StrictSerializer
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right
from sales import posted_reading as reading
from sales.models import SalesInvoice, SalesInvoiceLine, SalesLineType, SalesShipment, SalesShipmentLine
from sales.services.undo import undo_shipment


class SalesShipmentLineOut(serializers.Serializer[SalesShipmentLine]):
    """A line as `sales.posted_reading.shown_shipment_lines` reads it. Its number is the order line's."""

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=SalesLineType.choices)
    no = fields.CodeField()
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id", allow_null=True)
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    quantity = fields.QuantityField()
    quantity_invoiced = fields.QuantityField()
    correction = fields.FlagField()
    assemble_to_order_quantity = fields.QuantityField()
    posted_assembly_order = fields.CodeField(source="posted_assembly_no", allow_null=True)


class SalesShipmentOut(serializers.Serializer[SalesShipment]):
    """Goods that left together."""

    no = fields.CodeField()
    order_no = fields.CodeField()
    customer = fields.CodeField(source="customer_id")
    posting_date = fields.DateField()
    order_date = fields.DateField()
    external_document_no = fields.TextField()
    created_at = fields.InstantField()
    lines = SalesShipmentLineOut(many=True)


class SalesInvoiceLineOut(serializers.Serializer[SalesInvoiceLine]):
    """What was invoiced of one order line."""

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=SalesLineType.choices)
    no = fields.CodeField()
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    quantity = fields.QuantityField()
    unit_price = fields.UnitAmountField()
    line_discount_percent = fields.PercentField()
    line_amount = fields.AmountField()


class SalesInvoiceOut(serializers.Serializer[SalesInvoice]):
    """What the customer is asked to pay."""

    no = fields.CodeField()
    order_no = fields.CodeField()
    customer = fields.CodeField(source="customer_id")
    posting_date = fields.DateField()
    order_date = fields.DateField()
    external_document_no = fields.TextField()
    created_at = fields.InstantField()
    lines = SalesInvoiceLineOut(many=True)


class UndoShipmentIn(StrictSerializer):
    """Which lines to undo: all unless named."""

    line_nos = serializers.ListField(
        child=fields.WholeNumberField(min_value=1), required=False, allow_empty=False, max_length=1000
    )


_FILTERS: dict[str, str | Filter] = {
    "no": "no",
    "order_no": "order_no",
    "customer": "customer_id",
    "posting_date": "posting_date",
    "order_date": "order_date",
    "external_document_no": "external_document_no",
    "created_at": "created_at",
}


class SalesShipmentViewSet(ResourceViewSet):
    """What has left, and for which order."""

    rights: ClassVar = {"read": Right.VIEW_SALES, "undo": Right.UNDO}
    serializer_class = SalesShipmentOut
    nested = ("lines",)
    filters: ClassVar = {**_FILTERS, "item": Filter(kind=Kind.TEXT, apply=reading.shipments_having_item)}
    search = ("no", "order_no", "customer__no", "customer_name", "external_document_no")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[SalesShipment]:
        """Return all of them, with their lines where the answer shows them."""
        shipments = SalesShipment.objects.all()
        return reading.shipments_with_lines(shipments) if self.shows("lines") else shipments

    @action(detail=True, methods=["post"], input_class=UndoShipmentIn)
    def undo(self, request: Request, no: str) -> Response:
        """Take lines of the shipment back, with what was assembled for them; answer with the shipment."""
        values: dict[str, Any] = self.values()
        undo_shipment(no=self.key, line_nos=values.get("line_nos"))
        return self.show_again()


class SalesInvoiceViewSet(ResourceViewSet):
    """What was invoiced."""

    rights: ClassVar = {"read": Right.VIEW_SALES}
    serializer_class = SalesInvoiceOut
    nested = ("lines",)
    filters: ClassVar = {**_FILTERS, "item": Filter(kind=Kind.TEXT, apply=reading.invoices_having_item)}
    search = ("no", "order_no", "customer__no", "customer_name", "external_document_no")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[SalesInvoice]:
        """Return all of them, with their lines where the answer shows them."""
        invoices = SalesInvoice.objects.all()
        return reading.invoices_with_lines(invoices) if self.shows("lines") else invoices
