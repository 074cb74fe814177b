"""The lots and serial numbers of a line of a sales order, from its page."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse

from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory.models import ItemTracking
from inventory.services.tracking import TrackingValues
from inventory.views.tracking import TrackingDialog, answer_tracking
from sales import reading
from sales.line_tracking import numbers_of
from sales.services import lines as line_services
from sales.views.document_kinds import DocumentKind
from sales.views.orders import load


@page(right=Right.ENTER_SALES)
def line_numbers(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """What is assigned to the line, to be changed as a whole."""
    document = load(kind, no)
    line = reading.shown_lines().filter(document=document, line_no=line_no).select_related("item").first()
    if line is None or line.item is None or line.item.item_tracking == ItemTracking.NONE:
        raise Http404(f"{no} has no line {line_no} whose item is tracked.")
    assigned, needed = numbers_of(line)

    def save(rows: Sequence[TrackingValues], expected_rev: int | None) -> None:
        line_services.edit_lines(
            document_type=kind.document_type,
            no=no,
            changes={line_no: {"tracking": rows}},
            expected_rev=expected_rev,
        )

    dialog = TrackingDialog(
        what=f"line {line_no}, {line.no}",
        item=line.item,
        assigned=assigned,
        needed=needed,
        rev=document.rev,
        url=kind.url(document, "line-tracking", line_no),
        page_url=f"{kind.url(document)}#line-{line_no}",
        crumbs=[(kind.plural, kind.list_url), (no, kind.url(document))],
        right=Right.ENTER_SALES,
        save=save,
    )
    return answer_tracking(request, dialog)
