"""When a quantity can leave: a schedule backwards from a day, over all levels of the bill of materials. Pure.

Quantities are Decimals in base units, > 0 unless said. The rules are PRM-01 to PRM-05 in docs/rules/05-availability.md.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from inventory.availability.outlook import Outlook
from inventory.bom_graph import BomGraph, ItemKey
from inventory.rounding import ZERO


class Supply:
    """What may be taken of an item until each day without taking it from anybody (PRM-01); it only ever grows.

    On the first day that is what is free then and stays free until the next net receipt; on the day of a net
    receipt what is free then, as AVL-10 has it.
    """

    __slots__ = ("amounts", "days")

    def __init__(self, days: Sequence[dt.date], amounts: Sequence[Decimal]) -> None:
        self.days, self.amounts = days, amounts

    @classmethod
    def of(cls, outlook: Outlook, *, today: dt.date) -> Supply:
        """Return what an outlook lets one take from today on."""
        free = outlook.available_inventory + sum((day.net for day in outlook.days if day.date <= today), ZERO)
        days, amounts, at_first = [today], [free], True
        for day in outlook.days:
            if day.date <= today or not day.net:
                continue
            free += day.net
            if day.net > ZERO:
                at_first = False
                days.append(day.date)
                amounts.append(free)
            elif at_first:
                amounts[0] = min(amounts[0], free)
        highest = ZERO
        for index, amount in enumerate(amounts):
            highest = amounts[index] = max(highest, amount)
        return cls(days, amounts)

    def until(self, day: dt.date) -> Decimal:
        """Return what may be taken until the day; nothing before today."""
        index = bisect_right(self.days, day)
        return self.amounts[index - 1] if index else ZERO

    def a_day_later(self) -> Supply:
        """Return the same with every receipt a day later."""
        return Supply([self.days[0], *(day + timedelta(days=1) for day in self.days[1:])], self.amounts)


#: What there is nothing of.
_NONE = Supply([], [])


@dataclass(slots=True)
class Schedule:
    """What has to be there and to be assembled for a quantity to leave on a day."""

    #: By item: when how much of it is needed beyond what is there, ascending by day, cumulated.
    missing: dict[ItemKey, list[tuple[dt.date, Decimal]]] = field(default_factory=dict)
    #: By item: when how much of it is needed, ascending by day, cumulated.
    needed: dict[ItemKey, list[tuple[dt.date, Decimal]]] = field(default_factory=dict)
    #: Items that cannot be there in time; empty where the schedule holds.
    late: list[ItemKey] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything can be there in time."""
        return not self.late

    def missing_of(self, key: ItemKey) -> Decimal:
        """Return what of an item has to be assembled, or is not to be had."""
        return self.missing[key][-1][1] if self.missing.get(key) else ZERO


@dataclass(slots=True, kw_only=True)
class Scheduler:
    """Schedules one item at one place. `supplies`: by item and variant; what is absent is nowhere."""

    graph: BomGraph
    root: ItemKey
    supplies: Mapping[ItemKey, Supply]
    today: dt.date
    default_safety_days: int
    order: Sequence[ItemKey] = ()

    def __post_init__(self) -> None:
        self.order = self.graph.parents_first([self.root])

    def supply(self, key: ItemKey) -> Supply:
        """Return what may be taken of an item."""
        return self.supplies.get(key, _NONE)

    def with_supply(self, key: ItemKey, supply: Supply) -> Scheduler:
        """Return a scheduler for which one item's supply is another."""
        return Scheduler(
            graph=self.graph,
            root=self.root,
            supplies={**self.supplies, key: supply},
            today=self.today,
            default_safety_days=self.default_safety_days,
        )

    def schedule(self, quantity: Decimal, day: dt.date) -> Schedule:
        """PRM-02, PRM-03: schedule a quantity to leave on a day.

        1. Items in the order in which they go into each other: the needs of one are known before it is looked at.
        2. What is there covers the earliest needs first; what lacks is assembled, or is late.
        3. What is assembled needs its components when the work starts, less their offsets; rounding is that of one
           order for all that the parent lacks until then.
        """
        found = Schedule()
        needs: dict[ItemKey, dict[dt.date, Decimal]] = {self.root: {day: quantity}}
        for key in self.order:
            asked = needs.get(key)
            if not asked:
                continue
            needed = found.needed[key] = _cumulated(asked)
            missing = found.missing[key] = self._missing(key, needed)
            if missing and not self._assemble(key, missing, needs):
                found.late.append(key)
        return found

    def earliest(self, quantity: Decimal, *, before: dt.date | None = None) -> dt.date | None:
        """PRM-04: return the first day on which a quantity can leave, None where there is none (before the day).

        A later day never makes it harder, so the days are halved until one is left.
        """
        first, last = self.today, before - timedelta(days=1) if before else self.horizon()
        if last < first or not self.schedule(quantity, last).holds:
            return None
        while first < last:
            middle = first + (last - first) // 2
            if self.schedule(quantity, middle).holds:
                last = middle
            else:
                first = middle + timedelta(days=1)
        return last

    def most(self, day: dt.date, *, below: Decimal, step: Decimal) -> Decimal:
        """Return the most, in whole steps and less than `below`, that can leave on a day; it may be nothing."""
        low, high = 0, int((below / step).to_integral_value(ROUND_FLOOR)) + 1
        while high - low > 1:
            middle = (low + high) // 2
            if middle * step < below and self.schedule(middle * step, day).holds:
                low = middle
            else:
                high = middle
        return low * step

    def horizon(self) -> dt.date:
        """Return a day after which nothing gets better: all is there, and there is time for every level."""
        known = [supply.days[-1] for key in self.order if (supply := self.supply(key)).days]
        return max([self.today, *known]) + timedelta(days=self._longest_chain())

    def _missing(self, key: ItemKey, needed: Sequence[tuple[dt.date, Decimal]]) -> list[tuple[dt.date, Decimal]]:
        supply, highest = self.supply(key), ZERO
        missing = []
        for day, quantity in needed:
            lacking = quantity - supply.until(day)
            if lacking > highest:
                highest = lacking
                missing.append((day, lacking))
        return missing

    def _assemble(
        self,
        key: ItemKey,
        missing: Sequence[tuple[dt.date, Decimal]],
        needs: dict[ItemKey, dict[dt.date, Decimal]],
    ) -> bool:
        """Ask for what the assembly of what is missing takes; False where it cannot be assembled in time."""
        article = self.graph.articles[key.item_id]
        lead = timedelta(days=article.total_lead_days(self.default_safety_days))
        if not article.can_be_assembled or missing[0][0] - lead < self.today:
            return False
        for part in article.parts:
            before, asked = ZERO, needs.setdefault(part.key, {})
            for day, quantity in missing:
                taken = part.needed_for(quantity)
                at = day - lead - timedelta(days=part.offset_days)
                asked[at] = asked.get(at, ZERO) + taken - before
                before = taken
        return True

    def _longest_chain(self) -> int:
        """Return the days from the start of the first work on the longest way to the day on which all can leave."""
        below: dict[ItemKey, int] = {}
        for key in reversed(self.order):
            article = self.graph.articles[key.item_id]
            parts = (below.get(part.key, 0) + part.offset_days for part in article.parts)
            below[key] = article.total_lead_days(self.default_safety_days) + max(parts, default=0)
        return below[self.root]


def _cumulated(asked: Mapping[dt.date, Decimal]) -> list[tuple[dt.date, Decimal]]:
    total, found = ZERO, []
    for day in sorted(asked):
        total += asked[day]
        found.append((day, total))
    return found
