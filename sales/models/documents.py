"""Sales quotes, blanket sales orders and sales orders: one shape, told apart by `document_type`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q

from backoffice.models import Versioned
from inventory.model_fields import AmountField, QuantityField, UnitAmountField, not_negative
from inventory.models import Item, Location, Resource, UnitOfMeasure
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO
from sales.exceptions import InvalidTransition
from sales.models.customers import Customer, ShippingAdvice


class SalesDocumentType(models.TextChoices):
    QUOTE = "sales_quote", "Sales quote"
    BLANKET_ORDER = "blanket_sales_order", "Blanket sales order"
    ORDER = "sales_order", "Sales order"


class SalesStatus(models.TextChoices):
    OPEN = "open", "Open"
    RELEASED = "released", "Released"
    CLOSED = "closed", "Closed"

    @property
    def tone(self) -> str:
        """How its badge looks."""
        return {"open": "info", "released": "success"}.get(self.value, "neutral")


class SalesDocument(Versioned):
    """A quote, a blanket order or an order of one customer."""

    #: The whole state machine. Read a row as: from -> allowed next. Staying as it is, is no transition.
    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        SalesStatus.OPEN: frozenset({SalesStatus.RELEASED, SalesStatus.CLOSED}),
        SalesStatus.RELEASED: frozenset({SalesStatus.OPEN, SalesStatus.CLOSED}),
        SalesStatus.CLOSED: frozenset(),
    }

    document_type = models.CharField(max_length=20, choices=SalesDocumentType.choices)
    no = models.CharField("no.", max_length=20)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="documents")
    status = models.CharField(max_length=10, choices=SalesStatus.choices, default=SalesStatus.OPEN)
    order_date = models.DateField()
    posting_date = models.DateField()
    shipment_date = models.DateField()
    requested_delivery_date = models.DateField(null=True, blank=True)
    promised_delivery_date = models.DateField(null=True, blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    external_document_no = models.CharField("external document no.", max_length=50, blank=True)
    shipping_advice = models.CharField(max_length=10, choices=ShippingAdvice.choices, default=ShippingAdvice.PARTIAL)
    note = models.TextField(blank=True, max_length=2000)
    #: The quote that the order was made from.
    quote_no = models.CharField("quote no.", max_length=20, blank=True)
    #: Until when a quote stands; only quotes have it.
    expiration_date = models.DateField("valid until", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["document_type", "no"]
        indexes: ClassVar = [
            models.Index(fields=["document_type", "status", "no"], name="sales_document_list"),
            models.Index(fields=["customer", "document_type"], name="sales_document_customer"),
            models.Index(fields=["quote_no"], name="sales_document_quote", condition=~Q(quote_no="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document_type", "no"], name="sales_document_no_unique"),
            models.CheckConstraint(
                condition=Q(document_type__in=SalesDocumentType.values), name="sales_document_type_valid"
            ),
            models.CheckConstraint(condition=Q(status__in=SalesStatus.values), name="sales_document_status_valid"),
            models.CheckConstraint(
                condition=Q(shipping_advice__in=ShippingAdvice.values),
                name="sales_document_shipping_advice_valid",
            ),
            models.CheckConstraint(
                condition=Q(expiration_date__isnull=True) | Q(document_type=SalesDocumentType.QUOTE),
                name="sales_document_only_quotes_expire",
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_order(self) -> bool:
        """Whether it is an order: only orders plan, reserve, ship and invoice."""
        return self.document_type == SalesDocumentType.ORDER

    @property
    def status_choice(self) -> SalesStatus:
        """The status with its label and tone."""
        return SalesStatus(self.status)

    def move_to(self, new_status: SalesStatus) -> None:
        """Change the status in memory, or raise InvalidTransition. The caller holds the row lock and saves."""
        if new_status not in self.TRANSITIONS[self.status]:
            raise InvalidTransition(document=self.no, current=self.status, requested=new_status)
        self.status = new_status


class SalesLineType(models.TextChoices):
    ITEM = "item", "Item"
    RESOURCE = "resource", "Resource"
    COMMENT = "comment", "Comment"


class SalesLine(models.Model):
    """One line of a sales document. Quantities are in the line's unit, `…_base` in the item's base unit.

    A line that is saved or deleted by itself, by whatever way, takes its assembly document along through the
    model signals; that is why save and delete are one transaction with what they cause (LNK-10).
    """

    #: Reserved for the line apart from its assembly link, base units; set by `sales.locks.lock_lines`.
    reserved_beyond_link: Decimal
    #: The document's revision, which counts its lines' changes too; set where a page compares with it.
    rev: int

    document = models.ForeignKey(SalesDocument, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveIntegerField()
    type = models.CharField(max_length=10, choices=SalesLineType.choices, default=SalesLineType.ITEM)
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20, blank=True)
    unit_of_measure = models.ForeignKey(
        UnitOfMeasure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    qty_per_unit_of_measure = QuantityField(default=ONE)
    #: The precision of quantities in the line's unit; 0: none.
    qty_rounding_precision = QuantityField()
    #: The precision of base quantities.
    qty_rounding_precision_base = QuantityField(default=QUANTITY_PRECISION)
    quantity = QuantityField()
    quantity_base = QuantityField()
    #: What of the quantity is assembled to order, posted parts included.
    qty_to_assemble_to_order = QuantityField()
    qty_to_assemble_to_order_base = QuantityField()
    qty_to_ship = QuantityField()
    qty_to_invoice = QuantityField()
    quantity_shipped = QuantityField()
    quantity_shipped_base = QuantityField()
    quantity_invoiced = QuantityField()
    shipment_date = models.DateField(null=True, blank=True)
    unit_price = UnitAmountField()
    line_discount_percent = UnitAmountField()
    line_amount = AmountField()
    unit_cost = UnitAmountField()
    #: The blanket line that this order line calls off.
    blanket_line = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="call_offs")

    class Meta:
        ordering: ClassVar = ["document", "line_no"]
        indexes: ClassVar = [
            models.Index(fields=["item"], name="sales_line_item"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "line_no"], name="sales_line_no_unique"),
            models.CheckConstraint(
                condition=not_negative(
                    "quantity",
                    "quantity_base",
                    "qty_to_assemble_to_order",
                    "qty_to_assemble_to_order_base",
                    "qty_to_ship",
                    "qty_to_invoice",
                    "quantity_shipped",
                    "quantity_shipped_base",
                    "quantity_invoiced",
                    "unit_price",
                    "unit_cost",
                ),
                name="sales_line_numbers_in_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity_shipped__lte=F("quantity"),
                    qty_to_ship__lte=F("quantity") - F("quantity_shipped"),
                    qty_to_assemble_to_order__lte=F("quantity"),
                    qty_to_assemble_to_order_base__lte=F("quantity_base"),
                    quantity_invoiced__lte=F("quantity_shipped"),
                ),
                name="sales_line_quantities_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(line_discount_percent__gte=0, line_discount_percent__lte=100),
                name="sales_line_discount_in_range",
            ),
            models.CheckConstraint(
                # What a line refers to is set exactly for its type.
                condition=Q(
                    type=SalesLineType.ITEM,
                    item__isnull=False,
                    resource__isnull=True,
                    unit_of_measure__isnull=False,
                    shipment_date__isnull=False,
                )
                | Q(
                    type=SalesLineType.RESOURCE,
                    item__isnull=True,
                    resource__isnull=False,
                    unit_of_measure__isnull=False,
                )
                | Q(type=SalesLineType.COMMENT, item__isnull=True, resource__isnull=True, quantity=0),
                name="sales_line_refers_by_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.line_no}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the line and all that its signals cause, or nothing."""
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the line and all that its signals cause, or nothing."""
        return super().delete(*args, **kwargs)

    @property
    def no(self) -> str:
        """The number of the item or resource; blank on a comment."""
        return self.item_id or self.resource_id or ""

    @property
    def blanket_no(self) -> str:
        """The number of the blanket order that the line calls off from; blank where it calls off from none."""
        return "" if self.blanket_line is None else self.blanket_line.document.no

    @property
    def blanket_line_no(self) -> int | None:
        """The number of the line of that blanket order."""
        return None if self.blanket_line is None else self.blanket_line.line_no

    @property
    def outstanding_quantity(self) -> Decimal:
        """What is still to ship, in the line's unit (QTY-05)."""
        return self.quantity - self.quantity_shipped

    @property
    def outstanding_quantity_base(self) -> Decimal:
        """What is still to ship, in base units."""
        return self.quantity_base - self.quantity_shipped_base

    @property
    def qty_shipped_not_invoiced(self) -> Decimal:
        """What has left and is not invoiced yet, in the line's unit."""
        return self.quantity_shipped - self.quantity_invoiced

    @property
    def is_assembled_to_order(self) -> bool:
        """Whether any of it is assembled to order."""
        return self.qty_to_assemble_to_order > ZERO

    @property
    def is_fully_assembled_to_order(self) -> bool:
        """Whether nothing of it comes from stock."""
        return self.is_assembled_to_order and self.qty_to_assemble_to_order == self.quantity

    @property
    def is_mixed(self) -> bool:
        """Whether a part of it is assembled to order and the rest comes from stock."""
        return self.is_assembled_to_order and not self.is_fully_assembled_to_order
