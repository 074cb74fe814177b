"""Posted sales documents: what has left, and what has been invoiced. Nobody edits or deletes them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from inventory.model_fields import AmountField, QuantityField, UnitAmountField, bounded, not_negative
from inventory.models import Item, Location, Resource, UnitOfMeasure
from inventory.rounding import ONE
from sales.models.customers import Customer
from sales.models.documents import SalesLineType


class _PostedHeader(models.Model):
    """What a posted document repeats of its order, as it was on the day."""

    no = models.CharField("no.", max_length=20, primary_key=True)
    #: The number of the order, which may be gone by now.
    order_no = models.CharField("order no.", max_length=20, db_index=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    #: Who and where the customer was then; a customer that moves on does not rewrite what was sent (DM-56).
    customer_name = models.CharField(max_length=100, blank=True)
    customer_address = models.TextField(max_length=500, blank=True)
    posting_date = models.DateField()
    order_date = models.DateField()
    external_document_no = models.CharField("external document no.", max_length=50, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class _PostedLine(models.Model):
    """What a posted line repeats of its order line. Quantities are in the line's unit, `…_base` in base units."""

    line_no = models.PositiveIntegerField()
    #: The order line, which may be gone by now: kept as a number, not as a reference.
    order_line_id = models.BigIntegerField(db_index=True)
    type = models.CharField(max_length=10, choices=SalesLineType.choices)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20, blank=True)
    unit_of_measure = models.ForeignKey(UnitOfMeasure, null=True, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    quantity = QuantityField()
    quantity_base = QuantityField()
    unit_price = UnitAmountField()
    line_discount_percent = UnitAmountField()

    class Meta:
        abstract = True

    @property
    def no(self) -> str:
        """The number of the item or resource; blank on a comment."""
        return self.item_id or self.resource_id or ""


class SalesShipment(_PostedHeader):
    """Goods that left together."""

    class Meta:
        ordering: ClassVar = ["no"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "posting_date"], name="sales_shipment_customer"),
        ]

    def __str__(self) -> str:
        return self.no


class SalesShipmentLine(_PostedLine):
    """What left of one order line. An undone line and the negative one that undoes it are both corrections (UND-03)."""

    shipment = models.ForeignKey(SalesShipment, on_delete=models.PROTECT, related_name="lines")
    quantity_invoiced = QuantityField()
    correction = models.BooleanField(default=False)
    #: The line that this one undoes, at most once.
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    #: What of the quantity was assembled to order.
    assemble_to_order_quantity = QuantityField()
    assemble_to_order_quantity_base = QuantityField()

    class Meta:
        ordering: ClassVar = ["shipment", "line_no", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "line_no"], condition=Q(undoes__isnull=True), name="sales_shipment_line_no_unique"
            ),
            models.CheckConstraint(
                condition=bounded("quantity", "quantity_base", "assemble_to_order_quantity"),
                name="sales_shipment_line_numbers_in_range",
            ),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, quantity__gte=0) | Q(undoes__isnull=False, correction=True),
                name="sales_shipment_line_negative_undoes",
            ),
            models.CheckConstraint(
                condition=Q(correction=True)
                | Q(quantity_invoiced__gte=0, quantity_invoiced__lte=F("quantity"))
                & Q(assemble_to_order_quantity__gte=0, assemble_to_order_quantity__lte=F("quantity")),
                name="sales_shipment_line_parts_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.line_no}"


class SalesInvoice(_PostedHeader):
    """What the customer is asked to pay."""

    class Meta:
        ordering: ClassVar = ["no"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "posting_date"], name="sales_invoice_customer"),
        ]

    def __str__(self) -> str:
        return self.no


class SalesInvoiceLine(_PostedLine):
    """What was invoiced of one order line."""

    invoice = models.ForeignKey(SalesInvoice, on_delete=models.PROTECT, related_name="lines")
    line_amount = AmountField()

    class Meta:
        ordering: ClassVar = ["invoice", "line_no"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "line_no"], name="sales_invoice_line_no_unique"),
            models.CheckConstraint(
                condition=not_negative("quantity", "unit_price", "line_amount"),
                name="sales_invoice_line_numbers_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.line_no}"
