"""What will come and go: planned movements, and the reservations that pair them.

A document publishes the open quantity of its lines here in the same transaction that changes it. Quotes and
blanket orders publish nothing. `inventory.services.planning` and `inventory.services.reserving` are the only
writers.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs

from inventory.model_fields import QuantityField, bounded, not_negative
from inventory.models.items import Item
from inventory.models.ledger import ItemLedgerEntry
from inventory.models.masters import Location


class MovementSource(models.TextChoices):
    """What kind of document row stands behind a planned movement."""

    SALES_ORDER_LINE = "sales_order_line", "Sales order line"
    ASSEMBLY_ORDER = "assembly_order", "Assembly order"
    ASSEMBLY_ORDER_LINE = "assembly_order_line", "Assembly order line"
    PURCHASE_ORDER_LINE = "purchase_order_line", "Purchase order line"


#: Sources that take goods out; the others bring them in.
DEMAND_SOURCES = (MovementSource.SALES_ORDER_LINE, MovementSource.ASSEMBLY_ORDER_LINE)


class PlannedMovement(models.Model):
    """The open quantity of one document row: base units, demand negative, supply positive, never zero."""

    source_kind = models.CharField(max_length=20, choices=MovementSource.choices)
    source_id = models.BigIntegerField()
    document_no = models.CharField("document no.", max_length=20)
    #: Null for the output of an assembly order.
    line_no = models.PositiveIntegerField(null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    quantity = QuantityField()
    #: What of it is reserved, >= 0 for demand and supply alike; kept by `inventory.services.reserving`.
    reserved_quantity = QuantityField()

    class Meta:
        ordering: ClassVar = ["item", "due_date", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["item", "variant_code", "location", "due_date"],
                include=["quantity", "reserved_quantity"],
                name="planned_movement_question",
            ),
            models.Index(fields=["document_no"], name="planned_movement_document"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source_kind", "source_id"], name="planned_movement_source_unique"),
            models.CheckConstraint(
                condition=bounded("quantity")
                & (
                    Q(source_kind__in=DEMAND_SOURCES, quantity__lt=0)
                    | Q(
                        source_kind__in=[MovementSource.ASSEMBLY_ORDER, MovementSource.PURCHASE_ORDER_LINE],
                        quantity__gt=0,
                    )
                ),
                name="planned_movement_sign_by_source",
            ),
            models.CheckConstraint(
                condition=Q(reserved_quantity__gte=0, reserved_quantity__lte=Abs(F("quantity"))),
                name="planned_movement_reserved_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_no} {self.line_no or ''}".strip()


class Reservation(models.Model):
    """Supply set aside for a demand: base units, > 0. Supply is another movement or stock, never both."""

    entry_no = models.BigAutoField("entry no.", primary_key=True)
    demand = models.ForeignKey(PlannedMovement, on_delete=models.PROTECT, related_name="supplied_by")
    supply = models.ForeignKey(
        PlannedMovement, null=True, blank=True, on_delete=models.PROTECT, related_name="reserved_for"
    )
    supply_entry = models.ForeignKey(
        ItemLedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="reserved_for"
    )
    quantity = QuantityField()
    #: The reservation of an assemble-to-order link: nobody cancels it, it goes with the link (RES-01, RES-02).
    is_order_to_order = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["entry_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["demand", "supply"], name="reservation_pair_unique"),
            models.UniqueConstraint(fields=["demand", "supply_entry"], name="reservation_entry_unique"),
            models.CheckConstraint(
                condition=Q(supply__isnull=False, supply_entry__isnull=True)
                | Q(supply__isnull=True, supply_entry__isnull=False, is_order_to_order=False),
                name="reservation_has_one_supply",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & not_negative("quantity"), name="reservation_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)
