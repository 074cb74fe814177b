"""The ledgers of resources."""

from __future__ import annotations

from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.costs import HidesCosts
from inventory.models import CapacityLedgerEntry, ResourceLedgerEntry


class ResourceLedgerEntryOut(HidesCosts, serializers.Serializer[ResourceLedgerEntry]):
    """A use of a resource. Quantity: the resource's base unit; negative where a use was undone."""

    cost_fields = frozenset({"unit_cost", "total_cost"})

    entry_no = fields.WholeNumberField()
    posting_date = fields.DateField()
    resource = fields.CodeField(source="resource_id")
    quantity = fields.QuantityField()
    unit_cost = fields.UnitAmountField()
    total_cost = fields.AmountField()
    document_no = fields.CodeField()
    order_no = fields.CodeField()
    order_line_no = fields.WholeNumberField()
    reversal_of = fields.WholeNumberField(source="reversal_of_id", allow_null=True)
    created_at = fields.InstantField()


class CapacityLedgerEntryOut(HidesCosts, serializers.Serializer[CapacityLedgerEntry]):
    """What a use of a resource cost the item that it went into."""

    cost_fields = frozenset({"direct_cost", "overhead_cost"})

    entry_no = fields.WholeNumberField()
    posting_date = fields.DateField()
    resource = fields.CodeField(source="resource_id")
    quantity = fields.QuantityField()
    item = fields.CodeField(source="item_id")
    direct_cost = fields.AmountField()
    overhead_cost = fields.AmountField()
    document_no = fields.CodeField()
    order_no = fields.CodeField()
    order_line_no = fields.WholeNumberField()
    reversal_of = fields.WholeNumberField(source="reversal_of_id", allow_null=True)
    created_at = fields.InstantField()
