"""Adjustments, the ledgers, and purchase orders."""

from __future__ import annotations

from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer
from inventory.models import LedgerDocumentType, LedgerEntryType, PurchaseStatus, ValueEntryType

DESCRIPTION_LENGTH = 200
TRACKING_LENGTH = 50
ADJUSTMENTS = [
    (kind.value, kind.label) for kind in (LedgerEntryType.POSITIVE_ADJUSTMENT, LedgerEntryType.NEGATIVE_ADJUSTMENT)
]


class ItemLedgerEntryOut(serializers.Serializer):  # type: ignore[type-arg]
    """A movement of stock that has happened. Quantities: base units, inbound positive."""

    entry_no = fields.WholeNumberField()
    posting_date = fields.DateField()
    entry_type = fields.ChoiceField(choices=LedgerEntryType.choices)
    document_type = fields.ChoiceField(choices=LedgerDocumentType.choices)
    document_no = fields.CodeField(allow_blank=True)
    document_line_no = fields.WholeNumberField()
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    location = fields.CodeField(source="location_id")
    quantity = fields.QuantityField()
    remaining_quantity = fields.QuantityField()
    reserved_quantity = fields.QuantityField()
    cost_amount = fields.AmountField()
    assemble_to_order = fields.FlagField()
    applies_to_entry = fields.WholeNumberField(source="applies_to_entry_id", allow_null=True)
    reversal_of = fields.WholeNumberField(source="reversal_of_id", allow_null=True)
    lot_no = fields.CodeField(allow_blank=True)
    serial_no = fields.CodeField(allow_blank=True)
    order_no = fields.CodeField(allow_blank=True)
    order_line_no = fields.WholeNumberField()
    created_at = fields.InstantField()


class ValueEntryOut(serializers.Serializer):  # type: ignore[type-arg]
    """A part of the cost of an item ledger entry."""

    entry_no = fields.WholeNumberField()
    item_ledger_entry_no = fields.WholeNumberField(source="item_ledger_entry_id")
    item = fields.CodeField(source="item_id")
    entry_type = fields.ChoiceField(choices=ValueEntryType.choices)
    cost_amount = fields.AmountField()
    posting_date = fields.DateField()
    document_no = fields.CodeField(allow_blank=True)
    order_no = fields.CodeField(allow_blank=True)
    adjustment = fields.FlagField()
    created_at = fields.InstantField()


class WarehouseEntryOut(serializers.Serializer):  # type: ignore[type-arg]
    """A movement in or out of a bin."""

    entry_no = fields.WholeNumberField()
    item_ledger_entry_no = fields.WholeNumberField(source="item_ledger_entry_id")
    posting_date = fields.DateField()
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    location = fields.CodeField(source="location_id")
    bin = fields.CodeField(source="bin_code")
    quantity = fields.QuantityField()
    document_no = fields.CodeField(allow_blank=True)


class AdjustmentIn(StrictSerializer):
    """A correction of the stock, posted at once. `quantity` is in `unit_of_measure`, and > 0."""

    answer = ItemLedgerEntryOut
    entry_type = fields.ChoiceField(choices=ADJUSTMENTS)
    item = fields.CodeField()
    variant = fields.CodeField(required=False, allow_blank=True)
    location = fields.CodeField(required=False, allow_blank=True)
    bin = fields.CodeField(required=False, allow_blank=True)
    quantity = fields.QuantityField()
    unit_of_measure = fields.CodeField(required=False, allow_blank=True)
    unit_cost = fields.UnitAmountField(required=False)
    posting_date = fields.DateField(required=False)
    lot_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)
    serial_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)


class PurchaseLineOut(serializers.Serializer):  # type: ignore[type-arg]
    """A line of a purchase order; quantities in its unit, `reserved_quantity` in base units."""

    line_no = fields.WholeNumberField()
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    description = fields.TextField()
    location = fields.CodeField(source="location_id")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id")
    qty_per_unit_of_measure = fields.QuantityField()
    quantity = fields.QuantityField()
    quantity_received = fields.QuantityField()
    outstanding_quantity = fields.QuantityField()
    reserved_quantity = fields.QuantityField()
    unit_cost = fields.UnitAmountField()
    expected_receipt_date = fields.DateField()


class PurchaseLineIn(StrictSerializer):
    """A line of a purchase order."""

    answer = PurchaseLineOut
    line_no = fields.WholeNumberField(required=False, min_value=1)
    item = fields.CodeField()
    variant = fields.CodeField(required=False, allow_blank=True)
    description = fields.TextField(required=False, max_length=DESCRIPTION_LENGTH)
    location = fields.CodeField(required=False, allow_blank=True)
    unit_of_measure = fields.CodeField(required=False, allow_blank=True)
    quantity = fields.QuantityField()
    unit_cost = fields.UnitAmountField(required=False)
    expected_receipt_date = fields.DateField(required=False)


class PurchaseOrderOut(serializers.Serializer):  # type: ignore[type-arg]
    """What a vendor has been asked to deliver."""

    no = fields.CodeField()
    vendor_name = fields.TextField()
    order_date = fields.DateField()
    status = fields.ChoiceField(choices=PurchaseStatus.choices)
    lines = PurchaseLineOut(many=True)
    created_at = fields.InstantField()
    modified_at = fields.InstantField()


class PurchaseOrderIn(StrictSerializer):
    """What a vendor has been asked to deliver."""

    answer = PurchaseOrderOut
    no = fields.CodeField(required=False)
    vendor_name = fields.TextField(required=False)
    order_date = fields.DateField(required=False)
    lines = PurchaseLineIn(many=True, required=False)


class PurchaseHeaderIn(StrictSerializer):
    """Changes of the header; the lines have addresses of their own."""

    answer = PurchaseOrderOut
    no = fields.CodeField(required=False)
    vendor_name = fields.TextField(required=False)
    order_date = fields.DateField(required=False)


class ReceiptLineIn(StrictSerializer):
    """What has arrived of a line: all that is outstanding unless a quantity is given."""

    line_no = fields.WholeNumberField(min_value=1)
    quantity = fields.QuantityField(required=False)
    bin = fields.CodeField(required=False, allow_blank=True)
    lot_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)
    serial_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)


class ReceiptIn(StrictSerializer):
    """What has arrived: the lines named, or everything."""

    posting_date = fields.DateField(required=False)
    lines = ReceiptLineIn(many=True, required=False)
