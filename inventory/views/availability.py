"""The tab of an item's card that tells how much of it there is on a day, where, and what comes and goes until when."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.pages.decorators import by_script, page
from backoffice.rights import Right
from inventory.availability.questions import Event, Mark, Place, events, figures_at, figures_by_location
from inventory.lookups import current_setup
from inventory.views.item_card import card_context, card_of

#: How many events one page lists.
EVENTS_SHOWN = 50
_SALT = "inventory.views.availability"
_PART = "inventory/item/_availability.html"


class AvailabilityQuestion(forms.Form):
    """As of when, where, and of which variant; what is left open means all of it."""

    date = forms.DateField(
        label="As of", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    location = forms.CharField(label="Location", required=False)
    variant = forms.CharField(label="Variant", required=False)


@page(right=Right.VIEW_STOCK, methods=("GET",))
def availability(request: HttpRequest, no: str) -> HttpResponse:
    """How much there is as of a day, by location, and each event with the balance after it."""
    item = card_of(no)
    question = AvailabilityQuestion(request.GET)
    if not question.is_valid():
        raise Http404("The availability cannot be asked for like this.")
    asked = question.cleaned_data
    place = Place(item=no, location=asked["location"] or None, variant=asked["variant"] or None)
    answer = _answer(place, asked["date"], request.GET.get("cursor", ""))
    context = card_context(request, item, "item-availability", filters=question, asked=asked, **answer)
    return render(request, _PART if by_script(request) else "inventory/item/availability.html", context)


def _answer(place: Place, date: dt.date | None, cursor: str) -> dict[str, Any]:
    """Return the figures and a page of events. Seven statements."""
    days = current_setup().check_avail_period_days
    found = events(place, first=None, last=None, after=_read_mark(cursor), limit=EVENTS_SHOWN + 1)
    shown = found[:EVENTS_SHOWN]
    return {
        "figures": figures_at(place, date=date, look_ahead_days=days),
        "locations": figures_by_location(place.item, variant=place.variant, date=date, look_ahead_days=days),
        "look_ahead_days": days,
        "events": shown,
        "is_continued": bool(cursor),
        "next_cursor": _write_mark(shown[-1]) if len(found) > EVENTS_SHOWN else "",
    }


def _write_mark(event: Event) -> str:
    movement = event.movement
    return signing.dumps([movement.due_date.isoformat(), str(movement.quantity), movement.pk], salt=_SALT)


def _read_mark(cursor: str) -> Mark | None:
    if not cursor:
        return None
    try:
        date, quantity, pk = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature as error:
        raise Http404("This page of the events does not exist.") from error
    return Mark(date=dt.date.fromisoformat(date), quantity=Decimal(quantity), movement_id=pk)
