"""Generated plants of three to five levels, and a scheduler that looks at every single day: the measure of the promise.

The scheduler shares no code with the product's beyond the plain facts of a plant.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from inventory.availability.outlook import DayFlow, Outlook
from inventory.bom_graph import Article, BomGraph, ItemKey, Part
from tests.support import day

ZERO, FIVE = Decimal(0), Decimal("0.00001")


@dataclass(slots=True)
class Plant:
    """A bill of materials with all that it is made of, and what there is of it."""

    graph: BomGraph
    root: ItemKey
    outlooks: dict[ItemKey, Outlook]
    safety: int

    @property
    def quantities(self) -> list[Decimal]:
        return [Decimal(1), Decimal("2.5"), Decimal(7), Decimal(40)]


def generated(seed: int) -> Plant:
    """Return a plant; items of a level go into one or several items of the levels above, some straight to the top."""
    chance = random.Random(seed)
    levels = [[f"L{level}-{index}" for index in range(chance.randint(1, 3))] for level in range(chance.randint(3, 5))]
    levels[0] = ["TOP"]
    below: dict[str, list[Part]] = {no: [] for level in levels for no in level}
    for depth, level in enumerate(levels[1:], start=1):
        for no in level:
            above = [parent for higher in levels[:depth] for parent in higher]
            parents = {chance.choice(levels[depth - 1]), *chance.sample(above, k=min(len(above), chance.randint(0, 2)))}
            for parent in sorted(parents):
                below[parent].append(_part(chance, no))
    graph = BomGraph({no: _article(chance, no, parts) for no, parts in below.items()})
    outlooks = {ItemKey(no, ""): _outlook(chance, is_top=no == "TOP") for no in below}
    return Plant(graph=graph, root=ItemKey("TOP", ""), outlooks=outlooks, safety=chance.choice([0, 1, 3]))


def _part(chance: random.Random, no: str) -> Part:
    return Part(
        key=ItemKey(no, ""),
        quantity_per=Decimal(chance.choice(["1", "1", "2", "3", "0.5", "0.33333"])),
        factor=Decimal(chance.choice(["1", "1", "1", "6"])),
        precision=Decimal(chance.choice(["0", "0", "1"])),
        base_precision=FIVE,
        offset_days=chance.choice([0, 0, 1, 4]),
    )


def _article(chance: random.Random, no: str, parts: list[Part]) -> Article:
    makes = bool(parts) and (no == "TOP" or chance.random() < 0.9)
    return Article(
        no=no,
        is_inventoriable=True,
        is_assembled=makes,
        has_bom=bool(parts),
        base_precision=FIVE,
        lead_time_days=chance.choice([0, 1, 2, 5]),
        safety_lead_time_days=chance.choice([None, None, 0, 2]),
        parts=parts if makes else [],
    )


def _outlook(chance: random.Random, *, is_top: bool) -> Outlook:
    on_hand = Decimal(chance.choice([0, 0, 3, 10, 50]) if not is_top else chance.choice([0, 0, 2]))
    days = []
    for at in sorted(chance.sample(range(-3, 30), k=chance.randint(0, 5))):
        quantity = Decimal(chance.choice(["1", "4", "20", "100", "2.5"]))
        if chance.random() < 0.6:
            days.append(DayFlow(date=day(at), scheduled_receipt=quantity))
        else:
            days.append(DayFlow(date=day(at), gross_requirement=quantity))
    return Outlook(on_hand=on_hand, days=days)


# -- every single day -------------------------------------------------------------------------------------------

#: Days before and after today that are looked at.
BEFORE, AFTER = 120, 160


class EveryDay:
    """Answers for one plant by trying day after day."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.there = {key: self._there(outlook) for key, outlook in plant.outlooks.items()}
        self.order = sorted(self.there, key=self._depth)

    def _depth(self, key: ItemKey) -> tuple[int, str]:
        """The longest way down to the item: whoever needs it is looked at before."""
        longest = 0
        ways = [(self.plant.root, 0)]
        while ways:
            at, length = ways.pop()
            if at == key:
                longest = max(longest, length)
            ways += [(part.key, length + 1) for part in self.plant.graph.articles[at.item_id].parts]
        return longest, key.item_id

    def _there(self, outlook: Outlook) -> dict[int, Decimal]:
        """PRM-01, for every day by itself: the most that any day so far lets one take."""
        nets = {flow.date: flow.net for flow in outlook.days}
        balance = {}
        running = outlook.on_hand + sum((net for at, net in nets.items() if at < day(0)), ZERO)
        for at in range(AFTER + 1):
            running += nets.get(day(at), ZERO)
            balance[at] = running
        found, best = {}, ZERO
        for at in range(AFTER + 1):
            if at == 0:
                stays = 0
                while stays < AFTER and nets.get(day(stays + 1), ZERO) <= 0:
                    stays += 1
                best = max(best, min(balance[each] for each in range(stays + 1)))
            elif nets.get(day(at), ZERO) > 0:
                best = max(best, balance[at])
            found[at] = best
        return found

    def can_leave(self, quantity: Decimal, on: int) -> bool:
        """Whether the quantity can leave so many days from today."""
        wanted: dict[ItemKey, dict[int, Decimal]] = {
            key: dict.fromkeys(range(-BEFORE, AFTER + 1), ZERO) for key in self.there
        }
        for at in range(on, AFTER + 1):
            wanted[self.plant.root][at] = quantity
        return all(self._covered(key, wanted) for key in self.order)

    def _covered(self, key: ItemKey, wanted: dict[ItemKey, dict[int, Decimal]]) -> bool:
        lacking, worst = {}, ZERO
        for at in range(-BEFORE, AFTER + 1):
            worst = max(worst, wanted[key][at] - self.there[key].get(at, ZERO))
            lacking[at] = worst
        if not worst:
            return True
        article = self.plant.graph.articles[key.item_id]
        safety = article.safety_lead_time_days
        lead = article.lead_time_days + (self.plant.safety if safety is None else safety)
        first = min(at for at, quantity in lacking.items() if quantity)
        if not (article.is_assembled and article.has_bom) or first - lead < 0:
            return False
        for part in article.parts:
            for at in range(-BEFORE, AFTER + 1):
                later = min(at + lead + part.offset_days, AFTER)
                wanted[part.key][at] += self._takes(part, lacking[later])
        return True

    @staticmethod
    def _takes(part: Part, quantity: Decimal) -> Decimal:
        taken = (part.quantity_per * quantity).quantize(FIVE, rounding=ROUND_HALF_UP)
        if part.precision:
            taken = (taken / part.precision).to_integral_value(ROUND_CEILING) * part.precision
        return (taken * part.factor).quantize(FIVE, rounding=ROUND_HALF_UP)

    def days(self, quantity: Decimal) -> list[bool]:
        """For every day from today on, whether the quantity can leave."""
        return [self.can_leave(quantity, on) for on in range(AFTER - 60)]


def earliest(answers: list[bool]) -> dt.date | None:
    """Return the first day on which the answer is yes."""
    return day(answers.index(True)) if True in answers else None
