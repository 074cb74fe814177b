"""Units of measure, locations with their bins, and resources."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backoffice.models import Versioned
from inventory.model_fields import UnitAmountField, not_negative


class UnitOfMeasure(Versioned):
    """A unit that quantities are counted in: pieces, boxes, hours."""

    code = models.CharField(max_length=20, primary_key=True)
    description = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = "unit of measure"
        verbose_name_plural = "units of measure"

    def __str__(self) -> str:
        return self.code


class Location(Versioned):
    """A place where stock is kept. The bins that the assembly uses are named by their codes (DM-18)."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=100, blank=True)
    bin_mandatory = models.BooleanField(default=False)
    require_pick = models.BooleanField(default=False)
    require_shipment = models.BooleanField(default=False)
    to_assembly_bin = models.CharField(max_length=20, blank=True)
    from_assembly_bin = models.CharField(max_length=20, blank=True)
    asm_to_order_shpt_bin = models.CharField("assemble-to-order shipment bin", max_length=20, blank=True)
    default_bin = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class Bin(models.Model):
    """A storage place within a location."""

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="bins")
    code = models.CharField(max_length=20)
    description = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["location", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "code"], name="bin_code_unique_in_location"),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.code}"


class ResourceType(models.TextChoices):
    PERSON = "person", "Person"
    MACHINE = "machine", "Machine"


class Resource(Versioned):
    """A person or machine whose time goes into an assembly. `unit_cost` includes the indirect share (DM-16)."""

    no = models.CharField("no.", max_length=20, primary_key=True)
    name = models.CharField(max_length=100, blank=True)
    type = models.CharField(max_length=10, choices=ResourceType.choices, default=ResourceType.PERSON)
    base_unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    unit_cost = UnitAmountField()
    unit_price = UnitAmountField()
    indirect_cost_percent = UnitAmountField()
    blocked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=not_negative("unit_cost", "unit_price", "indirect_cost_percent"),
                name="resource_amounts_not_negative",
            ),
            models.CheckConstraint(condition=Q(type__in=ResourceType.values), name="resource_type_valid"),
        ]

    def __str__(self) -> str:
        return self.no
