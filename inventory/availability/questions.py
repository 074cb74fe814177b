"""The questions that people ask about one item: how much, where, and what happens when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from inventory.availability.outlook import Figures
from inventory.availability.reading import load_all, load_one, until
from inventory.models import Location, PlannedMovement, StockBalance
from inventory.rounding import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Of what the figures are: an item; of one location or of all; of one variant ("": of none), or of all."""

    item: str
    location: str | None = None
    variant: str | None = None

    def balances(self) -> QuerySet[StockBalance]:
        """Return the stock balances there."""
        return StockBalance.objects.filter(self._condition())

    def movements(self) -> QuerySet[PlannedMovement]:
        """Return what is planned there."""
        return PlannedMovement.objects.filter(self._condition())

    def _condition(self) -> Q:
        """AVL-06: what is named matches exactly."""
        condition = Q(item=self.item)
        if self.location is not None:
            condition &= Q(location=self.location)
        if self.variant is not None:
            condition &= Q(variant_code=self.variant)
        return condition


def figures_at(place: Place, *, date: dt.date | None, look_ahead_days: int | None) -> Figures:
    """Return the figures of one place as of a date (AVL-01 to AVL-05), of all that is known without one.

    One statement.
    """
    movements = until(place.movements(), date, look_ahead_days)
    return load_one(place.balances(), movements).figures(date, look_ahead_days=look_ahead_days)


def figures_by_location(
    item: str, *, variant: str | None, date: dt.date | None, look_ahead_days: int | None
) -> list[tuple[str, Figures]]:
    """Return the figures of every location, by code. Two statements."""
    place = Place(item=item, variant=variant)
    outlooks = load_all(place.balances(), until(place.movements(), date, look_ahead_days)).known
    rows = []
    for code in Location.objects.order_by("code").values_list("code", flat=True):
        here = [outlook for key, outlook in outlooks.items() if key.location_id == code]
        parts = [outlook.figures(date, look_ahead_days=look_ahead_days) for outlook in here]
        rows.append((code, _sum(parts)))
    return rows


def _sum(parts: Sequence[Figures]) -> Figures:
    def total(name: str) -> Decimal:
        return sum((getattr(part, name) for part in parts), ZERO)

    return Figures(
        on_hand=total("on_hand"),
        reserved_on_hand=total("reserved_on_hand"),
        gross_requirement=total("gross_requirement"),
        reserved_requirement=total("reserved_requirement"),
        scheduled_receipt=total("scheduled_receipt"),
        reserved_receipt=total("reserved_receipt"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A planned movement with the balance after it, base units."""

    movement: PlannedMovement
    projected_available_balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in the order of events: by day, on a day what comes before what goes."""

    date: dt.date
    quantity: Decimal
    movement_id: int

    def before(self) -> Q:
        """Return the condition of the events up to here."""
        on_the_day = Q(due_date=self.date)
        return (
            Q(due_date__lt=self.date)
            | (on_the_day & Q(quantity__gt=self.quantity))
            | (on_the_day & Q(quantity=self.quantity, pk__lte=self.movement_id))
        )


def events(place: Place, *, first: dt.date | None, last: dt.date | None, after: Mark | None, limit: int) -> list[Event]:
    """Return up to `limit` events of a place in their order, with the running balance.

    What happens before the first day asked for, or up to the mark, is in the balance already. Three statements.
    """
    past = Q(due_date__lt=first) if first is not None else Q(pk__in=())
    if after is not None:
        past |= after.before()
    coming = place.movements().exclude(past)
    if last is not None:
        coming = coming.filter(due_date__lte=last)
    balance = _opening(place, past)
    found = []
    for movement in coming.order_by("due_date", "-quantity", "pk")[:limit]:
        balance += movement.quantity
        found.append(Event(movement=movement, projected_available_balance=balance))
    return found


def _opening(place: Place, past: Q) -> Decimal:
    total = Coalesce(Sum("quantity"), ZERO, output_field=DecimalField(max_digits=18, decimal_places=5))
    on_hand: Decimal = place.balances().aggregate(total=total)["total"]
    gone_by: Decimal = place.movements().filter(past).aggregate(total=total)["total"]
    return on_hand + gone_by
