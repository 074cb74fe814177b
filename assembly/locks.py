"""Row locks of assembly: documents by id, then their lines by id. The whole order stands in `inventory.locks`.

Whoever comes from the assembly side locks the sales document first: see `lock_for_edit`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db import connection
from django.db.models import DecimalField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyLine
from backoffice.exceptions import Busy
from inventory.exceptions import Missing
from inventory.models import MovementSource, PlannedMovement
from inventory.rounding import ZERO
from sales.models import SalesDocument

if TYPE_CHECKING:

    class LockedLink(AssembleToOrderLink):
        """A link under lock with its assembly document."""

        #: What the assembly document's output has reserved, base units.
        reserved_base: Decimal

        class Meta:
            abstract = True
else:
    LockedLink = AssembleToOrderLink

#: How often a rival may relink a document between looking and locking before we give up.
_TRIES = 3


def lock_links(sales_line_ids: Collection[int]) -> dict[int, LockedLink]:
    """Lock the links of these sales lines and their assembly documents, by document id; keys: line ids."""
    assert connection.in_atomic_block, "lock_links() needs an open transaction"
    reserved = PlannedMovement.objects.filter(
        source_kind=MovementSource.ASSEMBLY_ORDER, source_id=OuterRef("assembly_id")
    )
    rows = (
        AssembleToOrderLink.objects.filter(sales_line__in=sales_line_ids)
        .select_related("assembly__item", "assembly__location")
        .annotate(
            reserved_base=Coalesce(
                Subquery(reserved.values("reserved_quantity")),
                ZERO,
                output_field=DecimalField(max_digits=18, decimal_places=5),
            )
        )
        .order_by("assembly_id")
        .select_for_update(of=("self", "assembly"), no_key=True)
    )
    return {row.sales_line_id: cast("LockedLink", row) for row in rows}


def lock_assembly_lines(documents: Sequence[AssemblyDocument]) -> dict[int, list[AssemblyLine]]:
    """Lock the lines of locked documents by id; keys: document ids, values in line order. One statement.

    Each comes with `demand_id`: its planned movement where something is reserved for it, None otherwise.
    """
    assert connection.in_atomic_block, "lock_assembly_lines() needs an open transaction"
    by_document: dict[int, list[AssemblyLine]] = {document.pk: [] for document in documents}
    if not documents:
        return by_document
    known = {document.pk: document for document in documents}
    demand = PlannedMovement.objects.filter(
        source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id=OuterRef("pk"), reserved_quantity__gt=0
    )
    rows = (
        AssemblyLine.objects.filter(document__in=known)
        .select_related("item", "resource", "location")
        .annotate(demand_id=Subquery(demand.values("pk")))
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    for row in rows:
        row.document = known[row.document_id]
        by_document[row.document_id].append(row)
    for lines in by_document.values():
        lines.sort(key=lambda line: line.line_no)
    return by_document


def lock_for_edit(document_type: AssemblyDocumentType, no: str) -> tuple[AssemblyDocument, AssembleToOrderLink | None]:
    """Lock one assembly document for an edit from its own side; return it with its link, if it has one.

    The link is read unlocked, the sales document locked first, then the link is read again: without that, an
    edit from the sales side (sales, then assembly) and one from here would wait for each other.
    Raises: Missing; Busy where the link changed each time we looked.
    """
    assert connection.in_atomic_block, "lock_for_edit() needs an open transaction"
    for _ in range(_TRIES):
        seen = _sales_document_of(document_type, no)
        if seen is not None:
            list(SalesDocument.objects.filter(pk=seen).select_for_update(of=("self",), no_key=True))
        document = _lock_document(document_type, no)
        link = AssembleToOrderLink.objects.filter(assembly=document).select_related("sales_line__document").first()
        if (link.sales_line.document_id if link else None) == seen:
            return document, link
    raise Busy


def _sales_document_of(document_type: AssemblyDocumentType, no: str) -> int | None:
    return (
        AssembleToOrderLink.objects.filter(assembly__document_type=document_type, assembly__no=no)
        .values_list("sales_line__document_id", flat=True)
        .first()
    )


def _lock_document(document_type: AssemblyDocumentType, no: str) -> AssemblyDocument:
    document = (
        AssemblyDocument.objects.filter(document_type=document_type, no=no)
        .select_related("item", "location")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if document is None:
        raise Missing(what=document_type.label, key=no)
    return document
