"""What an assembly order should cost, is expected to cost and has cost, as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assembly.cost_statistics import cost_rows
from assembly.views.document_kinds import ORDERS
from assembly.views.orders import load
from backoffice.pages.decorators import page
from backoffice.rights import Right


@page(right=Right.SEE_COSTS, methods=("GET",))
def show(request: HttpRequest, no: str) -> HttpResponse:
    """The parts of an order's cost, side by side (PRC-05)."""
    document = load(ORDERS, no)
    *rows, total = cost_rows(document, document.lines.select_related("resource"))
    context = {
        "title": f"Costs of {no}",
        "crumbs": [(ORDERS.plural, ORDERS.list_url), (no, ORDERS.url(no))],
        "document": document,
        "rows": rows,
        "total": total,
    }
    return render(request, "assembly/orders/costs.html", context)
