"""What is reserved for a line of a document, as a page: reserve what there is, cancel what stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_filters import CharFilter, FilterSet

from backoffice.pages import formats, kinds, links
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.models import DEMAND_SOURCES, PlannedMovement, Reservation
from inventory.services import reserving
from inventory.services.reservations import STOCK, Offer, Side, offers_for, reserve_automatically, reserve_by_hand
from inventory.views.filters import search

_KEY = "reserve"
#: So many supplies can be chosen from; those that come first are offered.
_OFFERS_SHOWN = 100
_SORTS = {
    "-entry_no": ("-entry_no",),
    "entry_no": ("entry_no",),
    "date": ("demand__due_date", "entry_no"),
    "-date": ("-demand__due_date", "-entry_no"),
}


class ReservationFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    """What the list can be narrowed to."""

    q = search("demand__document_no", "supply__document_no", "demand__item__no")
    item = CharFilter(field_name="demand__item_id", label="Item")
    location = CharFilter(field_name="demand__location_id", label="Location")
    document = CharFilter(method="by_document", label="Document, on either side")

    def by_document(self, rows: QuerySet[Reservation], name: str, no: str) -> QuerySet[Reservation]:
        """Keep those for the document, and those of what it brings in."""
        return rows.filter(Q(demand__document_no=no) | Q(supply__document_no=no))


@page(right=Right.VIEW_RESERVATIONS, methods=("GET",))
def list_reservations(request: HttpRequest) -> HttpResponse:
    """What is set aside, for whom and of what: both sides of each, newest first."""
    return answer_list(
        request,
        Reservation.objects.select_related("demand", "supply"),
        filters=ReservationFilters,
        sorts=_SORTS,
        rows_template="inventory/reservations/_rows.html",
        context={"title": "Reservations", "search_label": "Document or item"},
    )


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
    tried = attempt(request, Right.RESERVE, lambda: _reserve(side, request.POST), key=_KEY)
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


def _reserve(demand: Side, posted: Mapping[str, str]) -> object:
    """Reserve of the supply that was chosen, or of what there is. What is chosen is found again, or refused."""
    values = _sheet(()).new(posted)
    supply, quantity = values.get("supply"), values.get("quantity")
    if not supply:
        return reserve_automatically(demand=demand, quantity=quantity)
    return reserve_by_hand(demand=demand, supply=_side(supply), quantity=quantity)


def _sheet(offers: Sequence[Offer]) -> Sheet:
    """Return the fields; without offers any supply can be named, and the service knows whether there is one."""
    choices = [("", "What there is, stock first"), *((_name(offer.side), _words(offer)) for offer in offers)]
    return Sheet(
        Field(
            name="supply",
            label="Take from",
            kind=kinds.CHOICE if offers else kinds.TEXT,
            choices=choices if offers else (),
            size="wide",
        ),
        Field(name="quantity", label="Quantity", kind=kinds.QUANTITY, help="Empty: as much as there is"),
    )


def _name(side: Side) -> str:
    return f"{side.type} {side.line_no or 0} {side.document_no}".strip()


def _side(name: str) -> Side:
    kind, line_no, document_no, *_ = [*name.split(" ", 2), "", ""]
    return Side(type=kind, document_no=document_no, line_no=int(line_no) if line_no.isdecimal() else None)


def _words(offer: Offer) -> str:
    side, free = offer.side, f"{formats.quantity(offer.free)} free"
    if side.type == STOCK:
        return f"In stock, ledger entry {side.line_no}: {free}"
    line = f", line {side.line_no}" if side.line_no else ""
    return f"{side.document_no}{line}, on {formats.day(offer.date) if offer.date else ''}: {free}"


def _demand(kind: str, no: str, line_no: int) -> PlannedMovement:
    found = PlannedMovement.objects.filter(source_kind=kind, document_no=no, line_no=line_no).first()
    if found is None or kind not in DEMAND_SOURCES:
        raise Http404("This line needs nothing from stock.")
    return found


def _answer(request: HttpRequest, demand: PlannedMovement, tried: Attempt = NO_ATTEMPT) -> HttpResponse:
    kind, no, line_no = demand.source_kind, demand.document_no, demand.line_no or 0
    may_reserve = has_right(request.user, Right.RESERVE)
    is_open = -demand.quantity - demand.reserved_quantity
    offers = offers_for(demand)[:_OFFERS_SHOWN] if may_reserve and is_open else []
    rows = Reservation.objects.filter(demand=demand).select_related("supply", "supply_entry").order_by("entry_no")
    context: dict[str, Any] = {
        "title": f"Reserved for {no}, line {line_no}",
        "crumbs": [(no, links.url_of(kind, no) or "")],
        "demand": demand,
        "needed": -demand.quantity,
        "open": is_open,
        "rows": [
            (row, "" if row.is_order_to_order else reverse("reservation-cancel", args=[kind, no, line_no, row.pk]))
            for row in rows
        ],
        "may_reserve": may_reserve,
        "offers": offers,
        "entry": Entry(sheet=_sheet(offers), key=_KEY, row={}, url=request.path, **tried.state_of(_KEY)),
        "url": reservations_url(kind, no, line_no),
        "refusals": () if tried.key else tried.refusals,
    }
    return render(request, "inventory/reservations/show.html", context, status=tried.status)
