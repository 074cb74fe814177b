"""Assembly quotes, blanket assembly orders and assembly orders: one shape, told apart by `document_type`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from assembly.exceptions import InvalidTransition
from backoffice.models import Versioned
from inventory.model_fields import AmountField, QuantityField, UnitAmountField, not_negative
from inventory.models import (
    Item,
    Location,
    ReservePolicy,
    Resource,
    ResourceUsage,
    UnitOfMeasure,
)
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO


class AssemblyDocumentType(models.TextChoices):
    """In step with the sales documents that they are made for (DM-01)."""

    QUOTE = "assembly_quote", "Assembly quote"
    BLANKET_ORDER = "blanket_assembly_order", "Blanket assembly order"
    ORDER = "assembly_order", "Assembly order"


class AssemblyStatus(models.TextChoices):
    OPEN = "open", "Open"
    RELEASED = "released", "Released"
    CLOSED = "closed", "Closed"

    @property
    def tone(self) -> str:
        """How its badge looks."""
        return {"open": "info", "released": "success"}.get(self.value, "neutral")


class AssemblyDocument(Versioned):
    """What is to be put together, when and where. Quantities are in its unit, `…_base` in base units."""

    #: The whole state machine. Read a row as: from -> allowed next. Staying as it is, is no transition.
    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        AssemblyStatus.OPEN: frozenset({AssemblyStatus.RELEASED, AssemblyStatus.CLOSED}),
        AssemblyStatus.RELEASED: frozenset({AssemblyStatus.OPEN, AssemblyStatus.CLOSED}),
        AssemblyStatus.CLOSED: frozenset(),
    }

    document_type = models.CharField(max_length=24, choices=AssemblyDocumentType.choices)
    no = models.CharField("no.", max_length=20)
    status = models.CharField(max_length=10, choices=AssemblyStatus.choices, default=AssemblyStatus.OPEN)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    variant_code = models.CharField("variant", max_length=20, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    bin_code = models.CharField("bin", max_length=20, blank=True)
    unit_of_measure = models.ForeignKey(UnitOfMeasure, on_delete=models.PROTECT, related_name="+")
    qty_per_unit_of_measure = QuantityField(default=ONE)
    #: The precision of quantities in its unit; 0: none.
    qty_rounding_precision = QuantityField()
    #: The precision of base quantities.
    qty_rounding_precision_base = QuantityField(default=QUANTITY_PRECISION)
    quantity = QuantityField()
    quantity_base = QuantityField()
    quantity_to_assemble = QuantityField()
    quantity_to_assemble_base = QuantityField()
    assembled_quantity = QuantityField()
    assembled_quantity_base = QuantityField()
    due_date = models.DateField()
    starting_date = models.DateField()
    ending_date = models.DateField()
    posting_date = models.DateField()
    unit_cost = UnitAmountField()
    cost_amount = AmountField()
    indirect_cost_percent = UnitAmountField()
    overhead_rate = UnitAmountField()
    note = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering: ClassVar = ["document_type", "no"]
        indexes: ClassVar = [
            models.Index(fields=["document_type", "status", "no"], name="assembly_document_list"),
            models.Index(fields=["item", "document_type"], name="assembly_document_item"),
            models.Index(
                fields=["starting_date", "due_date", "id"],
                condition=Q(document_type=AssemblyDocumentType.ORDER, status=AssemblyStatus.RELEASED)
                & Q(assembled_quantity__lt=F("quantity")),
                name="assembly_open_work",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document_type", "no"], name="assembly_document_no_unique"),
            models.CheckConstraint(
                condition=Q(document_type__in=AssemblyDocumentType.values),
                name="assembly_document_type_valid",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AssemblyStatus.values), name="assembly_document_status_valid"
            ),
            models.CheckConstraint(
                condition=not_negative(
                    "quantity",
                    "quantity_base",
                    "quantity_to_assemble",
                    "quantity_to_assemble_base",
                    "assembled_quantity",
                    "assembled_quantity_base",
                    "unit_cost",
                    "indirect_cost_percent",
                    "overhead_rate",
                ),
                name="assembly_document_numbers_in_range",
            ),
            models.CheckConstraint(
                condition=Q(
                    assembled_quantity__lte=F("quantity"),
                    quantity_to_assemble__lte=F("quantity") - F("assembled_quantity"),
                ),
                name="assembly_document_assembled_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(starting_date__lte=F("ending_date"), ending_date__lte=F("due_date")),
                name="assembly_document_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def is_order(self) -> bool:
        """Whether it is an order: only orders plan, reserve and are posted."""
        return self.document_type == AssemblyDocumentType.ORDER

    @property
    def remaining_quantity(self) -> Decimal:
        """What is still to be assembled, in its unit (QTY-10)."""
        return self.quantity - self.assembled_quantity

    @property
    def remaining_quantity_base(self) -> Decimal:
        """What is still to be assembled, in base units."""
        return self.quantity_base - self.assembled_quantity_base

    @property
    def status_choice(self) -> AssemblyStatus:
        """The status with its label and tone."""
        return AssemblyStatus(self.status)

    def move_to(self, new_status: AssemblyStatus) -> None:
        """Change the status in memory, or raise InvalidTransition. The caller holds the row lock and saves."""
        if new_status not in self.TRANSITIONS[self.status]:
            raise InvalidTransition(document=self.no, current=self.status, requested=new_status)
        self.status = new_status


class AssemblyLineType(models.TextChoices):
    ITEM = "item", "Item"
    RESOURCE = "resource", "Resource"
    TEXT = "text", "Text"


class AssemblyLine(models.Model):
    """A component, a resource or a text of an assembly document (DM-13 as copied and customised)."""

    #: The document's revision, which counts its lines' changes too; set where a page compares with it.
    rev: int

    document = models.ForeignKey(AssemblyDocument, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveIntegerField()
    type = models.CharField(max_length=10, choices=AssemblyLineType.choices)
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
    #: For one of the document's unit; of fixed usage: for the whole order (QTY-11).
    quantity_per = QuantityField()
    quantity = QuantityField()
    quantity_base = QuantityField()
    quantity_to_consume = QuantityField()
    quantity_to_consume_base = QuantityField()
    consumed_quantity = QuantityField()
    consumed_quantity_base = QuantityField()
    qty_picked = QuantityField()
    resource_usage_type = models.CharField(max_length=10, choices=ResourceUsage.choices, blank=True)
    due_date = models.DateField(null=True, blank=True)
    lead_time_offset_days = models.PositiveIntegerField(default=0)
    unit_cost = UnitAmountField()
    cost_amount = AmountField()
    position = models.CharField(max_length=20, blank=True)
    reserve = models.CharField(max_length=10, choices=ReservePolicy.choices, default=ReservePolicy.OPTIONAL)

    class Meta:
        ordering: ClassVar = ["document", "line_no"]
        indexes: ClassVar = [
            models.Index(fields=["item"], name="assembly_line_item"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "line_no"], name="assembly_line_no_unique"),
            models.CheckConstraint(
                condition=not_negative(
                    "quantity_per",
                    "quantity",
                    "quantity_base",
                    "quantity_to_consume",
                    "quantity_to_consume_base",
                    "consumed_quantity",
                    "consumed_quantity_base",
                    "qty_picked",
                    "unit_cost",
                ),
                name="assembly_line_numbers_in_range",
            ),
            models.CheckConstraint(
                # Consumed may stand above the quantity after it was lowered; then nothing more is consumed.
                condition=Q(quantity_to_consume=0) | Q(quantity_to_consume__lte=F("quantity") - F("consumed_quantity")),
                name="assembly_line_to_consume_within_remaining",
            ),
            models.CheckConstraint(
                # What a line refers to is set exactly for its type.
                condition=Q(
                    type=AssemblyLineType.ITEM,
                    item__isnull=False,
                    resource__isnull=True,
                    unit_of_measure__isnull=False,
                    location__isnull=False,
                    due_date__isnull=False,
                    resource_usage_type="",
                )
                | Q(
                    type=AssemblyLineType.RESOURCE,
                    item__isnull=True,
                    resource__isnull=False,
                    unit_of_measure__isnull=False,
                    resource_usage_type__in=["direct", "fixed"],
                )
                | Q(
                    type=AssemblyLineType.TEXT,
                    item__isnull=True,
                    resource__isnull=True,
                    quantity_per=0,
                    quantity=0,
                    resource_usage_type="",
                ),
                name="assembly_line_refers_by_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.line_no}"

    @property
    def no(self) -> str:
        """The number of the item or resource; blank on a text."""
        return self.item_id or self.resource_id or ""

    @property
    def is_text(self) -> bool:
        """Whether it is a text: no quantity, no status protection."""
        return self.type == AssemblyLineType.TEXT

    @property
    def is_fixed(self) -> bool:
        """Whether its quantity counts once an order (QTY-12)."""
        return self.resource_usage_type == ResourceUsage.FIXED

    @property
    def remaining_quantity(self) -> Decimal:
        """What may still be consumed, in the line's unit, never negative (QTY-15)."""
        return max(self.quantity - self.consumed_quantity, ZERO)

    @property
    def remaining_quantity_base(self) -> Decimal:
        """What may still be consumed, in base units, never negative."""
        return max(self.quantity_base - self.consumed_quantity_base, ZERO)
