"""When a quantity can leave: a schedule backwards from a day, over all levels of the bill of materials. Pure.

Quantities are Decimals in base units, > 0 unless said. The rules are PRM-01 to PRM-05 in docs/rules/05-availability.md.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from inventory.availability.outlook import Nets
from inventory.bom_graph import BomGraph, ItemKey, Part
from inventory.rounding import ZERO


class Supply:
    """What may be taken of an item until each day without taking it from anybody (PRM-01); it only ever grows.

    On the first day that is what is free then and stays free until the next net receipt; on the day of a net
    receipt what is free then, as AVL-10 has it. `days`: ordinals, ascending, the first one today.
    """

    __slots__ = ("amounts", "days")

    def __init__(self, days: Sequence[int], amounts: Sequence[Decimal]) -> None:
        self.days, self.amounts = days, amounts

    @classmethod
    def of(cls, nets: Nets, *, today: dt.date) -> Supply:
        """Return what an item's balance and plan let one take from today on."""
        free, first = nets.available_inventory, today.toordinal()
        coming = []
        for date, net in nets.days:
            if (day := date.toordinal()) <= first:
                free += net
            elif net:
                coming.append((day, net))
        coming.sort()
        days, amounts = [first], [free]
        for day, net in coming:
            free += net
            if net > ZERO:
                days.append(day)
                amounts.append(free)
            elif len(days) == 1:
                amounts[0] = min(amounts[0], free)
        highest = ZERO
        for index, amount in enumerate(amounts):
            highest = amounts[index] = max(highest, amount)
        return cls(days, amounts)

    def until(self, day: int) -> Decimal:
        """Return what may be taken until the day; nothing before today."""
        index = bisect_right(self.days, day)
        return self.amounts[index - 1] if index else ZERO

    def a_day_later(self) -> Supply:
        """Return the same with every receipt a day later."""
        return Supply([self.days[0], *(day + 1 for day in self.days[1:])], self.amounts)


class Supplies:
    """What may be taken of everything at one place; each item's is worked out when it is asked for."""

    __slots__ = ("_known", "nets", "today")

    def __init__(self, nets: Mapping[ItemKey, Nets], *, today: dt.date) -> None:
        self.nets, self.today = nets, today
        self._known: dict[ItemKey, Supply] = {}

    def of(self, key: ItemKey) -> Supply:
        """Return what may be taken of an item; of what is not known there is nothing."""
        supply = self._known.get(key)
        if supply is None:
            supply = self._known[key] = Supply.of(self.nets.get(key, Nets()), today=self.today)
        return supply

    def with_supply(self, key: ItemKey, supply: Supply) -> Supplies:
        """Return the same with another supply of one item."""
        other = Supplies(self.nets, today=self.today)
        other._known = {**self._known, key: supply}
        return other

    def joined(self, more: Supplies) -> Supplies:
        """Return the supplies of both; what both know of is the same in both."""
        return Supplies({**more.nets, **self.nets}, today=self.today)


#: How much until which day (an ordinal), cumulated, ascending by day.
Steps = list[tuple[int, Decimal]]


@dataclass(slots=True)
class Schedule:
    """What has to be there and to be assembled for a quantity to leave on a day."""

    #: By item: when how much of it is needed.
    needed: dict[ItemKey, Steps] = field(default_factory=dict)
    #: By item: when how much of it is needed beyond what is there.
    missing: dict[ItemKey, Steps] = field(default_factory=dict)
    #: Items that cannot be there in time; empty where the schedule holds.
    late: list[ItemKey] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything can be there in time."""
        return not self.late

    def missing_of(self, key: ItemKey) -> Decimal:
        """Return what of an item has to be assembled, or is not to be had."""
        return self.missing[key][-1][1] if self.missing.get(key) else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What the scheduler is to know of an item, in the order in which items are looked at."""

    key: ItemKey
    can_be_assembled: bool
    lead_days: int
    parts: Sequence[Part]


@dataclass(slots=True, kw_only=True)
class Scheduler:
    """Schedules one item at one place."""

    graph: BomGraph
    root: ItemKey
    supplies: Supplies
    today: dt.date
    default_safety_days: int
    steps: Sequence[_Step] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = [self._step(key) for key in self.graph.parents_first([self.root])]

    def _step(self, key: ItemKey) -> _Step:
        article = self.graph.articles[key.item_id]
        return _Step(
            key=key,
            can_be_assembled=article.can_be_assembled,
            lead_days=article.total_lead_days(self.default_safety_days),
            parts=article.parts,
        )

    def supply(self, key: ItemKey) -> Supply:
        """Return what may be taken of an item."""
        return self.supplies.of(key)

    def at_place(self, supplies: Supplies) -> Scheduler:
        """Return a scheduler for which other supplies lie there."""
        other = copy(self)
        other.supplies = supplies
        return other

    def schedule(self, quantity: Decimal, day: dt.date) -> Schedule:
        """PRM-02, PRM-03: schedule a quantity to leave on a day.

        1. Items in the order in which they go into each other: the needs of one are known before it is looked at.
        2. What is there covers the earliest needs first; what lacks is assembled, or is late.
        3. What is assembled needs its components when the work starts, less their offsets; rounding is that of one
           order for all that the parent lacks until then.
        """
        found = Schedule()
        needs: dict[ItemKey, dict[int, Decimal]] = {self.root: {day.toordinal(): quantity}}
        for step in self.steps:
            asked = needs.get(step.key)
            if not asked:
                continue
            needed = found.needed[step.key] = _cumulated(asked)
            missing = _missing(self.supply(step.key), needed)
            if missing:
                found.missing[step.key] = missing
                if not self._assemble(step, missing, needs):
                    found.late.append(step.key)
        return found

    def holds(self, quantity: Decimal, day: dt.date) -> bool:
        """Return whether a quantity can leave on a day."""
        return self.schedule(quantity, day).holds

    def earliest(self, quantity: Decimal, *, before: dt.date | None = None) -> dt.date | None:
        """PRM-04: return the first day on which a quantity can leave, None where there is none (before the day).

        A later day never makes it harder, so the days are halved until one is left.
        """
        first, last = self.today, before - timedelta(days=1) if before else self.horizon()
        if last < first or not self.holds(quantity, last):
            return None
        while first < last:
            middle = first + (last - first) // 2
            if self.holds(quantity, middle):
                last = middle
            else:
                first = middle + timedelta(days=1)
        return last

    def most(self, day: dt.date, *, below: Decimal, step: Decimal) -> Decimal:
        """Return the most, in whole steps and less than `below`, that can leave on a day; it may be nothing."""
        low, high = 0, int((below / step).to_integral_value(ROUND_CEILING))
        while high - low > 1:
            middle = (low + high) // 2
            if self.holds(middle * step, day):
                low = middle
            else:
                high = middle
        return low * step

    def horizon(self) -> dt.date:
        """Return a day after which nothing gets better: all is there, and there is time for every level."""
        known = [days[-1] for step in self.steps if (days := self.supply(step.key).days)]
        return dt.date.fromordinal(max([self.today.toordinal(), *known]) + self._longest_chain())

    def _assemble(self, step: _Step, missing: Steps, needs: dict[ItemKey, dict[int, Decimal]]) -> bool:
        """Ask for what the assembly of what is missing takes; False where it cannot be assembled in time."""
        if not step.can_be_assembled or missing[0][0] - step.lead_days < self.today.toordinal():
            return False
        for part in step.parts:
            before, asked = ZERO, needs.setdefault(part.key, {})
            ahead = step.lead_days + part.offset_days
            for day, quantity in missing:
                taken = part.needed_for(quantity)
                asked[day - ahead] = asked.get(day - ahead, ZERO) + taken - before
                before = taken
        return True

    def _longest_chain(self) -> int:
        """Return the days from the start of the first work on the longest way to the day on which all can leave."""
        below: dict[ItemKey, int] = {}
        for step in reversed(self.steps):
            parts = (below.get(part.key, 0) + part.offset_days for part in step.parts)
            below[step.key] = step.lead_days + max(parts, default=0)
        return below[self.root]


def _cumulated(asked: Mapping[int, Decimal]) -> Steps:
    total, found = ZERO, []
    for day in sorted(asked):
        total += asked[day]
        found.append((day, total))
    return found


def _missing(supply: Supply, needed: Steps) -> Steps:
    """Return what lacks, until which day; what is there serves the earliest need first."""
    if supply.until(needed[0][0]) >= needed[-1][1]:
        return []
    highest, missing = ZERO, []
    for day, quantity in needed:
        lacking = quantity - supply.until(day)
        if lacking > highest:
            highest = lacking
            missing.append((day, lacking))
    return missing
