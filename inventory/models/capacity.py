"""The ledgers of resources: time that was used, and what it cost the item it went into. Only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from inventory.model_fields import AmountField, QuantityField, UnitAmountField, bounded
from inventory.models.items import Item
from inventory.models.masters import Resource


class _ResourceUse(models.Model):
    """What both ledgers say of one use of a resource. quantity: the resource's base unit; reversals are negative."""

    entry_no = models.BigAutoField("entry no.", primary_key=True)
    posting_date = models.DateField()
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    document_no = models.CharField("document no.", max_length=20)
    order_no = models.CharField("order no.", max_length=20)
    order_line_no = models.PositiveIntegerField(default=0)
    #: The entry that this one reverses, at most once.
    reversal_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class ResourceLedgerEntry(_ResourceUse):
    """Usage of a resource at the cost on the assembly line (PST-04)."""

    unit_cost = UnitAmountField()
    total_cost = AmountField()

    class Meta:
        ordering: ClassVar = ["entry_no"]
        verbose_name_plural = "resource ledger entries"
        indexes: ClassVar = [
            models.Index(fields=["order_no"], name="resource_entry_order"),
            models.Index(fields=["document_no"], name="resource_entry_document"),
            models.Index(fields=["resource", "posting_date"], name="resource_entry_date"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=bounded("quantity", "unit_cost", "total_cost"), name="resource_entry_numbers_in_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)


class CapacityLedgerEntry(_ResourceUse):
    """What a resource's time costs the assembled item, direct and overhead (PST-04)."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    direct_cost = AmountField()
    overhead_cost = AmountField()

    class Meta:
        ordering: ClassVar = ["entry_no"]
        verbose_name_plural = "capacity ledger entries"
        indexes: ClassVar = [
            models.Index(fields=["order_no"], name="capacity_entry_order"),
            models.Index(fields=["document_no"], name="capacity_entry_document"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=bounded("quantity", "direct_cost", "overhead_cost"), name="capacity_entry_numbers_in_range"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)


class OrderCosting(models.Model):
    """What the cost of an assembly order's output depends on beyond its ledger entries (DM-53).

    One row an order number, made with its first posting and kept when the order is gone. The overhead is that
    of the order at its last posting.
    """

    order_no = models.CharField("order no.", max_length=20, primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    indirect_cost_percent = UnitAmountField()
    overhead_rate = UnitAmountField()
    #: What used items added that are not kept in inventory, whose entries carry no value (PST-40); undone use left out.
    non_inventory_cost = AmountField()

    class Meta:
        ordering: ClassVar = ["order_no"]

    def __str__(self) -> str:
        return self.order_no
