"""The figures of availability as the interface shows them (AVL-11 to AVL-15)."""

from __future__ import annotations

from rest_framework import serializers

from backoffice.api import fields


class FiguresOut(serializers.Serializer):  # type: ignore[type-arg]
    """What there is and will be of an item at a date, and what can be assembled with it, in one unit."""

    able_to_assemble = fields.QuantityField()
    earliest_date = fields.DateField(allow_null=True)
    inventory = fields.QuantityField()
    gross_requirement = fields.QuantityField()
    reserved_requirement = fields.QuantityField()
    scheduled_receipt = fields.QuantityField()
    reserved_receipt = fields.QuantityField()


class ComponentFiguresOut(FiguresOut):
    """The figures of one component at the date on which it is needed, in its line's unit."""

    line_no = fields.WholeNumberField()
    no = fields.CodeField()
    variant = fields.CodeField()
    location = fields.CodeField()
    unit_of_measure = fields.CodeField()
    due_date = fields.DateField()
    lead_time_offset_days = fields.WholeNumberField()
    current_quantity = fields.QuantityField()
    expected_available_inventory = fields.QuantityField()
    bottleneck = fields.FlagField()
