"""Items with units and variants, bills of materials, substitutes, and where an item is used."""

from __future__ import annotations

from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer
from inventory.models import (
    AssemblyPolicy,
    BomLineType,
    CostingMethod,
    ItemTracking,
    ItemType,
    ReorderingPolicy,
    ReplenishmentSystem,
    ReservePolicy,
    ResourceUsage,
)

DESCRIPTION_LENGTH = 200
MAX_DAYS = 36_500
#: What people without the right to see costs do not see.
ITEM_COSTS = frozenset({"unit_cost", "standard_cost", "indirect_cost_percent", "overhead_rate"})


class ItemUnitOut(serializers.Serializer):  # type: ignore[type-arg]
    """A unit of an item: its size in base units, and the step in which it is counted."""

    code = fields.CodeField(source="unit_of_measure_id")
    qty_per_unit_of_measure = fields.QuantityField()
    qty_rounding_precision = fields.QuantityField()


class ItemUnitIn(StrictSerializer):
    """A unit of an item."""

    code = fields.CodeField()
    qty_per_unit_of_measure = fields.QuantityField(required=False)
    qty_rounding_precision = fields.QuantityField(required=False)


class ItemVariantOut(serializers.Serializer):  # type: ignore[type-arg]
    """A version of an item."""

    code = fields.CodeField()
    description = fields.TextField()
    blocked = fields.FlagField()


class ItemVariantIn(StrictSerializer):
    """A version of an item."""

    code = fields.CodeField()
    description = fields.TextField(required=False, max_length=DESCRIPTION_LENGTH)
    blocked = fields.FlagField(required=False)


class ItemOut(serializers.Serializer):  # type: ignore[type-arg]
    """An item."""

    no = fields.CodeField()
    description = fields.TextField()
    type = fields.ChoiceField(choices=ItemType.choices)
    base_unit_of_measure = fields.CodeField(source="base_unit_of_measure_id")
    sales_unit_of_measure = fields.CodeField(source="sales_unit_of_measure_id")
    units_of_measure = ItemUnitOut(many=True, source="units")
    rounding_precision = fields.QuantityField()
    replenishment_system = fields.ChoiceField(choices=ReplenishmentSystem.choices)
    assembly_policy = fields.ChoiceField(choices=AssemblyPolicy.choices)
    reordering_policy = fields.ChoiceField(choices=ReorderingPolicy.choices)
    reorder_point = fields.QuantityField()
    reorder_quantity = fields.QuantityField()
    maximum_inventory = fields.QuantityField()
    safety_stock_quantity = fields.QuantityField()
    costing_method = fields.ChoiceField(choices=CostingMethod.choices)
    unit_cost = fields.UnitAmountField()
    standard_cost = fields.UnitAmountField()
    unit_price = fields.UnitAmountField()
    indirect_cost_percent = fields.PercentField()
    overhead_rate = fields.UnitAmountField()
    lot_size = fields.QuantityField()
    lead_time_days = fields.WholeNumberField()
    safety_lead_time_days = fields.WholeNumberField(allow_null=True)
    reserve = fields.ChoiceField(choices=ReservePolicy.choices)
    item_tracking = fields.ChoiceField(choices=ItemTracking.choices)
    variants = ItemVariantOut(many=True)
    blocked = fields.FlagField()
    sales_blocked = fields.FlagField()
    assembly_bom = fields.FlagField()
    created_at = fields.InstantField()
    modified_at = fields.InstantField()


class ItemIn(StrictSerializer):
    """An item. `units_of_measure` and `variants`, where given, are the whole lists."""

    answer = ItemOut
    no = fields.CodeField()
    description = fields.TextField(required=False, max_length=DESCRIPTION_LENGTH)
    type = fields.ChoiceField(choices=ItemType.choices, required=False)
    base_unit_of_measure = fields.CodeField(required=False)
    sales_unit_of_measure = fields.CodeField(required=False)
    units_of_measure = ItemUnitIn(many=True, required=False)
    rounding_precision = fields.QuantityField(required=False)
    replenishment_system = fields.ChoiceField(choices=ReplenishmentSystem.choices, required=False)
    assembly_policy = fields.ChoiceField(choices=AssemblyPolicy.choices, required=False)
    reordering_policy = fields.ChoiceField(choices=ReorderingPolicy.choices, required=False, allow_blank=True)
    reorder_point = fields.QuantityField(required=False)
    reorder_quantity = fields.QuantityField(required=False)
    maximum_inventory = fields.QuantityField(required=False)
    safety_stock_quantity = fields.QuantityField(required=False)
    costing_method = fields.ChoiceField(choices=CostingMethod.choices, required=False)
    unit_cost = fields.UnitAmountField(required=False)
    standard_cost = fields.UnitAmountField(required=False)
    unit_price = fields.UnitAmountField(required=False)
    indirect_cost_percent = fields.PercentField(required=False)
    overhead_rate = fields.UnitAmountField(required=False)
    lot_size = fields.QuantityField(required=False)
    lead_time_days = fields.WholeNumberField(required=False, min_value=0, max_value=MAX_DAYS)
    safety_lead_time_days = fields.WholeNumberField(required=False, allow_null=True, min_value=0, max_value=MAX_DAYS)
    reserve = fields.ChoiceField(choices=ReservePolicy.choices, required=False)
    item_tracking = fields.ChoiceField(choices=ItemTracking.choices, required=False)
    variants = ItemVariantIn(many=True, required=False)
    blocked = fields.FlagField(required=False)
    sales_blocked = fields.FlagField(required=False)


class BomLineOut(serializers.Serializer):  # type: ignore[type-arg]
    """A line of a bill of materials; `quantity_per` is for one base unit of the parent."""

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=BomLineType.choices)
    no = fields.CodeField(allow_blank=True)
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    description = fields.TextField()
    quantity_per = fields.QuantityField()
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    resource_usage_type = fields.ChoiceField(choices=ResourceUsage.choices)
    lead_time_offset_days = fields.WholeNumberField()
    position = fields.TextField()
    installed_in = fields.TextField()


class BomLineIn(StrictSerializer):
    """A line of a bill of materials."""

    answer = BomLineOut
    line_no = fields.WholeNumberField(required=False, min_value=1)
    type = fields.ChoiceField(choices=BomLineType.choices, required=False)
    no = fields.CodeField(required=False, allow_blank=True)
    variant = fields.CodeField(required=False, allow_blank=True)
    description = fields.TextField(required=False, max_length=DESCRIPTION_LENGTH)
    quantity_per = fields.QuantityField(required=False)
    unit_of_measure = fields.CodeField(required=False, allow_blank=True)
    resource_usage_type = fields.ChoiceField(choices=ResourceUsage.choices, required=False, allow_blank=True)
    lead_time_offset_days = fields.WholeNumberField(required=False, min_value=0, max_value=MAX_DAYS)
    position = fields.TextField(required=False, max_length=20)
    installed_in = fields.TextField(required=False, max_length=40)


class SubstituteOut(serializers.Serializer):  # type: ignore[type-arg]
    """An item that may take another one's place."""

    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    substitute = fields.CodeField(source="substitute_id")
    substitute_variant = fields.CodeField(source="substitute_variant_code", allow_blank=True)
    interchangeable = fields.FlagField()


class SubstituteIn(StrictSerializer):
    """An item that may take another one's place. `item` may be left out: it is the one in the address."""

    answer = SubstituteOut
    item = fields.CodeField(required=False)
    variant = fields.CodeField(required=False, allow_blank=True)
    substitute = fields.CodeField()
    substitute_variant = fields.CodeField(required=False, allow_blank=True)
    interchangeable = fields.FlagField(required=False)


class BomUseOut(serializers.Serializer):  # type: ignore[type-arg]
    """A bill of materials that the item is in."""

    item = fields.CodeField(source="parent_id")
    description = fields.TextField(source="parent.description")
    line_no = fields.WholeNumberField()
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    quantity_per = fields.QuantityField()
    unit_of_measure = fields.CodeField(source="unit_of_measure_id")


class DocumentUseOut(serializers.Serializer):  # type: ignore[type-arg]
    """An open document that takes or brings the item; `quantity` in base units, demand negative."""

    type = fields.CodeField(source="source_kind")
    no = fields.CodeField(source="document_no")
    line_no = fields.WholeNumberField(allow_null=True)
    variant = fields.CodeField(source="variant_code", allow_blank=True)
    location = fields.CodeField(source="location_id")
    quantity = fields.QuantityField()
    date = fields.DateField(source="due_date")


class WhereUsedOut(serializers.Serializer):  # type: ignore[type-arg]
    """What uses an item."""

    boms = BomUseOut(many=True)
    documents = DocumentUseOut(many=True)
