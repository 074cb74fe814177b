"""Purchase orders: supply that is expected, and what of it has arrived."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from backoffice.models import Versioned
from inventory.model_fields import QuantityField, UnitAmountField, not_negative
from inventory.models.items import Item
from inventory.models.masters import Location, UnitOfMeasure
from inventory.rounding import ONE


class PurchaseStatus(models.TextChoices):
    """Follows from the lines' quantities, never set by hand."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"

    @property
    def tone(self) -> str:
        """How a badge of it looks."""
        return "info" if self is PurchaseStatus.OPEN else "success"


class PurchaseOrder(Versioned):
    """What a vendor has been asked to deliver."""

    no = models.CharField("no.", max_length=20, unique=True)
    vendor_name = models.CharField(max_length=100, blank=True)
    order_date = models.DateField()
    status = models.CharField(max_length=10, choices=PurchaseStatus.choices, default=PurchaseStatus.OPEN)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=PurchaseStatus.values), name="purchase_order_status_valid"),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def status_choice(self) -> PurchaseStatus:
        """The status, for its badge."""
        return PurchaseStatus(self.status)

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.status == PurchaseStatus.OPEN


class PurchaseLine(models.Model):
    """One item of a purchase order. Quantities are in the line's unit, `…_base` in the item's base unit."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    quantity = QuantityField()
    quantity_base = QuantityField()
    quantity_received = QuantityField()
    quantity_received_base = QuantityField()
    unit_cost = UnitAmountField()
    expected_receipt_date = models.DateField()

    class Meta:
        ordering: ClassVar = ["order", "line_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "line_no"], name="purchase_line_no_unique"),
            models.CheckConstraint(
                condition=not_negative("quantity", "quantity_base", "quantity_received", "unit_cost")
                & Q(quantity_received__lte=F("quantity"))
                & Q(quantity_received_base__gte=0, quantity_received_base__lte=F("quantity_base")),
                name="purchase_line_received_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.line_no}"

    @property
    def outstanding_quantity(self) -> Decimal:
        """What is still to arrive, in the line's unit."""
        return self.quantity - self.quantity_received

    @property
    def outstanding_quantity_base(self) -> Decimal:
        """What is still to arrive, in base units."""
        return self.quantity_base - self.quantity_received_base
