"""Sales documents as pages: the list, one document, a new one, and what is done to a whole one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from backoffice.models import User
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry
from backoffice.pages.history import history_of, labels_of
from backoffice.pages.lists import answer_list
from backoffice.pages.once import token_for
from backoffice.pages.statuses import StatusFilter
from backoffice.rights import Right, has_right
from inventory.models import TrackingLine
from sales import late_dates, reading
from sales.locks import lock_document
from sales.models import SalesDocument, SalesLine, SalesStatus
from sales.services import documents, release
from sales.views import rows
from sales.views.document_kinds import ORDERS, QUOTES, DocumentKind
from sales.views.order_postings import postings_context

_SORTS = {
    "-no": ("-no",),
    "no": ("no",),
    "customer": ("customer_id", "no"),
    "-customer": ("-customer_id", "-no"),
    "shipment_date": ("shipment_date", "no"),
    "-shipment_date": ("-shipment_date", "-no"),
    "status": ("status", "no"),
    "-status": ("-status", "-no"),
}
#: Columns of the trail that nobody types and no page shows.
_MACHINERY = ("id", "document_id", "document_type", "rev", "created_at", "modified_at", "blanket_line_id")
COSTS = ("unit_cost",)
#: What the columns of the trail are called that people know.
LABELS = {
    name: label
    for name, label in labels_of(TrackingLine, SalesDocument, SalesLine).items()
    if name not in _MACHINERY and not name.endswith("_base") and not name.startswith(("qty_per_", "qty_rounding_"))
}


class SalesDocumentFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """What a list of sales documents can be narrowed to."""

    q = CharFilter(method="search", label="Search")
    status = StatusFilter(choices=SalesStatus.choices)
    assembly = ChoiceFilter(
        method="by_assembly",
        label="Assembly",
        choices=[("yes", "Assembled to order"), ("no", "From stock only")],
        empty_label="All",
    )
    ships_from = DateFilter(
        "shipment_date", "gte", label="Ships from", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ships_to = DateFilter(
        "shipment_date", "lte", label="to", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def search(self, queryset: QuerySet[SalesDocument], name: str, value: str) -> QuerySet[SalesDocument]:
        """Keep those whose number, customer or external number holds the text."""
        return reading.matching(queryset, value)

    def by_assembly(self, queryset: QuerySet[SalesDocument], name: str, value: str) -> QuerySet[SalesDocument]:
        """Keep those that assemble to order, or those that do not."""
        return reading.assembling(queryset, value == "yes")


@page(right=Right.VIEW_SALES, methods=("GET",))
def listing(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    """The documents of a kind."""
    may_enter = has_right(cast(User, request.user), Right.ENTER_SALES)
    context = {
        "title": kind.plural,
        "kind": kind,
        "search_label": "Number, customer or external number",
        "new_url": kind.new_url if may_enter else "",
        "new_label": f"New {kind.label.lower()}",
    }
    return answer_list(
        request,
        reading.listed_documents(kind.document_type),
        filters=SalesDocumentFilter,
        sorts=_SORTS,
        rows_template="sales/orders/_rows.html",
        context=context,
    )


# --- One document


@page(right=Right.VIEW_SALES, methods=("GET",))
def show(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """A document with its lines."""
    return show_document(request, kind, no)


def show_document(request: HttpRequest, kind: DocumentKind, no: str, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    """Answer with the whole page, after a refusal with what was typed and why it was refused."""
    document = load(kind, no)
    user = cast(User, request.user)
    lines = reading.lines_on_page(document)
    shown = [rows.line_row(kind, document, line, user, tried) for line in lines]
    can_add = rows.may_edit(document, user) and document.status == SalesStatus.OPEN
    context = {
        "title": f"{document.no} {document.customer.name or document.customer_id}",
        "crumbs": [(kind.plural, kind.list_url)],
        "kind": kind,
        "document": document,
        "urls": _urls(kind, document),
        "sheet": kind.line,
        "header": rows.header_entry(kind, document, user, tried),
        "header_first": kind.header_first,
        "header_more": kind.header_more,
        "rows": shown,
        "new_row": rows.new_row(kind, document, tried=tried) if can_add else None,
        "template_row": rows.new_row(kind, document, rows.TEMPLATE_KEY),
        "history": history_of("sales_document", document.pk, _labels_for(user)),
        "refusals": rows.refusals_of_page(tried, shown),
        "related": _related(kind, document),
        "call_offs": rows.call_offs(document) if kind.is_blanket else (),
        "form_token": token_for(request),
        **_offered(kind, document, user),
        **postings_context(kind, document, user),
    }
    return render(request, "sales/orders/show.html", context, status=tried.status)


def load(kind: DocumentKind, no: str) -> reading.ListedDocument:
    """Return the document as it is shown. Raises Http404."""
    document = reading.listed_documents(kind.document_type).filter(no=no).first()
    if document is None:
        raise Http404(f"{kind.label} {no} does not exist.")
    return document


def _urls(kind: DocumentKind, document: SalesDocument) -> dict[str, str]:
    acts = ["release", "reopen", "delete", "copy", "amend" if kind.ships else "order"]
    if kind.promises:
        acts.append("promises")
    return {act: kind.url(document, act) for act in acts}


def _related(kind: DocumentKind, document: reading.ListedDocument) -> tuple[str, str, str] | None:
    """Return what the document became or was made of: how, the number, and the address."""
    if kind.ships and document.quote_no:
        return "Made of sales quote", document.quote_no, QUOTES.url_of(document.quote_no)
    if kind.is_quote and document.made_order_no:
        return "Became sales order", document.made_order_no, ORDERS.url_of(document.made_order_no)
    return None


def _offered(kind: DocumentKind, document: SalesDocument, user: User) -> dict[str, bool]:
    status = document.status
    may_edit = rows.may_edit(document, user)
    return {
        "may_release": status == SalesStatus.OPEN and has_right(user, Right.RELEASE_SALES),
        "may_amend": rows.may_amend(document, user),
        "may_reopen": status == SalesStatus.RELEASED and has_right(user, Right.REOPEN_SALES),
        "may_delete": may_edit,
        "may_copy": has_right(user, Right.ENTER_SALES),
        "may_make_order": may_edit and not kind.ships,
        # A blanket order is there to be called off from; a quote is released first.
        "make_order_first": kind.is_blanket or (kind.is_quote and status == SalesStatus.RELEASED),
    }


def _labels_for(user: User) -> dict[str, str]:
    if has_right(user, Right.SEE_COSTS):
        return LABELS
    return {name: label for name, label in LABELS.items() if name not in COSTS}


@page(right=Right.ENTER_SALES, methods=("POST",))
def save_header(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Change header fields. A new shipment date moves the lines, so they go with the answer."""

    def write() -> bool:
        values = kind.header.changes(request.POST, lock_document(kind.document_type, no))
        documents.edit_sales_document(document_type=kind.document_type, no=no, values=values)
        return "shipment_date" in values

    tried = attempt(request, Right.ENTER_SALES, write, key=rows.HEADER_KEY)
    if not by_script(request):
        return HttpResponseRedirect(_page_url(kind, no)) if tried.done else show_document(request, kind, no, tried)
    document, user = load(kind, no), cast(User, request.user)
    # A new shipment date moved the lines, and may lie before the work date.
    lines = list(reading.lines_on_page(document)) if tried.result else []
    notices = late_dates.document_notices(document, lines) if tried.result else ()
    context: dict[str, Any] = {
        "kind": kind,
        "document": document,
        "header": rows.header_entry(kind, document, user, tried, notices),
        "header_first": kind.header_first,
        "header_more": kind.header_more,
        "moved_rows": [rows.line_row(kind, document, line, user) for line in lines],
    }
    return render(request, "sales/orders/_header.html", context, status=tried.status)


def _page_url(kind: DocumentKind, no: str) -> str:
    return kind.url(SalesDocument(no=no))


@page(right=Right.ENTER_SALES)
def new(request: HttpRequest, kind: DocumentKind) -> HttpResponse:
    """A new document: the customer is enough, everything else is proposed."""
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(
            request,
            Right.ENTER_SALES,
            lambda: documents.create_sales_document(
                document_type=kind.document_type, values=kind.header.new(request.POST)
            ),
            key=rows.HEADER_KEY,
        )
        if tried.done:
            # The address leads into the number of the first line, ready to be typed.
            return HttpResponseRedirect(f"{kind.url(tried.result)}#{rows.NEW_KEY}-no")
    state = tried.state_of(rows.HEADER_KEY)
    context = {
        "title": f"New {kind.label.lower()}",
        "crumbs": [(kind.plural, kind.list_url)],
        "entry": Entry(sheet=kind.header, key=rows.HEADER_KEY, row={}, url=kind.new_url, **state),
        "groups": [("", kind.header_first), ("More", kind.header_more)],
        "intro": "What is left empty is proposed by the customer and the setup.",
        "submit_label": "Create",
        "cancel_url": kind.list_url,
    }
    return render(request, "partials/new_page.html", context, status=tried.status)


# --- What is done to a whole document


@page(right=Right.RELEASE_SALES, methods=("POST",))
def release_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Release the document with its assembly documents."""
    return _answer_act(
        request,
        kind,
        no,
        Right.RELEASE_SALES,
        lambda: release.release(document_type=kind.document_type, no=no),
        "released",
    )


@page(right=Right.REOPEN_SALES, methods=("POST",))
def reopen_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Open the document again."""
    return _answer_act(
        request,
        kind,
        no,
        Right.REOPEN_SALES,
        lambda: release.reopen(document_type=kind.document_type, no=no),
        "reopened",
    )


@page(right=Right.ENTER_SALES, methods=("POST",))
def delete_document(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Delete the document with its lines and their assembly documents."""
    tried = attempt(
        request,
        Right.ENTER_SALES,
        lambda: documents.delete_sales_document(document_type=kind.document_type, no=no),
    )
    if not tried.done:
        return show_document(request, kind, no, tried)
    messages.success(request, f"{kind.label} {no} deleted.")
    return HttpResponseRedirect(kind.list_url)


def _answer_act(
    request: HttpRequest, kind: DocumentKind, no: str, right: Right, act: Callable[[], object], done: str
) -> HttpResponse:
    tried = attempt(request, right, act)
    if not tried.done:
        return show_document(request, kind, no, tried)
    messages.success(request, f"{kind.label} {no} {done}.")
    return HttpResponseRedirect(_page_url(kind, no))
