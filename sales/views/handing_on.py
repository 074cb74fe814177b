"""One sales document made out of another, from its page: an order of a quote, a call-off, a copy."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backoffice.exceptions import DomainError, raise_all
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry
from backoffice.pages.once import claim, token_for
from backoffice.rights import Right
from sales.models import SalesDocument, SalesDocumentType
from sales.services import handing_on
from sales.views import rows, sheets
from sales.views.document_kinds import BY_TYPE, ORDERS, DocumentKind
from sales.views.orders import load, show_document


@page(right=Right.ENTER_SALES, methods=("POST",))
def make_order(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Make an order: of a quote, or of the quantities typed into the lines of a blanket order."""

    def write() -> SalesDocument:
        claim(request)
        if kind.is_quote:
            return handing_on.make_order_of_quote(no=no)
        return handing_on.call_off(no=no, called=_called(request.POST))

    tried = attempt(request, Right.ENTER_SALES, write, key=rows.CALL_OFF_KEY)
    if not tried.done:
        return show_document(request, kind, no, tried)
    messages.success(request, f"{ORDERS.label} {tried.result.no} made of {no}.")
    return HttpResponseRedirect(ORDERS.url(tried.result))


def _called(posted: Mapping[str, str]) -> dict[int, Decimal]:
    """Return what was typed to be called off, by line number. Raises Refusals for what is no quantity."""
    called: dict[int, Decimal] = {}
    refusals: list[DomainError] = []
    for name, text in posted.items():
        line_no = name.removeprefix(rows.CALLED_OFF)
        if line_no == name or not line_no.isdecimal() or len(line_no) > sheets.LINE_NO_DIGITS:
            continue
        try:
            quantity = kinds.QUANTITY.read(text)
        except DomainError as refusal:
            refusals.append(refusal.at(f"lines[{int(line_no)}].quantity"))
            continue
        if quantity is not None:
            called[int(line_no)] = quantity
    raise_all(refusals)
    return called


@page(right=Right.ENTER_SALES)
def copy(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Copy the document into a new one of any kind: asked on GET, done on POST."""
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(request, Right.ENTER_SALES, lambda: _copy(request, kind, no), key=rows.HEADER_KEY)
        if tried.done:
            made = BY_TYPE[tried.result.document_type]
            messages.success(request, f"{made.label} {tried.result.no} copied from {no}.")
            return HttpResponseRedirect(made.url(tried.result))
    return _ask_for_copy(request, kind, no, tried)


def _copy(request: HttpRequest, kind: DocumentKind, no: str) -> SalesDocument:
    claim(request)
    values = sheets.COPY.new(request.POST)
    return handing_on.copy_document(
        document_type=kind.document_type,
        no=no,
        to=SalesDocumentType(values.get("to") or kind.document_type),
        recalculate_lines=bool(values.get("recalculate_lines")),
    )


def _ask_for_copy(request: HttpRequest, kind: DocumentKind, no: str, tried: Attempt) -> HttpResponse:
    document = load(kind, no)
    state = tried.state_of(rows.HEADER_KEY)
    url = kind.url(document, "copy")
    context = {
        "title": f"Copy {document.no}",
        "crumbs": [(kind.plural, kind.list_url), (document.no, kind.url(document))],
        "entry": Entry(sheet=sheets.COPY, key=rows.HEADER_KEY, row={"to": kind.document_type.value}, url=url, **state),
        "groups": [("", tuple(sheets.COPY.fields))],
        "intro": "Header, lines and their customised assembly are copied; what was shipped or invoiced is not.",
        "form_token": token_for(request),
        "submit_label": "Copy",
        "cancel_url": kind.url(document),
    }
    return render(request, "partials/new_page.html", context, status=tried.status)
