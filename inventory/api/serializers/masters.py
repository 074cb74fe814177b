"""Units of measure, resources, locations with bins, and the settings."""

from __future__ import annotations

from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer
from inventory.models import DefaultQuantityToShip, ResourceType

NAME_LENGTH = 100


class UnitOfMeasureOut(serializers.Serializer):  # type: ignore[type-arg]
    """A unit that quantities are counted in."""

    code = fields.CodeField()
    description = fields.TextField()


class UnitOfMeasureIn(StrictSerializer):
    """A unit that quantities are counted in."""

    answer = UnitOfMeasureOut
    code = fields.CodeField()
    description = fields.TextField(required=False)


class ResourceOut(serializers.Serializer):  # type: ignore[type-arg]
    """A person or a machine."""

    no = fields.CodeField()
    name = fields.TextField()
    type = fields.ChoiceField(choices=ResourceType.choices)
    base_unit_of_measure = fields.CodeField(source="base_unit_of_measure_id")
    unit_cost = fields.UnitAmountField()
    unit_price = fields.UnitAmountField()
    indirect_cost_percent = fields.PercentField()
    blocked = fields.FlagField()
    created_at = fields.InstantField()
    modified_at = fields.InstantField()


class ResourceIn(StrictSerializer):
    """A person or a machine."""

    answer = ResourceOut
    no = fields.CodeField()
    name = fields.TextField(required=False)
    type = fields.ChoiceField(choices=ResourceType.choices, required=False)
    base_unit_of_measure = fields.CodeField(required=False)
    unit_cost = fields.UnitAmountField(required=False)
    unit_price = fields.UnitAmountField(required=False)
    indirect_cost_percent = fields.PercentField(required=False)
    blocked = fields.FlagField(required=False)


class LocationOut(serializers.Serializer):  # type: ignore[type-arg]
    """A place where stock is kept."""

    code = fields.CodeField()
    name = fields.TextField()
    bin_mandatory = fields.FlagField()
    require_pick = fields.FlagField()
    require_shipment = fields.FlagField()
    to_assembly_bin = fields.CodeField(allow_blank=True)
    from_assembly_bin = fields.CodeField(allow_blank=True)
    asm_to_order_shpt_bin = fields.CodeField(allow_blank=True)
    default_bin = fields.CodeField(allow_blank=True)
    created_at = fields.InstantField()
    modified_at = fields.InstantField()


class LocationIn(StrictSerializer):
    """A place where stock is kept."""

    answer = LocationOut
    code = fields.CodeField()
    name = fields.TextField(required=False)
    bin_mandatory = fields.FlagField(required=False)
    require_pick = fields.FlagField(required=False)
    require_shipment = fields.FlagField(required=False)
    to_assembly_bin = fields.CodeField(allow_blank=True, required=False)
    from_assembly_bin = fields.CodeField(allow_blank=True, required=False)
    asm_to_order_shpt_bin = fields.CodeField(allow_blank=True, required=False)
    default_bin = fields.CodeField(allow_blank=True, required=False)


class BinOut(serializers.Serializer):  # type: ignore[type-arg]
    """A storage place within a location."""

    code = fields.CodeField()
    description = fields.TextField()


class BinIn(StrictSerializer):
    """A storage place within a location."""

    answer = BinOut
    code = fields.CodeField()
    description = fields.TextField(required=False)


class SetupOut(serializers.Serializer):  # type: ignore[type-arg]
    """The company's settings."""

    default_location = fields.CodeField(source="default_location_id", allow_null=True)
    default_safety_lead_time_days = fields.WholeNumberField()
    stockout_warning = fields.FlagField()
    check_avail_period_days = fields.WholeNumberField(allow_null=True)
    copy_comments = fields.FlagField()
    create_movements_automatically = fields.FlagField()
    default_quantity_to_ship = fields.ChoiceField(choices=DefaultQuantityToShip.choices)
    work_date = fields.DateField(allow_null=True)


class SetupIn(StrictSerializer):
    """The company's settings."""

    answer = SetupOut
    default_location = fields.CodeField(required=False, allow_null=True, allow_blank=True)
    default_safety_lead_time_days = fields.WholeNumberField(required=False, min_value=0)
    stockout_warning = fields.FlagField(required=False)
    check_avail_period_days = fields.WholeNumberField(required=False, allow_null=True, min_value=0)
    copy_comments = fields.FlagField(required=False)
    create_movements_automatically = fields.FlagField(required=False)
    default_quantity_to_ship = fields.ChoiceField(choices=DefaultQuantityToShip.choices, required=False)
    work_date = fields.DateField(required=False, allow_null=True)
