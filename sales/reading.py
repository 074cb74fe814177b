"""Sales documents and lines as they are shown: with what stands beside their own columns.

Each function returns a queryset that costs one statement whatever the number of rows (two for documents with their
lines).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models import BomLine, MovementSource, PlannedMovement, Setup, TrackedSource
from inventory.querysets import tracking_of
from inventory.rounding import ZERO, from_base
from sales.made_to_order import get_supplier
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesStatus

_AMOUNT = DecimalField(max_digits=18, decimal_places=2)
_QUANTITY = DecimalField(max_digits=18, decimal_places=5)

if TYPE_CHECKING:
    from sales.availability import LineAvailability

    class ShownLine(SalesLine):
        """A line as `shown_lines` reads it."""

        #: What stands reserved for it, base units.
        reserved_base: Decimal
        #: What open orders hold of a blanket line and have not shipped, base units; 0 on other lines.
        on_orders_base: Decimal
        #: Only on lines that `lines_on_page` read.
        has_bom: bool
        #: How its item is tracked; null on resources and comments.
        item_tracking: str | None
        assembly_type: str | None
        assembly_no: str | None
        #: Lots and serial numbers: of what is made for it, and of the part from stock.
        made_tracking: list[dict[str, str]]
        own_tracking: list[dict[str, str]]
        #: Whether goods have bins where it leaves from; null without a location.
        bin_mandatory: bool | None
        #: The item's type; null on resources and comments.
        item_type: str | None
        #: What there is for it; set by `sales.availability`, None where nobody looked.
        availability: LineAvailability | None

        class Meta:
            abstract = True

    class ListedDocument(SalesDocument):
        """A document as `listed_documents` reads it."""

        amount: Decimal
        line_count: int
        #: How many of its lines are assembled to order, in part at least.
        assembled_count: int
        #: Only on quotes: whether it stands no longer, and the order that was made of it, null where none was.
        is_expired: bool
        made_order_no: str | None

        class Meta:
            abstract = True


def shown_documents(document_type: SalesDocumentType) -> QuerySet[SalesDocument]:
    """Return the documents of a kind with their `amount`, the sum of their lines' amounts."""
    total = (
        SalesLine.objects.filter(document=OuterRef("pk"))
        .order_by()
        .values("document")
        .annotate(total=Sum("line_amount"))
        .values("total")
    )
    return SalesDocument.objects.filter(document_type=document_type).annotate(
        amount=Coalesce(Subquery(total), ZERO, output_field=_AMOUNT)
    )


def listed_documents(document_type: SalesDocumentType) -> QuerySet[ListedDocument]:
    """Return the documents of a kind with customer, amount, and how many lines they have and assemble to order."""
    lines = SalesLine.objects.filter(document=OuterRef("pk")).order_by().values("document")
    assembled = Q(qty_to_assemble_to_order__gt=0)
    listed = (
        shown_documents(document_type)
        .select_related("customer")
        .annotate(
            line_count=Coalesce(Subquery(lines.annotate(found=Count("pk")).values("found")), 0),
            assembled_count=Coalesce(Subquery(lines.annotate(found=Count("pk", filter=assembled)).values("found")), 0),
        )
    )
    if document_type == SalesDocumentType.QUOTE:
        listed = listed.annotate(is_expired=_expired(), made_order_no=_made_order())
    return cast("QuerySet[ListedDocument]", listed)


def _expired() -> Case:
    """Say whether a quote stands no longer. What is closed has been decided."""
    work_date = Subquery(Setup.objects.filter(pk=1).values("work_date"))
    today = Coalesce(work_date, Value(timezone.localdate(), output_field=DateField()))
    over = Q(expiration_date__lt=today) & ~Q(status=SalesStatus.CLOSED)
    return Case(When(over, then=Value(True)), default=Value(False))


def _made_order() -> Subquery:
    orders = SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER, quote_no=OuterRef("no"))
    return Subquery(orders.order_by("pk").values("no")[:1])


def assembling(documents: QuerySet[SalesDocument], wanted: bool) -> QuerySet[SalesDocument]:
    """Return those of the documents that have a line assembled to order, or those that have none."""
    found = Exists(SalesLine.objects.filter(document=OuterRef("pk"), qty_to_assemble_to_order__gt=0))
    return documents.filter(found if wanted else ~found)


def matching(documents: QuerySet[SalesDocument], text: str) -> QuerySet[SalesDocument]:
    """Return those of the documents whose number, customer or external number holds the text."""
    return documents.filter(
        Q(no__icontains=text)
        | Q(customer__no__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(external_document_no__icontains=text)
    )


def having_item(documents: QuerySet[SalesDocument], item_no: str) -> QuerySet[SalesDocument]:
    """Return those of the documents that have a line of the item."""
    return documents.filter(Exists(SalesLine.objects.filter(document=OuterRef("pk"), item=item_no)))


def with_lines(documents: QuerySet[SalesDocument]) -> QuerySet[SalesDocument]:
    """Load the documents' lines too, as they are shown."""
    return documents.prefetch_related(Prefetch("lines", queryset=shown_lines()))


def shown_lines() -> QuerySet[ShownLine]:
    """Return lines by number with what is reserved for them, what calls them off, and what is made for them."""
    movement = PlannedMovement.objects.filter(source_kind=MovementSource.SALES_ORDER_LINE, source_id=OuterRef("pk"))
    reserved = movement.order_by().values("reserved_quantity")
    lines = (
        get_supplier()
        .annotate_lines(SalesLine.objects.order_by("document", "line_no"))
        .select_related("blanket_line__document")
        .annotate(
            reserved_base=Coalesce(Subquery(reserved), ZERO, output_field=_QUANTITY),
            on_orders_base=Coalesce(Subquery(_called_off()), ZERO, output_field=_QUANTITY),
            item_type=F("item__type"),
            own_tracking=tracking_of(TrackedSource.SALES_LINE, OuterRef("pk")),
        )
    )
    return cast("QuerySet[ShownLine]", lines)


def lines_on_page(document: SalesDocument) -> QuerySet[ShownLine]:
    """Return the document's lines as its page shows them: also whether the item has a bill of materials."""
    bom = BomLine.objects.filter(parent=OuterRef("item_id"))
    lines = shown_lines().filter(document=document)
    shown = lines.annotate(
        has_bom=Exists(bom), item_tracking=F("item__item_tracking"), bin_mandatory=F("location__bin_mandatory")
    )
    return cast("QuerySet[ShownLine]", shown)


def call_offs(blanket: SalesDocument, *, at_most: int) -> list[SalesLine]:
    """Return the order lines that call off from the blanket order, with both documents, the latest first."""
    lines = SalesLine.objects.filter(
        blanket_line__document=blanket, document__document_type=SalesDocumentType.ORDER
    ).select_related("document", "blanket_line")
    return list(lines.order_by("-document__pk", "line_no")[:at_most])


def reserved_quantity(line: ShownLine) -> Decimal:
    """Return what is reserved for the line, in its unit."""
    return from_base(line.reserved_base, factor=line.qty_per_unit_of_measure)


def quantity_on_orders(line: ShownLine) -> Decimal:
    """Return what open orders hold of a blanket line and have not shipped, in the blanket line's unit (BLK-14)."""
    return from_base(line.on_orders_base, factor=line.qty_per_unit_of_measure)


def bin_wants_a_look(line: ShownLine) -> bool:
    """Say whether one bin is to hold what belongs into two: what is assembled and what lies in stock (WHS-03)."""
    return bool(line.bin_mandatory) and line.is_mixed and bool(line.outstanding_quantity)


def quantity_left(line: ShownLine) -> Decimal:
    """Return what of a blanket line can still be called off, in its unit; never below zero (BLK-14)."""
    left = line.outstanding_quantity_base - line.on_orders_base
    return from_base(max(left, ZERO), factor=line.qty_per_unit_of_measure)


def _called_off() -> QuerySet[SalesLine, Any]:
    return (
        SalesLine.objects.filter(blanket_line=OuterRef("pk"), document__document_type=SalesDocumentType.ORDER)
        .exclude(document__status=SalesStatus.CLOSED)
        .order_by()
        .values("blanket_line")
        .annotate(total=Sum(F("quantity_base") - F("quantity_shipped_base")))
        .values("total")
    )
