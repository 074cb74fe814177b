"""Lots and serial numbers that are assigned to open document rows."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from inventory.model_fields import QuantityField, not_negative


class TrackedSource(models.TextChoices):
    """What kind of document row a tracking line belongs to."""

    SALES_LINE = "sales_line", "Sales line"
    ASSEMBLY_DOCUMENT = "assembly_document", "Assembly document"
    ASSEMBLY_LINE = "assembly_line", "Assembly line"


class TrackingLine(models.Model):
    """One lot or serial number of a document row. All quantities are in base units, >= 0 (RES-20 to RES-23)."""

    source_kind = models.CharField(max_length=20, choices=TrackedSource.choices)
    source_id = models.BigIntegerField()
    lot_no = models.CharField("lot no.", max_length=50, blank=True)
    serial_no = models.CharField("serial no.", max_length=50, blank=True)
    quantity = QuantityField()
    #: What of it the next posting takes.
    quantity_to_handle = QuantityField()
    #: What of it has been posted.
    quantity_handled = QuantityField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "lot_no", "serial_no"], name="tracking_line_unique"
            ),
            models.CheckConstraint(condition=~Q(lot_no="", serial_no=""), name="tracking_line_names_something"),
            models.CheckConstraint(
                condition=Q(source_kind__in=TrackedSource.values), name="tracking_line_source_valid"
            ),
            models.CheckConstraint(
                condition=not_negative("quantity", "quantity_to_handle", "quantity_handled")
                & Q(quantity__gt=0, quantity_to_handle__lte=F("quantity") - F("quantity_handled")),
                name="tracking_line_handled_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.lot_no, self.serial_no)))

    @property
    def open_quantity(self) -> Decimal:
        """What of it is not posted yet."""
        return self.quantity - self.quantity_handled
