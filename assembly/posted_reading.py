"""Posted assembly orders as they are shown. Each queryset costs one statement (two with lines)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db.models import DecimalField, Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from assembly.models import PostedAssembly, PostedAssemblyLine
from inventory.models import LedgerDocumentType, LedgerEntryType, ValueEntry
from inventory.rounding import ZERO

if TYPE_CHECKING:

    class ShownPostedAssembly(PostedAssembly):
        """A document as `shown_posted_assemblies` reads it."""

        #: The shipment that its output went into; null where it was assembled to stock.
        sales_shipment_no: str | None
        #: The sales order that it was assembled for.
        sales_order_no: str | None
        #: What the output has cost so far, corrections included; what an undo took back is not counted.
        cost_amount: Decimal

        class Meta:
            abstract = True


def shown_posted_assemblies(*, cost: bool = True) -> QuerySet[ShownPostedAssembly]:
    """Return the posted assembly orders with their shipment, and with what their output cost unless left out."""
    shipment = F("posted_link__shipment_line__shipment")
    shown = PostedAssembly.objects.annotate(
        sales_shipment_no=shipment, sales_order_no=F("posted_link__shipment_line__shipment__order_no")
    )
    if cost:
        amount = DecimalField(max_digits=18, decimal_places=2)
        shown = shown.annotate(cost_amount=Coalesce(Subquery(_output_costs()), ZERO, output_field=amount))
    return cast("QuerySet[ShownPostedAssembly]", shown)


def with_lines(documents: QuerySet[ShownPostedAssembly]) -> QuerySet[ShownPostedAssembly]:
    """Load the documents' lines too, by number."""
    lines = PostedAssemblyLine.objects.order_by("posted_assembly", "line_no")
    return documents.prefetch_related(Prefetch("lines", queryset=lines))


def having_component(documents: QuerySet[ShownPostedAssembly], item_no: str) -> QuerySet[ShownPostedAssembly]:
    """Return those of the documents that used the item."""
    return documents.filter(Exists(PostedAssemblyLine.objects.filter(posted_assembly=OuterRef("pk"), item=item_no)))


def posted_of_order(order_no: str) -> list[str]:
    """Return the numbers of what was posted of an assembly order, oldest first. One statement."""
    return list(PostedAssembly.objects.filter(order_no=order_no).order_by("no").values_list("no", flat=True))


def _output_costs() -> QuerySet[ValueEntry, Decimal]:
    return (
        ValueEntry.objects.filter(
            item_ledger_entry__document_no=OuterRef("pk"),
            item_ledger_entry__document_type=LedgerDocumentType.POSTED_ASSEMBLY,
            item_ledger_entry__entry_type=LedgerEntryType.ASSEMBLY_OUTPUT,
            item_ledger_entry__reversal_of__isnull=True,
        )
        .order_by()
        .values("item_ledger_entry__document_no")
        .annotate(total=Sum("cost_amount"))
        .values_list("total", flat=True)
    )
