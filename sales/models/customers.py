"""Those who buy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from backoffice.models import Versioned
from inventory.models import Location


class ShippingAdvice(models.TextChoices):
    PARTIAL = "partial", "Partial"
    COMPLETE = "complete", "Complete"


class Customer(Versioned):
    """A customer. Its location and shipping advice are proposed on its documents."""

    no = models.CharField("no.", max_length=20, primary_key=True)
    name = models.CharField(max_length=100, blank=True)
    address = models.TextField(blank=True, max_length=500)
    email = models.EmailField(blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shipping_advice = models.CharField(max_length=10, choices=ShippingAdvice.choices, default=ShippingAdvice.PARTIAL)
    blocked = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["no"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shipping_advice__in=ShippingAdvice.values), name="customer_shipping_advice_valid"
            ),
        ]

    def __str__(self) -> str:
        return self.no
