"""Items with their units, variants and substitutes, and the bill of materials."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from backoffice.models import Versioned
from inventory.model_fields import QuantityField, UnitAmountField, not_negative
from inventory.models.masters import Resource, UnitOfMeasure
from inventory.rounding import ONE, QUANTITY_PRECISION


class ItemType(models.TextChoices):
    INVENTORY = "inventory", "Inventory"
    SERVICE = "service", "Service"
    NON_INVENTORY = "non_inventory", "Non-inventory"


class ReplenishmentSystem(models.TextChoices):
    PURCHASE = "purchase", "Purchase"
    ASSEMBLY = "assembly", "Assembly"
    TRANSFER = "transfer", "Transfer"


class AssemblyPolicy(models.TextChoices):
    ASSEMBLE_TO_STOCK = "assemble_to_stock", "Assemble to stock"
    ASSEMBLE_TO_ORDER = "assemble_to_order", "Assemble to order"

    @property
    def tone(self) -> str:
        """How a badge of it looks."""
        return "info" if self is AssemblyPolicy.ASSEMBLE_TO_ORDER else "neutral"

    @property
    def icon(self) -> str:
        """The icon of a badge of it."""
        return "tools" if self is AssemblyPolicy.ASSEMBLE_TO_ORDER else "packages"


class ReorderingPolicy(models.TextChoices):
    NONE = "", "None"
    LOT_FOR_LOT = "lot_for_lot", "Lot for lot"
    ORDER = "order", "Order"
    FIXED_REORDER_QTY = "fixed_reorder_qty", "Fixed reorder quantity"
    MAXIMUM_QTY = "maximum_qty", "Maximum quantity"


class CostingMethod(models.TextChoices):
    FIFO = "fifo", "FIFO"
    LIFO = "lifo", "LIFO"
    AVERAGE = "average", "Average"
    STANDARD = "standard", "Standard"
    SPECIFIC = "specific", "Specific"


class ReservePolicy(models.TextChoices):
    NEVER = "never", "Never"
    OPTIONAL = "optional", "Optional"
    ALWAYS = "always", "Always"


class ItemTracking(models.TextChoices):
    NONE = "none", "None"
    LOT = "lot", "Lot"
    SERIAL = "serial", "Serial number"


class Item(Versioned):
    """Something that is bought, assembled, kept or sold (DM-10). Its number is its key and is never changed."""

    no = models.CharField("no.", max_length=40, primary_key=True)
    description = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=20, choices=ItemType.choices, default=ItemType.INVENTORY)
    base_unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    sales_unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    #: Base quantities are rounded to it, to nearest.
    rounding_precision = QuantityField(default=QUANTITY_PRECISION)
    replenishment_system = models.CharField(
        max_length=20, choices=ReplenishmentSystem.choices, default=ReplenishmentSystem.PURCHASE
    )
    assembly_policy = models.CharField(
        max_length=20, choices=AssemblyPolicy.choices, default=AssemblyPolicy.ASSEMBLE_TO_STOCK
    )
    reordering_policy = models.CharField(
        max_length=20, choices=ReorderingPolicy.choices, default=ReorderingPolicy.NONE, blank=True
    )
    reorder_point = QuantityField()
    reorder_quantity = QuantityField()
    maximum_inventory = QuantityField()
    safety_stock_quantity = QuantityField()
    costing_method = models.CharField(max_length=10, choices=CostingMethod.choices, default=CostingMethod.FIFO)
    unit_cost = UnitAmountField()
    standard_cost = UnitAmountField()
    unit_price = UnitAmountField()
    indirect_cost_percent = UnitAmountField()
    overhead_rate = UnitAmountField()
    lot_size = QuantityField()
    lead_time_days = models.PositiveIntegerField(default=0)
    #: Null: the setup's default; 0: none.
    safety_lead_time_days = models.PositiveIntegerField(null=True, blank=True)
    reserve = models.CharField(max_length=10, choices=ReservePolicy.choices, default=ReservePolicy.OPTIONAL)
    item_tracking = models.CharField(max_length=10, choices=ItemTracking.choices, default=ItemTracking.NONE)
    blocked = models.BooleanField(default=False)
    sales_blocked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(assembly_policy=AssemblyPolicy.ASSEMBLE_TO_ORDER)
                | Q(replenishment_system=ReplenishmentSystem.ASSEMBLY, type=ItemType.INVENTORY),
                name="item_assemble_to_order_needs_assembly",
            ),
            models.CheckConstraint(
                condition=~Q(replenishment_system=ReplenishmentSystem.ASSEMBLY) | Q(type=ItemType.INVENTORY),
                name="item_assembly_needs_inventory_type",
            ),
            models.CheckConstraint(
                condition=not_negative(
                    "reorder_point",
                    "reorder_quantity",
                    "maximum_inventory",
                    "safety_stock_quantity",
                    "unit_cost",
                    "standard_cost",
                    "unit_price",
                    "indirect_cost_percent",
                    "overhead_rate",
                    "lot_size",
                )
                & Q(rounding_precision__gt=0, rounding_precision__lte=1),
                name="item_numbers_in_range",
            ),
            models.CheckConstraint(condition=Q(type__in=ItemType.values), name="item_type_valid"),
            models.CheckConstraint(
                condition=Q(replenishment_system__in=ReplenishmentSystem.values),
                name="item_replenishment_system_valid",
            ),
            models.CheckConstraint(
                condition=Q(assembly_policy__in=AssemblyPolicy.values), name="item_assembly_policy_valid"
            ),
            models.CheckConstraint(
                condition=Q(reordering_policy__in=ReorderingPolicy.values),
                name="item_reordering_policy_valid",
            ),
            models.CheckConstraint(
                condition=Q(costing_method__in=CostingMethod.values), name="item_costing_method_valid"
            ),
            models.CheckConstraint(condition=Q(reserve__in=ReservePolicy.values), name="item_reserve_valid"),
            models.CheckConstraint(condition=Q(item_tracking__in=ItemTracking.values), name="item_tracking_valid"),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_inventoriable(self) -> bool:
        """Whether quantities of it are kept in stock, planned and reserved."""
        return self.type == ItemType.INVENTORY

    @property
    def is_assembled_to_order(self) -> bool:
        """Whether the system proposes to assemble it to order (LNK-02)."""
        return self.assembly_policy == AssemblyPolicy.ASSEMBLE_TO_ORDER

    @property
    def assembly_policy_choice(self) -> AssemblyPolicy | None:
        """The policy of an assembled item, for its badge; None where nothing is assembled."""
        is_assembled = self.replenishment_system == ReplenishmentSystem.ASSEMBLY
        return AssemblyPolicy(self.assembly_policy) if is_assembled else None


class ItemUnit(models.Model):
    """A unit that an item is counted in: its size in base units and the precision of quantities in it (DM-17)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="units")
    unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    #: 0 means none: five decimals.
    qty_rounding_precision = QuantityField()

    class Meta:
        ordering: ClassVar = ["item", "qty_per_unit_of_measure", "unit_of_measure"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "unit_of_measure"], name="item_unit_unique"),
            models.CheckConstraint(
                condition=Q(qty_per_unit_of_measure__gt=0, qty_per_unit_of_measure__lt=10**13)
                & Q(qty_rounding_precision__gte=0, qty_rounding_precision__lte=1),
                name="item_unit_numbers_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.unit_of_measure_id}"


class ItemVariant(models.Model):
    """A version of an item that is stocked and sold by itself and shares its bill of materials (DM-14)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="variants")
    code = models.CharField(max_length=20)
    description = models.CharField(max_length=200, blank=True)
    blocked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["item", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "code"], name="item_variant_unique"),
            models.CheckConstraint(condition=~Q(code=""), name="item_variant_has_code"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.code}"


class BomLineType(models.TextChoices):
    ITEM = "item", "Item"
    RESOURCE = "resource", "Resource"
    TEXT = "text", "Text"


class ResourceUsage(models.TextChoices):
    """How a resource's quantity follows the order's: with it, or once an order. Blank on items and texts."""

    NONE = "", "-"
    DIRECT = "direct", "Direct"
    FIXED = "fixed", "Fixed"


class BomLine(models.Model):
    """One component, resource or text of an item's bill of materials (DM-13).

    `quantity_per` is in `unit_of_measure` of the component, for one base unit of the parent.
    """

    parent = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="bom_lines")
    line_no = models.PositiveIntegerField()
    type = models.CharField(max_length=10, choices=BomLineType.choices)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="used_in")
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="used_in")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    quantity_per = QuantityField()
    unit_of_measure = models.ForeignKey(
        UnitOfMeasure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resource_usage_type = models.CharField(max_length=10, choices=ResourceUsage.choices, blank=True)
    lead_time_offset_days = models.PositiveIntegerField(default=0)
    position = models.CharField(max_length=20, blank=True)
    installed_in = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["parent", "line_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parent", "line_no"], name="bom_line_no_unique"),
            models.CheckConstraint(condition=not_negative("quantity_per"), name="bom_line_quantity_in_range"),
            models.CheckConstraint(
                # What a line refers to is set exactly for its type.
                condition=Q(type=BomLineType.ITEM, item__isnull=False, resource__isnull=True, resource_usage_type="")
                | Q(
                    type=BomLineType.RESOURCE,
                    item__isnull=True,
                    resource__isnull=False,
                    resource_usage_type__in=["direct", "fixed"],
                )
                | Q(
                    type=BomLineType.TEXT,
                    item__isnull=True,
                    resource__isnull=True,
                    resource_usage_type="",
                    quantity_per=0,
                ),
                name="bom_line_refers_by_type",
            ),
            models.CheckConstraint(condition=~Q(parent=F("item")), name="bom_line_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.line_no}"

    @property
    def no(self) -> str:
        """The number of the component item or resource; blank on a text."""
        return self.item_id or self.resource_id or ""


class ItemSubstitute(models.Model):
    """An item that may take another one's place (DM-18). Blank variants stand for the item itself."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="substitutes")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    substitute = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="substitute_for")
    substitute_variant_code = models.CharField("substitute variant", max_length=20, blank=True)
    interchangeable = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["item", "variant_code", "substitute", "substitute_variant_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "variant_code", "substitute", "substitute_variant_code"],
                name="item_substitute_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} > {self.substitute_id}"
