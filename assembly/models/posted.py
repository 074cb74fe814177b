"""Posted assembly orders: what was put together, of what, and for which shipment. Nobody edits or deletes them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assembly.models.documents import AssemblyLineType
from inventory.model_fields import AmountField, QuantityField, UnitAmountField, not_negative
from inventory.models import Item, Location, Resource, ResourceUsage, UnitOfMeasure
from inventory.rounding import ONE
from sales.models import SalesShipmentLine


class PostedAssembly(models.Model):
    """One posting of an assembly order (DM-54). Quantities are those of this posting."""

    #: What it repeats of its order, as names of columns.
    REPEATED: ClassVar[str] = (
        "item_id variant_code description location_id bin_code unit_of_measure_id qty_per_unit_of_measure posting_date "
        "due_date starting_date ending_date indirect_cost_percent overhead_rate note"
    )

    no = models.CharField("no.", max_length=20, primary_key=True)
    order_no = models.CharField("order no.", max_length=20, db_index=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20, blank=True)
    unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    quantity = QuantityField()
    quantity_base = QuantityField()
    posting_date = models.DateField()
    due_date = models.DateField()
    starting_date = models.DateField()
    ending_date = models.DateField()
    indirect_cost_percent = UnitAmountField()
    overhead_rate = UnitAmountField()
    assemble_to_order = models.BooleanField(default=False)
    reversed = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["no"]
        verbose_name = "posted assembly order"
        indexes: ClassVar = [
            models.Index(fields=["item", "posting_date"], name="posted_assembly_item"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & not_negative("quantity", "quantity_base"),
                name="posted_assembly_quantity_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.no


class PostedAssemblyLine(models.Model):
    """What one posting used of a component or resource; texts and untouched lines are kept too (DM-54)."""

    #: What it repeats of the order's line, as names of columns.
    REPEATED: ClassVar[str] = (
        "line_no type item_id resource_id variant_code description location_id bin_code unit_of_measure_id "
        "qty_per_unit_of_measure qty_rounding_precision qty_rounding_precision_base quantity_per "
        "resource_usage_type lead_time_offset_days position unit_cost"
    )

    posted_assembly = models.ForeignKey(PostedAssembly, on_delete=models.PROTECT, related_name="lines")
    line_no = models.PositiveIntegerField()
    type = models.CharField(max_length=10, choices=AssemblyLineType.choices)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20, blank=True)
    unit_of_measure = models.ForeignKey(UnitOfMeasure, null=True, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    qty_rounding_precision = QuantityField()
    qty_rounding_precision_base = QuantityField()
    quantity_per = QuantityField()
    quantity = QuantityField()
    quantity_base = QuantityField()
    resource_usage_type = models.CharField(max_length=10, choices=ResourceUsage.choices, blank=True)
    lead_time_offset_days = models.PositiveIntegerField(default=0)
    position = models.CharField(max_length=20, blank=True)
    unit_cost = UnitAmountField()
    cost_amount = AmountField()

    class Meta:
        ordering: ClassVar = ["posted_assembly", "line_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["posted_assembly", "line_no"], name="posted_assembly_line_no_unique"),
            models.CheckConstraint(
                condition=not_negative("quantity", "quantity_base"), name="posted_assembly_line_quantity_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posted_assembly_id} {self.line_no}"

    @property
    def is_text(self) -> bool:
        """Whether it is a text: no quantity."""
        return self.type == AssemblyLineType.TEXT

    @property
    def no(self) -> str:
        """The number of the item or resource; blank on a text."""
        return self.item_id or self.resource_id or ""


class PostedAssembleToOrderLink(models.Model):
    """Which posted assembly went into which shipment line; one to one, kept for good, also after undo (DM-55)."""

    posted_assembly = models.OneToOneField(PostedAssembly, on_delete=models.PROTECT, related_name="posted_link")
    shipment_line = models.OneToOneField(SalesShipmentLine, on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    quantity_base = QuantityField()

    class Meta:
        ordering: ClassVar = ["posted_assembly"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & not_negative("quantity", "quantity_base"),
                name="posted_link_quantity_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posted_assembly_id} > {self.shipment_line_id}"
