"""What comes and goes of one item, day by day, and the figures that follow from it. Pure.

Quantities are Decimals in base units. Source: docs/rules/05-availability.md (AVL-01 to AVL-10).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from inventory.rounding import ZERO


class DayFlow(NamedTuple):
    """What is planned to come and go on one day, all >= 0; the reserved quantities are part of the others.

    A tuple, because there are tens of thousands of them behind one page of a list.
    """

    date: dt.date
    gross_requirement: Decimal = ZERO
    reserved_requirement: Decimal = ZERO
    scheduled_receipt: Decimal = ZERO
    reserved_receipt: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """What the day adds to what is free of reservations; negative where it takes."""
        return (self.scheduled_receipt - self.reserved_receipt) - (self.gross_requirement - self.reserved_requirement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures as of a date. `gross_requirement` holds what the look-ahead adds (AVL-05)."""

    on_hand: Decimal
    reserved_on_hand: Decimal
    gross_requirement: Decimal
    reserved_requirement: Decimal
    scheduled_receipt: Decimal
    reserved_receipt: Decimal

    @property
    def available_inventory(self) -> Decimal:
        """AVL-01: what lies there and is not reserved."""
        return self.on_hand - self.reserved_on_hand

    @property
    def available(self) -> Decimal:
        """AVL-04: what is free of reservations."""
        free_receipt = self.scheduled_receipt - self.reserved_receipt
        free_requirement = self.gross_requirement - self.reserved_requirement
        return self.available_inventory + free_receipt - free_requirement

    @property
    def projected_available_balance(self) -> Decimal:
        """What will lie there when all that is planned has come and gone, reserved or not."""
        return self.on_hand + self.scheduled_receipt - self.gross_requirement


@dataclass(slots=True, kw_only=True)
class Nets:
    """What is free of reservations: now, and what each day adds or takes. `days`: in no order, a date at most once."""

    available_inventory: Decimal = ZERO
    days: list[tuple[dt.date, Decimal]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Stock and plan of one item, variant and location. `days`: ascending, at most one for a date."""

    on_hand: Decimal = ZERO
    reserved_on_hand: Decimal = ZERO
    days: Sequence[DayFlow] = ()

    @property
    def available_inventory(self) -> Decimal:
        """AVL-01: what lies there and is not reserved, whatever the date."""
        return self.on_hand - self.reserved_on_hand

    @property
    def nets(self) -> Nets:
        """What is free of reservations."""
        return Nets(available_inventory=self.available_inventory, days=[(day.date, day.net) for day in self.days])

    def figures(self, until: dt.date | None, *, look_ahead_days: int | None = None) -> Figures:
        """Return the figures as of a date; without one all that is known counts, and there is nothing ahead."""
        due = [day for day in self.days if until is None or day.date <= until]
        ahead = ZERO if until is None or look_ahead_days is None else self.look_ahead(until, look_ahead_days)
        return Figures(
            on_hand=self.on_hand,
            reserved_on_hand=self.reserved_on_hand,
            gross_requirement=sum((day.gross_requirement for day in due), ahead),
            reserved_requirement=sum((day.reserved_requirement for day in due), ZERO),
            scheduled_receipt=sum((day.scheduled_receipt for day in due), ZERO),
            reserved_receipt=sum((day.reserved_receipt for day in due), ZERO),
        )

    def look_ahead(self, after: dt.date, days: int) -> Decimal:
        """AVL-05: what unreserved demand takes in the days after, until the first day with a net receipt."""
        taken = ZERO
        for day in self.days:
            if not after < day.date <= after + dt.timedelta(days=days):
                continue
            if day.net > ZERO:
                break
            taken -= day.net
        return taken

    def earliest_date(self, *, needed: Decimal, start: dt.date) -> dt.date | None:
        """AVL-10: the first day from `start` on which the quantity is there, None where it never is."""
        nets = [(day.date, day.net) for day in self.days]
        return earliest_date(available_inventory=self.available_inventory, nets=nets, needed=needed, start=start)

    def without_demand(self, own: DayFlow | None) -> Outlook:
        """Leave a demand of one's own out: it takes nothing, and what is reserved for it is there for it.

        `own`: on its day its quantity as gross requirement, and what of it is reserved.
        """
        if own is None:
            return self
        return self._with_day(
            own.date,
            gross_requirement=-own.gross_requirement,
        )

    def without_supply(self, own: DayFlow | None) -> Outlook:
        """Leave a supply of one's own out, with what is reserved of it."""
        if own is None:
            return self
        return self._with_day(
            own.date, scheduled_receipt=-own.scheduled_receipt, reserved_receipt=-own.reserved_receipt
        )

    def _with_day(self, date: dt.date, **changes: Decimal) -> Outlook:
        days = {day.date: day for day in self.days}
        day = days.get(date, DayFlow(date=date))
        days[date] = day._replace(**{name: getattr(day, name) + change for name, change in changes.items()})
        return replace(self, days=[days[at] for at in sorted(days)])


def earliest_date(
    *, available_inventory: Decimal, nets: Iterable[tuple[dt.date, Decimal]], needed: Decimal, start: dt.date
) -> dt.date | None:
    """AVL-10: when a needed quantity is there. `nets`: day and unreserved receipts less requirements, ascending.

    1. What is free on the start date is the available inventory and all that comes and goes until then.
    2. Later requirements may take the quantity away again, until the next receipt.
    3. The first receipt that brings it, if it is not there by then, is the date.
    """
    days = list(nets)
    free = available_inventory + sum((net for day, net in days if day <= start), ZERO)
    there = free >= needed
    for day, net in _after(days, start):
        if net > ZERO and there:
            return start
        free += net
        there = free >= needed
        if net > ZERO and there:
            return day
    return start if there else None


def _after(nets: Iterable[tuple[dt.date, Decimal]], start: dt.date) -> Iterator[tuple[dt.date, Decimal]]:
    return ((day, net) for day, net in nets if day > start)
