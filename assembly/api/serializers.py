"""What assembly documents and their lines look like: one shape for quotes, blanket orders and orders."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assembly import reading
from assembly.models import AssemblyDocument, AssemblyLine, AssemblyLineType, AssemblyStatus
from backoffice.api import fields
from backoffice.api.costs import HidesCosts
from backoffice.api.serializers import StrictSerializer
from backoffice.decimals import plain
from inventory.api.serializers.tracking import TrackingIn, TrackingOut
from inventory.models import ResourceUsage

NO_MAX_LENGTH = 40
#: A line number is at most nine digits, in the address too.
MAX_LINE_NO = 999_999_999
#: Ten years: no component is wanted earlier.
MAX_OFFSET_DAYS = 3_650
DOCUMENT_COSTS = frozenset({"unit_cost", "cost_amount", "indirect_cost_percent", "overhead_rate"})
LINE_COSTS = frozenset({"unit_cost", "cost_amount"})

_QUANTITY = {"type": "string", "format": "decimal"}
_SALES_DOCUMENT = {
    "type": ["object", "null"],
    "required": ["type", "no", "line_no"],
    "properties": {"type": {"type": "string"}, "no": {"type": "string"}, "line_no": {"type": "integer"}},
}


class AssemblyLineOut(HidesCosts, serializers.Serializer[AssemblyLine]):
    """A line as `assembly.reading.shown_lines` reads it, marked by `assembly.availability`."""

    cost_fields = LINE_COSTS

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=AssemblyLineType.choices)
    no = fields.CodeField()
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id", allow_null=True)
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    quantity_per = fields.QuantityField()
    quantity = fields.QuantityField()
    quantity_to_consume = fields.QuantityField()
    consumed_quantity = fields.QuantityField()
    remaining_quantity = fields.QuantityField()
    reserved_quantity = serializers.SerializerMethodField()
    qty_picked = fields.QuantityField()
    resource_usage_type = fields.ChoiceField(choices=ResourceUsage.choices)
    due_date = fields.DateField(source="needed_on", allow_null=True)
    lead_time_offset_days = fields.WholeNumberField()
    unit_cost = fields.UnitAmountField()
    cost_amount = fields.AmountField()
    position = fields.TextField()
    avail_warning = fields.FlagField()
    substitution_available = fields.FlagField()
    tracking = TrackingOut(many=True)

    @extend_schema_field(_QUANTITY)
    def get_reserved_quantity(self, line: reading.ShownLine) -> str:
        """What is reserved for the line, in its unit."""
        return plain(reading.reserved_quantity(line))


class AssemblyLineChangeIn(HidesCosts, StrictSerializer):
    """What of a line to change. Its quantity follows from the quantity per."""

    answer = AssemblyLineOut
    cost_fields = LINE_COSTS

    type = fields.ChoiceField(choices=AssemblyLineType.choices, required=False)
    no = fields.CodeField(required=False, allow_blank=True, max_length=NO_MAX_LENGTH)
    variant = fields.CodeField(required=False, allow_blank=True)
    description = fields.TextField(required=False, max_length=200)
    location = fields.CodeField(required=False)
    bin = fields.CodeField(required=False, allow_blank=True)
    unit_of_measure = fields.CodeField(required=False)
    quantity_per = fields.QuantityField(required=False)
    quantity_to_consume = fields.QuantityField(required=False)
    resource_usage_type = fields.ChoiceField(choices=ResourceUsage.choices, required=False)
    due_date = fields.DateField(required=False)
    lead_time_offset_days = fields.WholeNumberField(required=False, min_value=0, max_value=MAX_OFFSET_DAYS)
    unit_cost = fields.UnitAmountField(required=False)
    position = fields.TextField(required=False, max_length=20)
    tracking = TrackingIn(many=True, required=False)


class AssemblyLineIn(AssemblyLineChangeIn):
    """A line to enter."""

    line_no = fields.WholeNumberField(required=False, min_value=1, max_value=MAX_LINE_NO)
    type = fields.ChoiceField(choices=AssemblyLineType.choices)


class SubstitutionIn(StrictSerializer):
    """The item that takes the component's place."""

    substitute = fields.CodeField(max_length=NO_MAX_LENGTH)
    variant = fields.CodeField(required=False, allow_blank=True)


class AssemblyDocumentOut(HidesCosts, serializers.Serializer[AssemblyDocument]):
    """A document as `assembly.reading.shown_documents` reads it, with what `assembly.availability` attaches."""

    cost_fields = DOCUMENT_COSTS

    no = fields.CodeField()
    status = fields.ChoiceField(choices=AssemblyStatus.choices)
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id")
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id")
    quantity = fields.QuantityField()
    quantity_to_assemble = fields.QuantityField()
    assembled_quantity = fields.QuantityField()
    remaining_quantity = fields.QuantityField()
    reserved_quantity = serializers.SerializerMethodField()
    due_date = fields.DateField()
    starting_date = fields.DateField()
    ending_date = fields.DateField()
    posting_date = fields.DateField()
    unit_cost = fields.UnitAmountField()
    cost_amount = fields.AmountField()
    indirect_cost_percent = fields.PercentField()
    overhead_rate = fields.UnitAmountField()
    note = fields.TextField()
    assemble_to_order = serializers.SerializerMethodField()
    sales_document = serializers.SerializerMethodField()
    able_to_assemble = fields.QuantityField(source="ability.able_to_assemble")
    earliest_date = fields.DateField(source="ability.earliest_date", allow_null=True)
    created_at = fields.InstantField()
    modified_at = fields.InstantField()
    lines = AssemblyLineOut(many=True)
    tracking = TrackingOut(many=True)

    @extend_schema_field(_QUANTITY)
    def get_reserved_quantity(self, document: reading.ShownDocument) -> str:
        """What of its output is reserved, in its unit."""
        return plain(reading.reserved_quantity(document))

    @extend_schema_field({"type": "boolean"})
    def get_assemble_to_order(self, document: reading.ShownDocument) -> bool:
        """Whether it is made for a sales line."""
        return document.sales_no is not None

    @extend_schema_field(_SALES_DOCUMENT)
    def get_sales_document(self, document: reading.ShownDocument) -> dict[str, Any] | None:
        """The sales line that it is made for."""
        if document.sales_no is None:
            return None
        return {"type": document.sales_type, "no": document.sales_no, "line_no": document.sales_line_no}


class AssemblyDocumentChangeIn(HidesCosts, StrictSerializer):
    """What of a document to change. Its lines have addresses of their own."""

    answer = AssemblyDocumentOut
    cost_fields = DOCUMENT_COSTS

    item = fields.CodeField(required=False, max_length=NO_MAX_LENGTH)
    variant = fields.CodeField(required=False, allow_blank=True)
    description = fields.TextField(required=False, max_length=200)
    location = fields.CodeField(required=False)
    bin = fields.CodeField(required=False, allow_blank=True)
    unit_of_measure = fields.CodeField(required=False)
    quantity = fields.QuantityField(required=False)
    quantity_to_assemble = fields.QuantityField(required=False)
    due_date = fields.DateField(required=False)
    starting_date = fields.DateField(required=False)
    ending_date = fields.DateField(required=False)
    posting_date = fields.DateField(required=False)
    unit_cost = fields.UnitAmountField(required=False)
    indirect_cost_percent = fields.PercentField(required=False)
    overhead_rate = fields.UnitAmountField(required=False)
    note = fields.TextField(required=False, max_length=2000)
    tracking = TrackingIn(many=True, required=False)


class AssemblyOrderIn(AssemblyDocumentChangeIn):
    """An order to stock to enter; its lines come from the bill of materials."""

    no = fields.CodeField(required=False)
    item = fields.CodeField(max_length=NO_MAX_LENGTH)
