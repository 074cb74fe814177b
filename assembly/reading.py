"""Assembly documents and lines as they are shown: with what stands beside their own columns.

Each function returns a queryset that costs one statement whatever the number of rows (two for documents with their
lines).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db.models import DecimalField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyLine
from inventory.models import ItemSubstitute, MovementSource, PlannedMovement
from inventory.rounding import ZERO, from_base

if TYPE_CHECKING:

    class ShownDocument(AssemblyDocument):
        """A document as `shown_documents` reads it."""

        #: What of its output stands reserved, base units.
        reserved_base: Decimal
        #: The sales line that it is made for; null where it stands alone.
        sales_type: str | None
        sales_no: str | None
        sales_line_no: int | None

        class Meta:
            abstract = True

    class ShownLine(AssemblyLine):
        """A line as `shown_lines` reads it."""

        #: What stands reserved for it, base units.
        reserved_base: Decimal
        substitution_available: bool

        class Meta:
            abstract = True


def shown_documents(document_type: AssemblyDocumentType | None = None) -> QuerySet[ShownDocument]:
    """Return the documents of a kind, or of all, with their sales line and what of their output is reserved."""
    documents = AssemblyDocument.objects.all()
    if document_type is not None:
        documents = documents.filter(document_type=document_type)
    shown = documents.annotate(
        reserved_base=_reserved(MovementSource.ASSEMBLY_ORDER),
        sales_type=F("link__sales_line__document__document_type"),
        sales_no=F("link__sales_line__document__no"),
        sales_line_no=F("link__sales_line__line_no"),
    )
    return cast("QuerySet[ShownDocument]", shown)


def assembled_to_order(documents: QuerySet[ShownDocument], linked: bool) -> QuerySet[ShownDocument]:
    """Return those of the documents that are made for a sales line, or those that are not."""
    return documents.filter(link__isnull=not linked)


def having_component(documents: QuerySet[ShownDocument], item_no: str) -> QuerySet[ShownDocument]:
    """Return those of the documents that use the item."""
    return documents.filter(Exists(AssemblyLine.objects.filter(document=OuterRef("pk"), item=item_no)))


def with_lines(documents: QuerySet[ShownDocument]) -> QuerySet[ShownDocument]:
    """Load the documents' lines too, as they are shown."""
    return documents.prefetch_related(Prefetch("lines", queryset=shown_lines()))


def shown_lines() -> QuerySet[ShownLine]:
    """Return lines by number with what is reserved for them and whether they can be substituted."""
    lines = AssemblyLine.objects.order_by("document", "line_no").annotate(
        reserved_base=_reserved(MovementSource.ASSEMBLY_ORDER_LINE),
        substitution_available=Exists(_substitutes()),
    )
    return cast("QuerySet[ShownLine]", lines)


def reserved_quantity(row: ShownDocument | ShownLine) -> Decimal:
    """Return what is reserved of the document's output, or for the line, in its unit."""
    return from_base(row.reserved_base, factor=row.qty_per_unit_of_measure)


def _reserved(source: MovementSource) -> Coalesce:
    movement = PlannedMovement.objects.filter(source_kind=source, source_id=OuterRef("pk"))
    return Coalesce(
        Subquery(movement.values("reserved_quantity")),
        ZERO,
        output_field=DecimalField(max_digits=18, decimal_places=5),
    )


def _substitutes() -> QuerySet[ItemSubstitute]:
    """What may take the line's place: an interchangeable substitute goes both ways (DM-18)."""
    of_line = Q(item=OuterRef("item_id"), variant_code=OuterRef("variant_code"))
    other_way = Q(
        interchangeable=True,
        substitute=OuterRef("item_id"),
        substitute_variant_code=OuterRef("variant_code"),
    )
    return ItemSubstitute.objects.filter(of_line | other_way)
