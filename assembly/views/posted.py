"""Posted assembly orders as pages: the list, the card with what was used, and the undo of those to stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_filters import CharFilter, FilterSet

from assembly import posted_reading as reading
from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyStatus, PostedAssemblyLine
from assembly.services.undo import undo_posted_assembly
from backoffice.models import User
from backoffice.pages import flow
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.models import LedgerDocumentType, MovementSource
from inventory.tracing import MovedNumber, numbers_of_document
from inventory.views.filters import date_filter, search, yes_or_no

_SORTS = {
    "-no": ("-no",),
    "no": ("no",),
    "-posting_date": ("-posting_date", "-no"),
    "posting_date": ("posting_date", "no"),
    "item": ("item_id", "no"),
    "-item": ("-item_id", "-no"),
}


class PostedAssemblyFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    """What the list can be narrowed to."""

    q = search("no", "order_no", "item__no", "description")
    item = CharFilter(field_name="item_id", label="Item")
    component = CharFilter(method="by_component", label="Component")
    from_date = date_filter("posting_date", "gte", "From")
    to_date = date_filter("posting_date", "lte", "To")
    reversed = yes_or_no("reversed", "Undone")

    def by_component(
        self, rows: QuerySet[reading.ShownPostedAssembly], name: str, value: str
    ) -> QuerySet[reading.ShownPostedAssembly]:
        """Keep those that used the item."""
        return reading.having_component(rows, value)


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def list_posted(request: HttpRequest) -> HttpResponse:
    """What has been assembled, newest first."""
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    return answer_list(
        request,
        reading.shown_posted_assemblies(cost=sees_costs),
        filters=PostedAssemblyFilters,
        sorts=_SORTS,
        rows_template="assembly/posted/_rows.html",
        context={
            "title": "Posted assembly orders",
            "search_label": "Number, order or item",
            "sees_costs": sees_costs,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of the card with the lots and serial numbers that it used."""

    line: PostedAssemblyLine
    numbers: list[MovedNumber]


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def show(request: HttpRequest, no: str) -> HttpResponse:
    """A posted assembly order with what it used."""
    return _show(request, no)


def _show(request: HttpRequest, no: str, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    user = cast(User, request.user)
    sees_costs = has_right(user, Right.SEE_COSTS)
    document = reading.shown_posted_assemblies(cost=sees_costs).filter(no=no).first()
    if document is None:
        raise Http404(f"There is no posted assembly order {no}.")
    numbers = numbers_of_document(no)
    undoable = has_right(user, Right.UNDO) and not document.reversed and not document.assemble_to_order
    order = AssemblyDocument.objects.filter(document_type=AssemblyDocumentType.ORDER, no=document.order_no).first()
    context = {
        "title": f"{no} {document.item_id} {document.description}",
        "crumbs": [("Posted assembly orders", reverse("posted-assemblies"))],
        "document": document,
        "numbers": numbers.get(0, ()),
        "rows": [
            ShownLine(line=line, numbers=list(numbers.get(line.line_no, ())))
            for line in document.lines.order_by("line_no")
        ],
        "flow": _flow(document, order),
        "sees_costs": sees_costs,
        "undo_url": reverse("posted-assembly-undo", args=[no]) if undoable else "",
        "order": order,
        "may_bring_back": order is None or order.status == AssemblyStatus.CLOSED,
        "print_url": reverse("posted-assembly-print", args=[no]),
        "entries_url": reverse("document-entries", args=[no]) if has_right(user, Right.VIEW_STOCK) else "",
        "refusals": tried.refusals,
    }
    return render(request, "assembly/posted/show.html", context, status=tried.status)


def _flow(document: reading.ShownPostedAssembly, order: AssemblyDocument | None) -> list[flow.Stage]:
    """Return the way from the sales order to the shipment. No statement."""
    # An order that is gone keeps its number here, and has no page.
    known = MovementSource.ASSEMBLY_ORDER.value if order else ""
    return flow.strip(
        flow.stage("Sales order", "sales_order", [document.sales_order_no]),
        flow.stage("Assembly order", known, [document.order_no]),
        flow.stage("Assembled", LedgerDocumentType.POSTED_ASSEMBLY, [document.no], current=True),
        flow.stage("Shipment", LedgerDocumentType.SALES_SHIPMENT, [document.sales_shipment_no]),
    )


@page(right=Right.UNDO, methods=("POST",))
def undo(request: HttpRequest, no: str) -> HttpResponse:
    """Take the posting back, whole; an order that is finished or deleted comes back where that is wanted."""
    recreate = request.POST.get("recreate") == "true"
    tried = attempt(request, Right.UNDO, lambda: undo_posted_assembly(no=no, recreate=recreate))
    if not tried.done:
        return _show(request, no, tried)
    messages.success(request, f"{no} undone{'; its order has it to do again' if recreate else ''}.")
    return HttpResponseRedirect(reverse("posted-assembly", args=[no]))
