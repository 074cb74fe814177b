"""What is typed into sales documents and their lines."""

from __future__ import annotations

from dataclasses import replace

from backoffice.pages import kinds
from backoffice.pages.entries import Field, Sheet
from sales.models import SalesDocumentType, SalesLineType, ShippingAdvice

LINE_NO_DIGITS = 9
MAX_LINE_NO = 10**LINE_NO_DIGITS - 1

HEADER = Sheet(
    Field(
        name="customer",
        label="Customer",
        kind=kinds.CODE,
        attr="customer_id",
        lookup="sales-customer-lookup",
        required=True,
    ),
    Field(
        name="external_document_no",
        label="External document no.",
        kind=kinds.text(50),
        help="The customer's own number",
    ),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY, help="Moves all lines"),
    Field(
        name="location",
        label="Location",
        kind=kinds.CODE,
        attr="location_id",
        lookup="sales-location-lookup",
        help="Proposed on new lines",
    ),
    Field(name="shipping_advice", label="Shipping advice", kind=kinds.CHOICE, choices=ShippingAdvice.choices),
    Field(name="order_date", label="Order date", kind=kinds.DAY),
    Field(name="posting_date", label="Posting date", kind=kinds.DAY),
    Field(name="requested_delivery_date", label="Requested delivery", kind=kinds.DAY),
    Field(name="promised_delivery_date", label="Promised delivery", kind=kinds.DAY),
    Field(name="note", label="Note", kind=kinds.text(2000, kinds.LONG_TEXT), size="wide"),
)
#: The fields that everybody needs; the others stand behind "More".
HEADER_FIRST = ("customer", "external_document_no", "shipment_date", "location", "shipping_advice")

#: Until when a quote stands.
_EXPIRES = Field(name="expiration_date", label="Valid until", kind=kinds.DAY)
QUOTE_HEADER = Sheet(*HEADER.without({"posting_date", "shipping_advice"}).fields.values(), _EXPIRES)

_QUANTITY = kinds.filled(kinds.QUANTITY)

LINE = Sheet(
    Field(name="type", label="Type", kind=kinds.CHOICE, choices=SalesLineType.choices, size="type"),
    Field(
        name="no",
        label="No.",
        kind=kinds.CODE,
        lookup="sales-no-lookup",
        lookup_with=("type",),
        stop=True,
        size="key",
    ),
    Field(name="description", label="Description", kind=kinds.text(200), size="words"),
    Field(name="quantity", label="Quantity", kind=_QUANTITY, stop=True, size="xs"),
    Field(
        name="unit_of_measure",
        label="Unit",
        kind=kinds.CODE,
        attr="unit_of_measure_id",
        lookup="sales-unit-lookup",
        lookup_with=("no",),
        size="xs",
    ),
    Field(
        name="qty_to_assemble_to_order",
        label="Assemble",
        kind=_QUANTITY,
        size="xs",
        help="Assembled to order; the rest comes from stock",
    ),
    Field(name="unit_price", label="Price", kind=kinds.filled(kinds.PRICE), size="s"),
    Field(name="line_discount_percent", label="Disc. %", kind=kinds.or_zero(kinds.PERCENT), size="xs"),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY, size="date"),
    Field(name="qty_to_ship", label="To ship", kind=_QUANTITY, size="xs", help="With the next shipment"),
    Field(name="qty_to_invoice", label="To invoice", kind=_QUANTITY, size="s", help="With the next invoice"),
    Field(
        name="variant",
        label="Variant",
        kind=kinds.CODE,
        attr="variant_code",
        lookup="sales-variant-lookup",
        lookup_with=("no",),
        size="s",
    ),
    Field(
        name="location",
        label="Location",
        kind=kinds.CODE,
        attr="location_id",
        lookup="sales-location-lookup",
        size="s",
    ),
    Field(name="bin", label="Bin", kind=kinds.CODE, attr="bin_code", size="s"),
    Field(
        name="blanket_order_no",
        label="Blanket order",
        kind=kinds.CODE,
        attr="blanket_no",
        size="m",
        help="The agreement that the line calls off from",
    ),
    Field(
        name="blanket_order_line_no",
        label="Its line",
        kind=kinds.whole(MAX_LINE_NO),
        attr="blanket_line_no",
        size="s",
    ),
)
#: What only an order's line has: it is shipped, and calls off from a blanket order.
ONLY_ON_ORDERS = frozenset({"qty_to_ship", "qty_to_invoice", "blanket_order_no", "blanket_order_line_no"})
#: A blanket order's line states what is agreed.
BLANKET_LINE = Sheet(
    *(
        replace(field, label="Agreed") if field.name == "quantity" else field
        for field in LINE.without(ONLY_ON_ORDERS).fields.values()
    )
)
#: What is asked of a copy.
COPY = Sheet(
    Field(name="to", label="Copy to", kind=kinds.CHOICE, choices=SalesDocumentType.choices),
    Field(
        name="recalculate_lines",
        label="With today's costs",
        kind=kinds.FLAG,
        help="The components keep what was changed in them either way",
    ),
)
#: What stands in a line before anything is typed.
NEW_LINE = {"type": SalesLineType.ITEM.value}

#: What a line of this type has, besides its type and description.
_COUNTED = frozenset(LINE.fields) - {"variant", "location", "bin", "qty_to_assemble_to_order"}
FIELDS_OF_TYPE = {
    SalesLineType.ITEM: frozenset(LINE.fields),
    SalesLineType.RESOURCE: _COUNTED,
    SalesLineType.COMMENT: frozenset({"type", "description"}),
}
