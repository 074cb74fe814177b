"""Assembly documents and lines as they are shown: with what stands beside their own columns.

Each function returns a queryset that costs one statement whatever the number of rows (two for documents with their
lines).
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from assembly import quantities
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyLine, AssemblyLineType
from inventory.models import BomLine, Item, ItemSubstitute, MovementSource, PlannedMovement, TrackedSource
from inventory.querysets import tracking_of
from inventory.rounding import ZERO, from_base

if TYPE_CHECKING:
    from assembly.ability import Ability

    class ShownDocument(AssemblyDocument):
        """A document as `shown_documents` reads it."""

        #: What of its output stands reserved, base units.
        reserved_base: Decimal
        #: What its components allow; set by `assembly.availability`.
        ability: Ability
        #: The sales line that it is made for; null where it stands alone.
        sales_type: str | None
        sales_no: str | None
        sales_line_no: int | None
        #: Lots and serial numbers of its output.
        tracking: list[dict[str, str]]
        #: The item's lead times in days; null: the setup's.
        item_lead_time_days: int
        item_safety_lead_time_days: int | None

        class Meta:
            abstract = True

    class ShownLine(AssemblyLine):
        """A line as `shown_lines` reads it."""

        #: What stands reserved for it, base units.
        reserved_base: Decimal
        substitution_available: bool
        #: Only on lines that `lines_on_page` read.
        has_bom: bool
        #: How its item is tracked; null on resources and texts.
        item_tracking: str | None
        #: Lots and serial numbers of what it consumes.
        tracking: list[dict[str, str]]
        #: The item's type; null on resources and texts.
        item_type: str | None
        #: The due date of a component, the start of assembly for a resource; null on texts.
        needed_on: dt.date | None
        #: AVL-20; set by `assembly.availability`.
        avail_warning: bool

        class Meta:
            abstract = True


def shown_documents(document_type: AssemblyDocumentType | None = None) -> QuerySet[ShownDocument]:
    """Return the documents of a kind, or of all, with their sales line and what of their output is reserved."""
    documents = AssemblyDocument.objects.all()
    if document_type is not None:
        documents = documents.filter(document_type=document_type)
    shown = documents.annotate(
        reserved_base=reserved_of(MovementSource.ASSEMBLY_ORDER, OuterRef("pk")),
        sales_type=F("link__sales_line__document__document_type"),
        sales_no=F("link__sales_line__document__no"),
        sales_line_no=F("link__sales_line__line_no"),
        item_lead_time_days=F("item__lead_time_days"),
        item_safety_lead_time_days=F("item__safety_lead_time_days"),
        tracking=tracking_of(TrackedSource.ASSEMBLY_DOCUMENT, OuterRef("pk")),
    )
    return cast("QuerySet[ShownDocument]", shown)


def assembled_to_order(documents: QuerySet[ShownDocument], linked: bool) -> QuerySet[ShownDocument]:
    """Return those of the documents that are made for a sales line, or those that are not."""
    return documents.filter(link__isnull=not linked)


def matching(documents: QuerySet[ShownDocument], text: str) -> QuerySet[ShownDocument]:
    """Return those of the documents whose number, item, description or sales document holds the text."""
    return documents.filter(
        Q(no__icontains=text)
        | Q(item__no__icontains=text)
        | Q(description__icontains=text)
        | Q(link__sales_line__document__no__icontains=text)
    )


def link_of(document: AssemblyDocument) -> AssembleToOrderLink | None:
    """Return the link to the sales line that the document is made for, with line, document and customer."""
    links = AssembleToOrderLink.objects.select_related("sales_line__document__customer")
    return links.filter(assembly=document).first()


def bounds_to_assemble(document: AssemblyDocument, link: AssembleToOrderLink | None) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the next posting may assemble, in the document's unit (QTY-21, QTY-22)."""
    remaining = document.remaining_quantity
    if link is None or not document.is_order:
        return ZERO, remaining
    line = link.sales_line
    least = quantities.min_quantity_to_assemble(
        qty_to_ship=line.qty_to_ship, outstanding=line.outstanding_quantity, remaining=remaining
    )
    return least, quantities.max_quantity_to_assemble(qty_to_ship=line.qty_to_ship, remaining=remaining)


def substitutes_of(line: AssemblyLine) -> list[tuple[Item, str]]:
    """Return the items, each with a variant or "", that may take the component's place (DM-18). One statement."""
    direct = Q(item=line.item_id, variant_code=line.variant_code)
    other_way = Q(interchangeable=True, substitute=line.item_id, substitute_variant_code=line.variant_code)
    found: dict[tuple[str, str], tuple[Item, str]] = {}
    for row in ItemSubstitute.objects.filter(direct | other_way).select_related("item", "substitute"):
        goes_back = row.item_id != line.item_id or row.variant_code != line.variant_code
        item, variant = (row.item, row.variant_code) if goes_back else (row.substitute, row.substitute_variant_code)
        found[(item.no, variant)] = (item, variant)
    return [found[key] for key in sorted(found)]


def having_component(documents: QuerySet[ShownDocument], item_no: str) -> QuerySet[ShownDocument]:
    """Return those of the documents that use the item."""
    return documents.filter(Exists(AssemblyLine.objects.filter(document=OuterRef("pk"), item=item_no)))


def with_lines(documents: QuerySet[ShownDocument]) -> QuerySet[ShownDocument]:
    """Load the documents' lines too, as they are shown."""
    return documents.prefetch_related(Prefetch("lines", queryset=shown_lines()))


def shown_lines() -> QuerySet[ShownLine]:
    """Return lines by number with what is reserved for them and whether they can be substituted."""
    lines = AssemblyLine.objects.order_by("document", "line_no").annotate(
        reserved_base=reserved_of(MovementSource.ASSEMBLY_ORDER_LINE, OuterRef("pk")),
        substitution_available=Exists(_substitutes()),
        item_type=F("item__type"),
        # LNK-60: a resource has no offset and no due date of its own.
        needed_on=Case(When(type=AssemblyLineType.RESOURCE, then="document__starting_date"), default="due_date"),
        tracking=tracking_of(TrackedSource.ASSEMBLY_LINE, OuterRef("pk")),
    )
    return cast("QuerySet[ShownLine]", lines)


def lines_on_page(document: AssemblyDocument) -> QuerySet[ShownLine]:
    """Return the document's lines as its page shows them: also whether the component has components itself."""
    bom = BomLine.objects.filter(parent=OuterRef("item_id"))
    lines = shown_lines().filter(document=document)
    return cast("QuerySet[ShownLine]", lines.annotate(has_bom=Exists(bom), item_tracking=F("item__item_tracking")))


def reserved_quantity(row: ShownDocument | ShownLine) -> Decimal:
    """Return what is reserved of the document's output, or for the line, in its unit."""
    return from_base(row.reserved_base, factor=row.qty_per_unit_of_measure)


def reserved_of(source: MovementSource, row: OuterRef) -> Coalesce:
    """Return what stands reserved of a document row, base units; nothing where it is not planned."""
    movement = PlannedMovement.objects.filter(source_kind=source, source_id=row)
    return Coalesce(
        Subquery(movement.order_by().values("reserved_quantity")),
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
