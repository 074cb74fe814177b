"""Shipments and invoices as pages: lists and cards. A shipment can be undone, whole or by lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_filters import CharFilter, FilterSet

from backoffice.exceptions import Invalid
from backoffice.models import User
from backoffice.pages import flow, kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.models import LedgerDocumentType
from inventory.rounding import ZERO
from inventory.tracing import MovedNumber, numbers_of_document
from inventory.views.filters import date_filter, search
from sales import posted_reading as reading
from sales.models import SalesDocument, SalesDocumentType, SalesInvoice, SalesShipment, SalesShipmentLine
from sales.services.undo import undo_shipment

_SORTS = {
    "-no": ("-no",),
    "no": ("no",),
    "-posting_date": ("-posting_date", "-no"),
    "posting_date": ("posting_date", "no"),
    "customer": ("customer_id", "no"),
    "-customer": ("-customer_id", "-no"),
}
_SEARCHED = ("no", "order_no", "customer__no", "customer_name", "external_document_no")


class ShipmentFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    """What the list of shipments can be narrowed to."""

    q = search(*_SEARCHED)
    customer = CharFilter(field_name="customer_id", label="Customer")
    item = CharFilter(method="by_item", label="Item")
    from_date = date_filter("posting_date", "gte", "From")
    to_date = date_filter("posting_date", "lte", "To")

    def by_item(self, rows: QuerySet[SalesShipment], name: str, value: str) -> QuerySet[SalesShipment]:
        """Keep those with a line of the item."""
        return reading.shipments_having_item(rows, value)


class InvoiceFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    """What the list of invoices can be narrowed to."""

    q = search(*_SEARCHED)
    customer = CharFilter(field_name="customer_id", label="Customer")
    item = CharFilter(method="by_item", label="Item")
    from_date = date_filter("posting_date", "gte", "From")
    to_date = date_filter("posting_date", "lte", "To")

    def by_item(self, rows: QuerySet[SalesInvoice], name: str, value: str) -> QuerySet[SalesInvoice]:
        """Keep those with a line of the item."""
        return reading.invoices_having_item(rows, value)


@page(right=Right.VIEW_SALES, methods=("GET",))
def list_shipments(request: HttpRequest) -> HttpResponse:
    """What has left, newest first."""
    return answer_list(
        request,
        reading.listed_shipments(),
        filters=ShipmentFilters,
        sorts=_SORTS,
        rows_template="sales/posted/_shipment_rows.html",
        context={"title": "Sales shipments", "search_label": "Number, order or customer"},
    )


@page(right=Right.VIEW_SALES, methods=("GET",))
def list_invoices(request: HttpRequest) -> HttpResponse:
    """What was invoiced, newest first."""
    return answer_list(
        request,
        reading.listed_invoices(),
        filters=InvoiceFilters,
        sorts=_SORTS,
        rows_template="sales/posted/_invoice_rows.html",
        context={"title": "Sales invoices", "search_label": "Number, order or customer"},
    )


# --- A shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of the card. may_undo: nothing stands in the way that a line shows."""

    line: reading.ShownShipmentLine
    numbers: list[MovedNumber]
    may_undo: bool
    chosen: bool


@page(right=Right.VIEW_SALES, methods=("GET",))
def shipment(request: HttpRequest, no: str) -> HttpResponse:
    """A shipment with its lines."""
    return _show_shipment(request, no)


def _show_shipment(request: HttpRequest, no: str, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    document = reading.listed_shipments().filter(no=no).first()
    if document is None:
        raise Http404(f"There is no sales shipment {no}.")
    numbers = numbers_of_document(no)
    chosen = set(request.POST.getlist("line_no"))
    may_undo = has_right(cast(User, request.user), Right.UNDO)
    rows = [
        ShownLine(
            line=line,
            numbers=list(numbers.get(line.line_no, ())) if line.undoes_id is None else [],
            may_undo=may_undo and _can_be_undone(line),
            chosen=str(line.line_no) in chosen,
        )
        for line in reading.shown_shipment_lines().filter(shipment=document)
    ]
    context = {
        "title": f"{no} {document.customer_name or document.customer_id}",
        "crumbs": [("Sales shipments", reverse("sales-shipments"))],
        "document": document,
        "rows": rows,
        "flow": _flow(document, LedgerDocumentType.SALES_SHIPMENT, [row.line.posted_assembly_no for row in rows]),
        "may_undo": any(row.may_undo for row in rows),
        "undo_url": reverse("sales-shipment-undo", args=[no]),
        "print_url": reverse("sales-shipment-delivery-note", args=[no]),
        "entries_url": reverse("document-entries", args=[no]),
        "may_see_entries": has_right(request.user, Right.VIEW_STOCK),
        "refusals": tried.refusals,
    }
    return render(request, "sales/posted/shipment.html", context, status=tried.status)


def _can_be_undone(line: SalesShipmentLine) -> bool:
    """Whether to offer it; the service decides all the same."""
    return line.quantity > ZERO and not line.correction and not line.quantity_invoiced


def _flow(
    document: SalesShipment | SalesInvoice, kind: LedgerDocumentType, assemblies: list[str | None]
) -> list[flow.Stage]:
    """Return the way from the quote to the invoices. Two statements."""
    order = SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER, no=document.order_no).first()
    posted = reading.posted_of_order(document.order_no)
    of = {
        one: [no for found, no, _ in posted if found == one]
        for one in (LedgerDocumentType.SALES_SHIPMENT, LedgerDocumentType.SALES_INVOICE)
    }
    of[kind] = [document.no]
    # An order that is gone keeps its number here, and has no page.
    known = SalesDocumentType.ORDER.value if order else ""
    return flow.strip(
        flow.stage("Quote", SalesDocumentType.QUOTE.value, [order.quote_no if order else None]),
        flow.stage("Order", known, [document.order_no]),
        flow.stage("Assembled", LedgerDocumentType.POSTED_ASSEMBLY, dict.fromkeys(assemblies)),
        *(flow.stage(_LABELS[one], one, of[one], current=one == kind) for one in of),
    )


_LABELS = {LedgerDocumentType.SALES_SHIPMENT: "Shipment", LedgerDocumentType.SALES_INVOICE: "Invoice"}


@page(right=Right.UNDO, methods=("POST",))
def undo(request: HttpRequest, no: str) -> HttpResponse:
    """Take the chosen lines back, or all of them, with what was assembled for them."""

    def write() -> SalesShipment:
        return undo_shipment(no=no, line_nos=_chosen_lines(request))

    tried = attempt(request, Right.UNDO, write)
    if not tried.done:
        return _show_shipment(request, no, tried)
    messages.success(request, f"{'Lines of' if request.POST.get('scope') == 'lines' else 'Shipment'} {no} undone.")
    return HttpResponseRedirect(reverse("sales-shipment", args=[no]))


def _chosen_lines(request: HttpRequest) -> list[int] | None:
    """Return the chosen lines; None: the whole shipment. Raises Invalid where none was chosen."""
    if request.POST.get("scope") != "lines":
        return None
    chosen = [kinds.WHOLE.read(text) for text in request.POST.getlist("line_no")]
    if not chosen:
        raise Invalid(field="line_nos", detail="Choose the lines to undo.")
    return chosen


# --- An invoice


@page(right=Right.VIEW_SALES, methods=("GET",))
def invoice(request: HttpRequest, no: str) -> HttpResponse:
    """An invoice with its lines."""
    document = reading.listed_invoices().filter(no=no).first()
    if document is None:
        raise Http404(f"There is no sales invoice {no}.")
    context: dict[str, Any] = {
        "title": f"{no} {document.customer_name or document.customer_id}",
        "crumbs": [("Sales invoices", reverse("sales-invoices"))],
        "document": document,
        "lines": document.lines.order_by("line_no"),
        "flow": _flow(document, LedgerDocumentType.SALES_INVOICE, []),
        "print_url": reverse("sales-invoice-print", args=[no]),
    }
    return render(request, "sales/posted/invoice.html", context)
