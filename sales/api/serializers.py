"""What sales documents and their lines look like: one shape for quotes, blanket orders and orders."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.costs import HidesCosts
from backoffice.api.serializers import StrictSerializer
from backoffice.decimals import plain
from inventory.api.serializers.tracking import TrackingIn, TrackingOut
from inventory.models import Item
from sales import reading
from sales.api.availability import LineAvailabilityOut
from sales.models import SalesDocument, SalesLine, SalesLineType, SalesStatus, ShippingAdvice

NO_MAX_LENGTH = Item._meta.get_field("no").max_length or 0
#: A line number is at most nine digits, in the address too.
MAX_LINE_NO = 999_999_999
NOTE_MAX_LENGTH = 2000
LINE_COSTS = frozenset({"unit_cost"})

_QUANTITY = {"type": "string", "format": "decimal"}
_REFERENCE = {
    "type": ["object", "null"],
    "required": ["type", "no"],
    "properties": {"type": {"type": "string"}, "no": {"type": "string"}},
}


class SalesLineOut(HidesCosts, serializers.Serializer[SalesLine]):
    """A line as `sales.reading.shown_lines` reads it."""

    cost_fields = LINE_COSTS

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=SalesLineType.choices)
    no = fields.CodeField()
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id", allow_null=True)
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    quantity = fields.QuantityField()
    shipment_date = fields.DateField(allow_null=True)
    unit_price = fields.UnitAmountField()
    line_discount_percent = fields.PercentField()
    line_amount = fields.AmountField()
    unit_cost = fields.UnitAmountField()
    qty_to_assemble_to_order = fields.QuantityField()
    qty_to_ship = fields.QuantityField()
    qty_to_invoice = fields.QuantityField()
    quantity_shipped = fields.QuantityField()
    quantity_invoiced = fields.QuantityField()
    outstanding_quantity = fields.QuantityField()
    reserved_quantity = serializers.SerializerMethodField()
    blanket_order_no = fields.CodeField(source="blanket_line.document.no", default=None, allow_null=True)
    blanket_order_line_no = fields.WholeNumberField(source="blanket_line.line_no", default=None, allow_null=True)
    assembly_document = serializers.SerializerMethodField()
    tracking = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()

    @extend_schema_field(LineAvailabilityOut(allow_null=True))
    def get_availability(self, line: reading.ShownLine) -> dict[str, Any] | None:
        """What there is for it; null in lists, on blanket orders, and of what is not kept in stock."""
        seen = getattr(line, "availability", None)
        return None if seen is None else LineAvailabilityOut(seen).data

    @extend_schema_field(_QUANTITY)
    def get_reserved_quantity(self, line: reading.ShownLine) -> str:
        """What is reserved for the line, in its unit."""
        return plain(reading.reserved_quantity(line))

    @extend_schema_field(TrackingOut(many=True))
    def get_tracking(self, line: reading.ShownLine) -> list[dict[str, Any]]:
        """Lots and serial numbers: of what is made for the line, then of the part from stock."""
        return [dict(TrackingOut(row).data) for row in [*line.made_tracking, *line.own_tracking]]

    @extend_schema_field(_REFERENCE)
    def get_assembly_document(self, line: reading.ShownLine) -> dict[str, Any] | None:
        """The document that makes what is assembled to order."""
        return None if line.assembly_no is None else {"type": line.assembly_type, "no": line.assembly_no}


class BlanketSalesLineOut(SalesLineOut):
    """A line of a blanket order: it also tells what orders hold of it."""

    quantity_on_orders = serializers.SerializerMethodField()

    @extend_schema_field(_QUANTITY)
    def get_quantity_on_orders(self, line: reading.ShownLine) -> str:
        """What open orders hold of it and have not shipped, in its unit."""
        return plain(reading.quantity_on_orders(line))


class SalesLineIn(HidesCosts, StrictSerializer):
    """A line to enter or change."""

    answer = SalesLineOut
    cost_fields = LINE_COSTS

    line_no = fields.WholeNumberField(required=False, min_value=1, max_value=MAX_LINE_NO)
    type = fields.ChoiceField(choices=SalesLineType.choices, required=False)
    no = fields.CodeField(required=False, allow_blank=True, max_length=NO_MAX_LENGTH)
    variant = fields.CodeField(required=False, allow_blank=True)
    description = fields.TextField(required=False, max_length=200)
    location = fields.CodeField(required=False, allow_null=True)
    bin = fields.CodeField(required=False, allow_blank=True)
    unit_of_measure = fields.CodeField(required=False)
    quantity = fields.QuantityField(required=False)
    shipment_date = fields.DateField(required=False, allow_null=True)
    unit_price = fields.UnitAmountField(required=False)
    line_discount_percent = fields.PercentField(required=False)
    unit_cost = fields.UnitAmountField(required=False)
    qty_to_assemble_to_order = fields.QuantityField(required=False)
    qty_to_ship = fields.QuantityField(required=False)
    qty_to_invoice = fields.QuantityField(required=False)
    blanket_order_no = fields.CodeField(required=False, allow_blank=True, allow_null=True)
    blanket_order_line_no = fields.WholeNumberField(required=False, allow_null=True)
    tracking = TrackingIn(many=True, required=False)


class BlanketSalesLineIn(SalesLineIn):
    """A line of a blanket order to enter or change."""

    answer = BlanketSalesLineOut


class SalesDocumentOut(serializers.Serializer[SalesDocument]):
    """A document as `sales.reading.shown_documents` reads it."""

    no = fields.CodeField()
    customer = fields.CodeField(source="customer_id")
    status = fields.ChoiceField(choices=SalesStatus.choices)
    order_date = fields.DateField()
    posting_date = fields.DateField()
    shipment_date = fields.DateField()
    requested_delivery_date = fields.DateField(allow_null=True)
    promised_delivery_date = fields.DateField(allow_null=True)
    location = fields.CodeField(source="location_id", allow_null=True)
    external_document_no = fields.TextField()
    shipping_advice = fields.ChoiceField(choices=ShippingAdvice.choices)
    note = fields.TextField()
    amount = fields.AmountField()
    quote_no = fields.CodeField()
    created_at = fields.InstantField()
    modified_at = fields.InstantField()
    lines = SalesLineOut(many=True)


class SalesQuoteOut(SalesDocumentOut):
    """A quote: it also tells until when it stands."""

    expiration_date = fields.DateField(allow_null=True)


class BlanketSalesOrderOut(SalesDocumentOut):
    """A blanket order."""

    lines = BlanketSalesLineOut(many=True)


class SalesDocumentChangeIn(StrictSerializer):
    """What of a document to change. Its lines have addresses of their own."""

    answer = SalesDocumentOut

    no = fields.CodeField(required=False)
    customer = fields.CodeField(required=False)
    order_date = fields.DateField(required=False)
    posting_date = fields.DateField(required=False)
    shipment_date = fields.DateField(required=False)
    requested_delivery_date = fields.DateField(required=False, allow_null=True)
    promised_delivery_date = fields.DateField(required=False, allow_null=True)
    location = fields.CodeField(required=False, allow_null=True)
    external_document_no = fields.TextField(required=False, max_length=50)
    shipping_advice = fields.ChoiceField(choices=ShippingAdvice.choices, required=False)
    note = fields.TextField(required=False, max_length=NOTE_MAX_LENGTH)


class SalesDocumentIn(SalesDocumentChangeIn):
    """A document to enter, perhaps with its lines."""

    customer = fields.CodeField()
    lines = SalesLineIn(many=True, required=False)


class SalesQuoteChangeIn(SalesDocumentChangeIn):
    """What of a quote to change."""

    answer = SalesQuoteOut

    expiration_date = fields.DateField(required=False, allow_null=True)


class SalesQuoteIn(SalesQuoteChangeIn, SalesDocumentIn):
    """A quote to enter, perhaps with its lines."""


class BlanketSalesOrderIn(SalesDocumentIn):
    """A blanket order to enter, perhaps with its lines."""

    answer = BlanketSalesOrderOut
    lines = BlanketSalesLineIn(many=True, required=False)


class ReserveIn(StrictSerializer):
    """How much to reserve, in the line's unit; what is left unless given."""

    quantity = fields.QuantityField(required=False)
