"""Amending a line of a released order: what it would change is shown first, then it is done as one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backoffice.exceptions import Invalid
from backoffice.impact import Impact, impact_of
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.rights import Right, has_right, require_right
from sales.models import SalesDocument, SalesLine
from sales.services.amending import amend_order
from sales.views.document_kinds import ORDERS, DocumentKind

_KEY = "amend"
_SHEET = Sheet(
    Field(name="quantity", label="Quantity", kind=kinds.filled(kinds.QUANTITY)),
    Field(name="shipment_date", label="Shipment date", kind=kinds.DAY),
    Field(name="reason", label="Reason", kind=kinds.text(200), required=True, size="wide"),
)
#: What nobody types, or what is as before when the act is done: it goes to open and back to released.
_UNTOLD = frozenset({"status", "rev"})
_COSTS = frozenset({"unit_cost", "cost_amount", "overhead_rate", "indirect_cost_percent"})
_RIGHTS = (Right.ENTER_SALES, Right.REOPEN_SALES, Right.RELEASE_SALES)


@page()
def amend(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """GET the form; POST tells what would change, or with act=amend does it."""
    for right in _RIGHTS:
        require_right(request.user, right)
    line = _line(kind, no, line_no)
    if request.method != "POST":
        return _answer(request, line, NO_ATTEMPT)
    if request.POST.get("act") != "amend":
        work = _work(request, line)
        return _answer(request, line, attempt(request, _RIGHTS[0], lambda: impact_of(work), key=_KEY, rollback=True))
    tried = attempt(request, _RIGHTS[0], _work(request, line), key=_KEY)
    if not tried.done:
        return _answer(request, line, tried)
    messages.success(request, f"{no}, line {line_no} amended.")
    return HttpResponseRedirect(f"{kind.url_of(no)}#line-{line_no}")


def _line(kind: DocumentKind, no: str, line_no: int) -> SalesLine:
    lines = SalesLine.objects.select_related("document")
    line = lines.filter(document__document_type=kind.document_type, document__no=no, line_no=line_no).first()
    if line is None:
        raise Http404(f"{kind.label} {no} has no line {line_no}.")
    return line


def _work(request: HttpRequest, line: SalesLine) -> Callable[[], SalesDocument]:
    def work() -> SalesDocument:
        values = _SHEET.new(request.POST)
        rev = request.POST.get("order_rev", "")
        if not rev.isdecimal():
            raise Invalid(field="order_rev", detail="The page does not say which state of the order it shows.")
        return amend_order(
            no=line.document.no,
            values={},
            lines={line.line_no: {name: value for name, value in values.items() if name != "reason"}},
            reason=values.get("reason") or "",
            expected_rev=int(rev),
        )

    return work


def _shown(told: Impact, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the changed rows with the fields that the person may see and knows by name."""
    untold = _UNTOLD if has_right(request.user, Right.SEE_COSTS) else _UNTOLD | _COSTS
    rows = []
    for row in told.documents:
        changes = [
            each for each in row["changes"] if each["field"] not in untold and not each["field"].endswith("_base")
        ]
        if changes or row["action"] != "changed":
            rows.append({**row, "changes": changes})
    return rows


def _answer(request: HttpRequest, line: SalesLine, tried: Attempt) -> HttpResponse:
    no = line.document.no
    told = tried.result
    row: dict[str, Any] = {"quantity": line.quantity, "shipment_date": line.shipment_date, "reason": ""}
    if told is not None:
        row |= _SHEET.new(request.POST)
    context = {
        "title": f"Amend {no}, line {line.line_no}",
        "crumbs": [(ORDERS.plural, ORDERS.list_url), (no, ORDERS.url_of(no))],
        "line": line,
        "entry": Entry(sheet=_SHEET, key=_KEY, row=row, url=request.path, **tried.state_of(_KEY)),
        "told": told,
        "documents": _shown(told, request) if told is not None else (),
        "order_rev": line.document.rev,
        "cancel_url": ORDERS.url_of(no),
    }
    return render(request, "sales/orders/amend.html", context, status=tried.status)
