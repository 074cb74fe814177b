"""The one row of company-wide settings."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from backoffice.models import Versioned
from inventory.models.masters import Location


class DefaultQuantityToShip(models.TextChoices):
    REMAINDER = "remainder", "Remainder"
    BLANK = "blank", "Blank"


class Setup(Versioned):
    """Company-wide settings, one row with id 1 (DM-02, DM-03)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    default_location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="+")
    default_safety_lead_time_days = models.PositiveIntegerField(default=0)
    stockout_warning = models.BooleanField(default=True)
    #: Days after the due date whose unreserved demand counts too; null: none (AVL-05).
    check_avail_period_days = models.PositiveIntegerField(null=True, blank=True)
    copy_comments = models.BooleanField(default=True)
    create_movements_automatically = models.BooleanField(default=False)
    default_quantity_to_ship = models.CharField(
        max_length=10, choices=DefaultQuantityToShip.choices, default=DefaultQuantityToShip.REMAINDER
    )
    #: Stands in for today where it is set, which makes training and tests repeatable.
    work_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "setup"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="setup_is_one_row"),
            models.CheckConstraint(
                condition=Q(default_quantity_to_ship__in=DefaultQuantityToShip.values),
                name="setup_default_quantity_to_ship_valid",
            ),
        ]

    def __str__(self) -> str:
        return "Setup"

    @property
    def today(self) -> dt.date:
        """The date that documents are dated with: the work date, or today where none is set."""
        return self.work_date or timezone.localdate()
