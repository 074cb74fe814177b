"""Which assembly document is made for which sales line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assembly.models.documents import AssemblyDocument
from inventory.model_fields import QuantityField
from sales.models import SalesLine


class AssembleToOrderLink(models.Model):
    """One sales line, one assembly document: unique on both sides (DM-50)."""

    assembly = models.OneToOneField(AssemblyDocument, on_delete=models.PROTECT, related_name="link")
    #: DO_NOTHING: the line goes first and its signal dissolves the link; the deferred key holds until commit.
    sales_line = models.OneToOneField(SalesLine, on_delete=models.DO_NOTHING, related_name="+")

    #: The line's quantity to ship that the quantity to assemble was last taken from: another one resets it (QTY-23).
    qty_to_ship = QuantityField()

    class Meta:
        ordering: ClassVar = ["assembly"]

    def __str__(self) -> str:
        return f"{self.assembly_id} > {self.sales_line_id}"
