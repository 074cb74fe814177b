"""Where a lot or serial number came from, and where it went."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.codes import text_fault
from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory import tracing


@page(right=Right.VIEW_STOCK, methods=("GET",))
def trace_number(request: HttpRequest) -> HttpResponse:
    """The search, and both ways of the number that the address names."""
    number, item_no = (_asked(request, name) for name in ("number", "item"))
    found = tracing.trace(number, item_no=item_no) if number else None
    context = {
        "title": f"Trace {number}" if number else "Trace",
        "number": number,
        "item_no": item_no,
        "trace": found,
        "similar": tracing.similar_numbers(number) if number and found is None else (),
    }
    return render(request, "inventory/trace/show.html", context)


def _asked(request: HttpRequest, name: str) -> str:
    """Return what the address asks for; what no number can hold finds nothing, and the database never sees it."""
    text = request.GET.get(name, "").strip()
    return "" if text_fault(text, max_length=50) else text
