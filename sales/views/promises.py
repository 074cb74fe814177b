"""The promises of a document's lines, asked for by its page once it stands, and again after each save."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.pages.decorators import page
from backoffice.rights import Right
from sales import availability, reading
from sales.line_promise import promise_of
from sales.made_to_order import get_supplier
from sales.views.document_kinds import DocumentKind
from sales.views.orders import load


@page(right=Right.VIEW_SALES, methods=("GET",))
def show(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """The chip of every line of the document, each for the place that its line has for it."""
    document = load(kind, no)
    lines = list(reading.shown_lines().filter(document=document))
    availability.attach(document, lines)
    address = get_supplier().promise_address
    chips = [(line, promise_of(line), address(document, line.line_no)) for line in lines if line.item_id]
    return render(request, "sales/orders/_promises.html", {"chips": chips})
