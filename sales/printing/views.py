"""The papers of posted sales documents, as PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from backoffice.pages.decorators import page
from backoffice.printing import answer_paper
from backoffice.rights import Right
from sales.printing import papers


@page(right=Right.VIEW_SALES, methods=("GET",))
def delivery_note(request: HttpRequest, no: str) -> HttpResponse:
    """What left with a shipment."""
    paper = papers.delivery_note(no)
    if paper is None:
        raise Http404(f"There is no shipment {no}.")
    return answer_paper(paper, name="delivery-note")


@page(right=Right.VIEW_SALES, methods=("GET",))
def invoice(request: HttpRequest, no: str) -> HttpResponse:
    """What the customer is asked to pay."""
    paper = papers.invoice(no)
    if paper is None:
        raise Http404(f"There is no invoice {no}.")
    return answer_paper(paper, name="invoice")
