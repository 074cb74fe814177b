"""The item ledger: entries that are only ever added, which of them consumed which, and what they cost.

Quantities are in base units; inbound is positive, outbound negative. A trigger refuses every UPDATE but
of `remaining_quantity` and `reserved_quantity`, and every DELETE: corrections are reversing entries.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from inventory.model_fields import AmountField, QuantityField, bounded, not_negative
from inventory.models.items import Item
from inventory.models.masters import Location


class LedgerEntryType(models.TextChoices):
    PURCHASE = "purchase", "Purchase"
    SALE = "sale", "Sale"
    POSITIVE_ADJUSTMENT = "positive_adjustment", "Positive adjustment"
    NEGATIVE_ADJUSTMENT = "negative_adjustment", "Negative adjustment"
    TRANSFER = "transfer", "Transfer"
    ASSEMBLY_CONSUMPTION = "assembly_consumption", "Assembly consumption"
    ASSEMBLY_OUTPUT = "assembly_output", "Assembly output"

    @property
    def tone(self) -> str:
        """How a badge of it looks: goods in, goods out."""
        return "success" if self in INBOUND_TYPES else "neutral"

    @property
    def icon(self) -> str:
        """The icon of a badge of it."""
        return "arrow-down" if self in INBOUND_TYPES else "arrow-up"


#: Types of entry that usually bring goods in; a reversal goes the other way.
INBOUND_TYPES = frozenset(
    {
        LedgerEntryType.PURCHASE,
        LedgerEntryType.POSITIVE_ADJUSTMENT,
        LedgerEntryType.ASSEMBLY_OUTPUT,
    }
)


class LedgerDocumentType(models.TextChoices):
    NONE = "", "-"
    PURCHASE_RECEIPT = "purchase_receipt", "Purchase receipt"
    SALES_SHIPMENT = "sales_shipment", "Sales shipment"
    SALES_INVOICE = "sales_invoice", "Sales invoice"
    POSTED_ASSEMBLY = "posted_assembly", "Posted assembly order"


class ItemLedgerEntry(models.Model):
    """One movement of stock that has happened (DM-52)."""

    entry_no = models.BigAutoField("entry no.", primary_key=True)
    posting_date = models.DateField()
    entry_type = models.CharField(max_length=24, choices=LedgerEntryType.choices)
    document_type = models.CharField(max_length=20, choices=LedgerDocumentType.choices, blank=True)
    document_no = models.CharField("document no.", max_length=20, blank=True)
    document_line_no = models.PositiveIntegerField(default=0)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    #: What of an inbound entry is still in stock; what of an outbound one is not yet applied. Towards zero.
    remaining_quantity = QuantityField()
    #: What of an inbound entry's remaining quantity is reserved.
    reserved_quantity = QuantityField()
    assemble_to_order = models.BooleanField(default=False)
    #: The entry that this one was applied to by rule or by hand; null where the costing method chose.
    applies_to_entry = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: The entry that this one reverses, at most once.
    reversal_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    lot_no = models.CharField("lot no.", max_length=50, blank=True)
    serial_no = models.CharField("serial no.", max_length=50, blank=True)
    order_no = models.CharField("order no.", max_length=20, blank=True)
    order_line_no = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["entry_no"]
        verbose_name_plural = "item ledger entries"
        indexes: ClassVar = [
            models.Index(
                fields=["item", "variant_code", "location", "entry_no"],
                condition=Q(remaining_quantity__gt=0),
                name="ile_in_stock",
            ),
            models.Index(fields=["item", "posting_date"], name="ile_item_date"),
            models.Index(fields=["document_no"], name="ile_document"),
            models.Index(fields=["order_no", "order_line_no"], name="ile_order"),
            # Tracing begins with a number.
            models.Index(fields=["lot_no"], condition=~Q(lot_no=""), name="ile_lot_no"),
            models.Index(fields=["serial_no"], condition=~Q(serial_no=""), name="ile_serial_no"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=bounded("quantity") & ~Q(quantity=0), name="ile_quantity_in_range"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, remaining_quantity__gte=0, remaining_quantity__lte=F("quantity"))
                | Q(quantity__lt=0, remaining_quantity__lte=0, remaining_quantity__gte=F("quantity")),
                name="ile_remaining_between_zero_and_quantity",
            ),
            models.CheckConstraint(
                condition=Q(reserved_quantity__gte=0)
                & (Q(reserved_quantity=0) | Q(reserved_quantity__lte=F("remaining_quantity"))),
                name="ile_reserved_within_remaining",
            ),
            # A serial number stands for one piece, and no two pieces in stock share one (RES-21).
            models.UniqueConstraint(
                fields=["item", "serial_no"],
                condition=~Q(serial_no="") & Q(remaining_quantity__gt=0),
                name="ile_serial_no_once_in_stock",
            ),
            models.CheckConstraint(condition=Q(entry_type__in=LedgerEntryType.values), name="ile_entry_type_valid"),
            models.CheckConstraint(
                condition=Q(document_type__in=LedgerDocumentType.values), name="ile_document_type_valid"
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)

    @property
    def entry_type_choice(self) -> LedgerEntryType:
        """The type, for its badge."""
        return LedgerEntryType(self.entry_type)


class ItemApplication(models.Model):
    """How much of an inbound entry an outbound entry consumed. quantity: base units, > 0."""

    outbound_entry = models.ForeignKey(
        ItemLedgerEntry, on_delete=models.PROTECT, related_name="applied_to", db_index=True
    )
    inbound_entry = models.ForeignKey(ItemLedgerEntry, on_delete=models.PROTECT, related_name="consumed_by")
    quantity = QuantityField()
    posting_date = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & not_negative("quantity"),
                name="item_application_quantity_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outbound_entry_id} < {self.inbound_entry_id}"


class ValueEntryType(models.TextChoices):
    DIRECT_COST = "direct_cost", "Direct cost"
    INDIRECT_COST = "indirect_cost", "Indirect cost"
    VARIANCE = "variance", "Variance"
    ROUNDING = "rounding", "Rounding"


class ValueEntry(models.Model):
    """A part of the cost of an item ledger entry. cost_amount carries the entry's sign."""

    entry_no = models.BigAutoField("entry no.", primary_key=True)
    item_ledger_entry = models.ForeignKey(ItemLedgerEntry, on_delete=models.PROTECT, related_name="value_entries")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    entry_type = models.CharField(max_length=20, choices=ValueEntryType.choices)
    cost_amount = AmountField()
    posting_date = models.DateField()
    document_no = models.CharField("document no.", max_length=20, blank=True)
    order_no = models.CharField("order no.", max_length=20, blank=True)
    #: True on entries that correct the cost of an earlier posting.
    adjustment = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["entry_no"]
        verbose_name_plural = "value entries"
        indexes: ClassVar = [
            models.Index(fields=["item", "posting_date"], name="value_entry_item_date"),
            models.Index(fields=["order_no"], name="value_entry_order"),
            models.Index(fields=["document_no"], name="value_entry_document"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=bounded("cost_amount"), name="value_entry_cost_in_range"),
            models.CheckConstraint(condition=Q(entry_type__in=ValueEntryType.values), name="value_entry_type_valid"),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)


class StockBalance(models.Model):
    """What is on hand of an item at a location, in base units. The row that every posting locks."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    #: What of it is reserved against item ledger entries.
    reserved_quantity = QuantityField()

    class Meta:
        ordering: ClassVar = ["item", "variant_code", "location"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "variant_code", "location"], name="stock_balance_unique"),
            models.CheckConstraint(condition=not_negative("quantity"), name="stock_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(reserved_quantity__gte=0, reserved_quantity__lte=F("quantity")),
                name="stock_balance_reserved_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.location_id}"


class WarehouseEntry(models.Model):
    """One movement in or out of a bin that goes with an item ledger entry. quantity: base units, signed."""

    entry_no = models.BigAutoField("entry no.", primary_key=True)
    item_ledger_entry = models.ForeignKey(ItemLedgerEntry, on_delete=models.PROTECT, related_name="warehouse_entries")
    posting_date = models.DateField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20)
    quantity = QuantityField()
    document_no = models.CharField("document no.", max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["entry_no"]
        verbose_name_plural = "warehouse entries"
        indexes: ClassVar = [
            models.Index(fields=["location", "bin_code", "item"], name="warehouse_entry_bin"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=bounded("quantity") & ~Q(quantity=0), name="warehouse_entry_quantity_in_range"
            ),
            models.CheckConstraint(condition=~Q(bin_code=""), name="warehouse_entry_has_bin"),
        ]

    def __str__(self) -> str:
        return str(self.entry_no)
