"""What demand finds uncovered, item by item and level by level. Pure.

Quantities are Decimals in base units. The rules are PLN-01 to PLN-04 in docs/rules/05-availability.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from backoffice.decimals import plain
from inventory.availability.outlook import Outlook
from inventory.bom_graph import BomGraph, ItemKey
from inventory.locks import StockKey
from inventory.models import Item, ReorderingPolicy
from inventory.rounding import ZERO

#: Policies that wait for the stock to fall to the reorder point.
_BY_REORDER_POINT = frozenset({ReorderingPolicy.FIXED_REORDER_QTY, ReorderingPolicy.MAXIMUM_QTY})


class Ask(NamedTuple):
    """What a suggested assembly takes of a component, base units."""

    parent: StockKey
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Supply that would cover demand. quantity: base units, > 0.

    level: how far below an item that goes into nothing. left: what would lie there on the day without it, negative
    where something is missing. asked_by: the suggested assemblies that need it on that day.
    """

    key: StockKey
    item: Item
    quantity: Decimal
    due_date: dt.date
    replenishment_system: str
    level: int
    left: Decimal
    asked_by: Sequence[Ask]


@dataclass(slots=True, kw_only=True)
class Plant:
    """What is planned: items with a policy, what they are made of, and stock and plan where they lie."""

    items: Mapping[str, Item]
    graph: BomGraph
    outlooks: Mapping[StockKey, Outlook]
    today: dt.date
    ending_date: dt.date | None
    default_safety_days: int
    #: What suggested assemblies take of their components, by day; what is past due as of today.
    dependent: dict[StockKey, dict[dt.date, list[Ask]]] = field(default_factory=dict)

    def suggest(self) -> list[Suggestion]:
        """PLN-01: walk from the finished items down, so that the needs of an item are known when it is its turn."""
        found = []
        for item, level in self._parents_first():
            for key in self._places_of(item):
                for suggestion in self._cover(key, level):
                    found.append(suggestion)
                    self._ask_for_components(suggestion)
        return found

    def _parents_first(self) -> list[tuple[str, int]]:
        """Return the planned items by their longest distance from one that goes into nothing, then by number."""
        keys = self.graph.parents_first([ItemKey(no, "") for no in sorted(self.items)])
        level = dict.fromkeys((key.item_id for key in keys), 0)
        for no in level:
            for part in self.graph.parts_of(no):
                level[part.key.item_id] = max(level[part.key.item_id], level[no] + 1)
        return sorted(((no, level[no]) for no in self.items), key=lambda place: (place[1], place[0]))

    def _places_of(self, item: str) -> list[StockKey]:
        return sorted(key for key in self.outlooks.keys() | self.dependent.keys() if key.item_id == item)

    def _cover(self, key: StockKey, level: int) -> Iterator[Suggestion]:
        """PLN-02: go through the days; what the balance lacks is suggested for the day."""
        item = self.items[key.item_id]
        balance = ZERO
        for day, net in self._days(key):
            balance += net
            lacking = _lacking(item, balance)
            if lacking > ZERO:
                quantity = self._rounded_up(lacking, key.item_id)
                yield Suggestion(
                    key=key,
                    item=item,
                    quantity=quantity,
                    due_date=day,
                    replenishment_system=item.replenishment_system,
                    level=level,
                    left=balance,
                    asked_by=self.dependent.get(key, {}).get(day, ()),
                )
                balance += quantity

    def _days(self, key: StockKey) -> list[tuple[dt.date, Decimal]]:
        """Return days and what they add, what is past due as of today, from what is free of reservations now."""
        outlook = self.outlooks.get(key, Outlook())
        days: dict[dt.date, Decimal] = {self.today: outlook.available_inventory}
        nets = [(flow.date, flow.net) for flow in outlook.days]
        nets += [(day, -ask.quantity) for day, asks in self.dependent.get(key, {}).items() for ask in asks]
        for day, net in nets:
            at = max(day, self.today)
            if self.ending_date is None or at <= self.ending_date:
                days[at] = days.get(at, ZERO) + net
        return sorted(days.items())

    def _ask_for_components(self, suggestion: Suggestion) -> None:
        """PLN-03: a suggested assembly needs its components when it would start, less their offsets."""
        article = self.graph.articles[suggestion.key.item_id]
        if not article.can_be_assembled:
            return
        start = suggestion.due_date - timedelta(days=article.total_lead_days(self.default_safety_days))
        for part in article.parts:
            if part.key.item_id in self.items:
                key = StockKey(part.key.item_id, part.key.variant_code, suggestion.key.location_id)
                day = max(start - timedelta(days=part.offset_days), self.today)
                ask = Ask(suggestion.key, part.needed_for(suggestion.quantity))
                self.dependent.setdefault(key, {}).setdefault(day, []).append(ask)

    def _rounded_up(self, quantity: Decimal, item: str) -> Decimal:
        step = self.graph.articles[item].base_precision
        return (quantity / step).to_integral_value(ROUND_CEILING) * step


def _lacking(item: Item, balance: Decimal) -> Decimal:
    """PLN-04: what a policy adds to a balance; nothing where it is content."""
    if item.reordering_policy not in _BY_REORDER_POINT:
        floor = item.safety_stock_quantity if item.reordering_policy == ReorderingPolicy.LOT_FOR_LOT else ZERO
        return floor - balance
    has_fallen = balance < ZERO or (item.reorder_point > ZERO and balance <= item.reorder_point)
    if not has_fallen:
        return ZERO
    if item.reordering_policy == ReorderingPolicy.MAXIMUM_QTY:
        return max(item.maximum_inventory, item.reorder_point) - balance
    return _in_lots(item, balance)


def _in_lots(item: Item, balance: Decimal) -> Decimal:
    """Return as many lots as lift the balance above the reorder point; without a lot size what lifts it there."""
    if not item.reorder_quantity:
        return item.reorder_point - balance
    lots = (max(item.reorder_point, ZERO) - balance) / item.reorder_quantity
    whole = lots.to_integral_value(ROUND_CEILING)
    reaches = balance + whole * item.reorder_quantity
    enough = reaches > item.reorder_point or not item.reorder_point
    return (whole if enough and whole else whole + 1) * item.reorder_quantity


# -- words ----------------------------------------------------------------------------------------------------


def reason(suggestion: Suggestion) -> str:
    """Say in words why the policy asks for it (PLN-04), in base units."""
    return f"{_state(suggestion.left)}{_wish(suggestion.item)}."


def _state(left: Decimal) -> str:
    if left < ZERO:
        return f"{plain(-left)} missing"
    return f"{plain(left)} left" if left else "Nothing left"


def _wish(item: Item) -> str:
    if item.reordering_policy == ReorderingPolicy.LOT_FOR_LOT and item.safety_stock_quantity:
        return f", {plain(item.safety_stock_quantity)} kept for safety"
    if item.reordering_policy not in _BY_REORDER_POINT:
        return ""
    at = f", reordered at {plain(item.reorder_point)}"
    if item.reordering_policy == ReorderingPolicy.MAXIMUM_QTY:
        return f"{at} up to {plain(max(item.maximum_inventory, item.reorder_point))}"
    return f"{at} by {plain(item.reorder_quantity)}" if item.reorder_quantity else at
