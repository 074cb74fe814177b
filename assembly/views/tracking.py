"""The lots and serial numbers of an assembly order: of what it puts out, and of a component."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse

from assembly import reading
from assembly.services import documents
from assembly.services import lines as line_services
from assembly.views.document_kinds import DocumentKind
from assembly.views.orders import load
from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory.models import ItemTracking
from inventory.services.tracking import TrackingValues
from inventory.views.tracking import TrackingDialog, answer_tracking


@page(right=Right.EDIT_ASSEMBLY_QUANTITIES)
def output_numbers(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """What is assigned to the output, to be changed as a whole."""
    document = load(kind, no)
    if document.item.item_tracking == ItemTracking.NONE:
        raise Http404(f"What {no} puts out is not tracked.")

    def save(rows: Sequence[TrackingValues], expected_rev: int | None) -> None:
        documents.edit_assembly_document(
            document_type=kind.document_type, no=no, values={"tracking": rows}, expected_rev=expected_rev
        )

    dialog = TrackingDialog(
        what=f"{no}, {document.item_id}",
        item=document.item,
        assigned=document.tracking,
        needed=document.quantity_base,
        rev=document.rev,
        url=kind.url(no, "tracking"),
        page_url=kind.url(no),
        crumbs=[(kind.plural, kind.list_url), (no, kind.url(no))],
        right=Right.EDIT_ASSEMBLY_QUANTITIES,
        save=save,
    )
    return answer_tracking(request, dialog)


@page(right=Right.EDIT_ASSEMBLY_QUANTITIES)
def component_numbers(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """What is assigned to a component, to be changed as a whole."""
    document = load(kind, no)
    line = reading.shown_lines().filter(document=document, line_no=line_no).select_related("item").first()
    if line is None or line.item is None or line.item.item_tracking == ItemTracking.NONE:
        raise Http404(f"{no} has no line {line_no} whose item is tracked.")

    def save(rows: Sequence[TrackingValues], expected_rev: int | None) -> None:
        line_services.edit_line(
            document_type=kind.document_type,
            no=no,
            line_no=line_no,
            values={"tracking": rows},
            expected_rev=expected_rev,
        )

    dialog = TrackingDialog(
        what=f"component {line_no}, {line.no}",
        item=line.item,
        assigned=line.tracking,
        needed=line.quantity_base,
        rev=document.rev,
        url=kind.url(no, "line-tracking", line_no),
        page_url=kind.url(no),
        crumbs=[(kind.plural, kind.list_url), (no, kind.url(no))],
        right=Right.EDIT_ASSEMBLY_QUANTITIES,
        save=save,
    )
    return answer_tracking(request, dialog)
