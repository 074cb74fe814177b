"""What the questions about an item are answered with. Quantities are in the item's base unit."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backoffice.api import fields
from inventory.availability.questions import Event

_SOURCE = {
    "type": "object",
    "required": ["type", "no", "line_no"],
    "properties": {
        "type": {"type": "string", "enum": ["sales_order", "assembly_order", "purchase_order"]},
        "no": {"type": "string"},
        "line_no": {"type": ["integer", "null"]},
    },
}


class AvailabilityOut(serializers.Serializer):  # type: ignore[type-arg]
    """The figures as of a date."""

    on_hand = fields.QuantityField()
    reserved_on_hand = fields.QuantityField()
    gross_requirement = fields.QuantityField()
    scheduled_receipt = fields.QuantityField()
    projected_available_balance = fields.QuantityField()
    available = fields.QuantityField()


class LocationAvailabilityOut(AvailabilityOut):
    """The figures of one location."""

    location = fields.CodeField()


class AvailabilityByLocationOut(serializers.Serializer):  # type: ignore[type-arg]
    """A row a location."""

    results = LocationAvailabilityOut(many=True)


class EventOut(serializers.Serializer):  # type: ignore[type-arg]
    """What happens on a day, and what there is afterwards."""

    date = fields.DateField(source="movement.due_date")
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field's name, not a field's source
    quantity = fields.QuantityField(source="movement.quantity")
    projected_available_balance = fields.QuantityField()

    @extend_schema_field(_SOURCE)
    def get_source(self, event: Event) -> dict[str, Any]:
        """The document behind it; an order's output has no line."""
        movement = event.movement
        kind = movement.source_kind.removesuffix("_line")
        return {"type": kind, "no": movement.document_no, "line_no": movement.line_no}


class EventsOut(serializers.Serializer):  # type: ignore[type-arg]
    """The running balance."""

    results = EventOut(many=True)
    next = serializers.CharField(allow_null=True)
