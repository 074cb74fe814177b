"""What is reserved for a line of a document, as a page: reserve what there is, cancel what stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from backoffice.pages import kinds, links
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.rights import Right, has_right
from inventory.models import DEMAND_SOURCES, PlannedMovement, Reservation
from inventory.services import reserving
from inventory.services.reservations import Side, reserve_automatically

_KEY = "reserve"
_SHEET = Sheet(Field(name="quantity", label="Quantity", kind=kinds.QUANTITY, help="Empty: as much as there is"))


def reservations_url(kind: str, no: str, line_no: int) -> str:
    """Return the address of what is reserved for a line."""
    return reverse("reservations", args=[kind, no, line_no])


@page(right=Right.VIEW_RESERVATIONS)
def show(request: HttpRequest, kind: str, no: str, line_no: int) -> HttpResponse:
    """GET the reservations of a line; POST reserves a quantity, or what there is."""
    demand = _demand(kind, no, line_no)
    if request.method != "POST":
        return _answer(request, demand)
    side = Side(type=kind, document_no=no, line_no=line_no)
    tried = attempt(
        request,
        Right.RESERVE,
        lambda: reserve_automatically(demand=side, quantity=_SHEET.new(request.POST).get("quantity")),
        key=_KEY,
    )
    if not tried.done:
        return _answer(request, demand, tried)
    if tried.result:
        messages.success(request, f"Reserved for {no}, line {line_no}.")
    else:
        messages.info(request, "There is nothing to reserve that arrives in time.")
    return HttpResponseRedirect(request.path)


@page(right=Right.RESERVE, methods=("POST",))
def cancel(request: HttpRequest, kind: str, no: str, line_no: int, entry_no: int) -> HttpResponse:
    """Cancel one reservation of a line."""
    demand = _demand(kind, no, line_no)
    if not Reservation.objects.filter(pk=entry_no, demand=demand).exists():
        raise Http404("This reservation does not exist any more.")
    tried = attempt(request, Right.RESERVE, lambda: reserving.cancel(entry_no))
    if not tried.done:
        return _answer(request, demand, tried)
    messages.success(request, f"Reservation {entry_no} cancelled.")
    return HttpResponseRedirect(reservations_url(kind, no, line_no))


def _demand(kind: str, no: str, line_no: int) -> PlannedMovement:
    found = PlannedMovement.objects.filter(source_kind=kind, document_no=no, line_no=line_no).first()
    if found is None or kind not in DEMAND_SOURCES:
        raise Http404("This line needs nothing from stock.")
    return found


def _answer(request: HttpRequest, demand: PlannedMovement, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    kind, no, line_no = demand.source_kind, demand.document_no, demand.line_no or 0
    may_reserve = has_right(request.user, Right.RESERVE)
    rows = Reservation.objects.filter(demand=demand).select_related("supply", "supply_entry").order_by("entry_no")
    context: dict[str, Any] = {
        "title": f"Reserved for {no}, line {line_no}",
        "crumbs": [(no, links.url_of(kind, no) or "")],
        "demand": demand,
        "needed": -demand.quantity,
        "open": -demand.quantity - demand.reserved_quantity,
        "rows": [
            (row, "" if row.is_order_to_order else reverse("reservation-cancel", args=[kind, no, line_no, row.pk]))
            for row in rows
        ],
        "may_reserve": may_reserve,
        "entry": Entry(sheet=_SHEET, key=_KEY, row={}, url=request.path, **tried.state_of(_KEY)),
        "url": reservations_url(kind, no, line_no),
        "refusals": () if tried.key else tried.refusals,
    }
    return render(request, "inventory/reservations/show.html", context, status=tried.status)
