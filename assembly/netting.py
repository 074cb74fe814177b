"""What demand finds uncovered, item by item and level by level. Pure.

Quantities are Decimals in base units. The rules are PLN-01 to PLN-04 in docs/rules/05-availability.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from inventory.availability.outlook import Outlook
from inventory.bom_graph import BomGraph, ItemKey
from inventory.locks import StockKey
from inventory.models import Item, ReorderingPolicy
from inventory.rounding import ZERO

#: Policies that wait for the stock to fall to the reorder point.
_BY_REORDER_POINT = frozenset({ReorderingPolicy.FIXED_REORDER_QTY, ReorderingPolicy.MAXIMUM_QTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Supply that would cover demand. quantity: base units, > 0."""

    key: StockKey
    quantity: Decimal
    due_date: dt.date
    replenishment_system: str


@dataclass(slots=True, kw_only=True)
class Plant:
    """What is planned: items with a policy, what they are made of, and stock and plan where they lie."""

    items: Mapping[str, Item]
    graph: BomGraph
    outlooks: Mapping[StockKey, Outlook]
    today: dt.date
    ending_date: dt.date | None
    default_safety_days: int
    #: What suggested assemblies take of their components, by day.
    dependent: dict[StockKey, dict[dt.date, Decimal]] = field(default_factory=dict)

    def suggest(self) -> list[Suggestion]:
        """PLN-01: walk from the finished items down, so that the needs of an item are known when it is its turn."""
        found = []
        for item in self._parents_first():
            for key in self._places_of(item):
                for suggestion in self._cover(key):
                    found.append(suggestion)
                    self._ask_for_components(suggestion)
        return found

    def _parents_first(self) -> list[str]:
        """Return the planned items by their longest distance from one that goes into nothing, then by number."""
        keys = self.graph.parents_first([ItemKey(no, "") for no in sorted(self.items)])
        level = dict.fromkeys((key.item_id for key in keys), 0)
        for no in level:
            for part in self.graph.parts_of(no):
                level[part.key.item_id] = max(level[part.key.item_id], level[no] + 1)
        return sorted(self.items, key=lambda no: (level[no], no))

    def _places_of(self, item: str) -> list[StockKey]:
        return sorted(key for key in self.outlooks.keys() | self.dependent.keys() if key.item_id == item)

    def _cover(self, key: StockKey) -> Iterator[Suggestion]:
        """PLN-02: go through the days; what the balance lacks is suggested for the day."""
        item = self.items[key.item_id]
        balance = ZERO
        for day, net in self._days(key):
            balance += net
            lacking = _lacking(item, balance)
            if lacking > ZERO:
                quantity = self._rounded_up(lacking, key.item_id)
                balance += quantity
                yield Suggestion(
                    key=key,
                    quantity=quantity,
                    due_date=day,
                    replenishment_system=item.replenishment_system,
                )

    def _days(self, key: StockKey) -> list[tuple[dt.date, Decimal]]:
        """Return days and what they add, what is past due as of today, from what is free of reservations now."""
        outlook = self.outlooks.get(key, Outlook())
        days: dict[dt.date, Decimal] = {self.today: outlook.available_inventory}
        nets = [(flow.date, flow.net) for flow in outlook.days]
        nets += [(day, -quantity) for day, quantity in self.dependent.get(key, {}).items()]
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
                needs = self.dependent.setdefault(key, {})
                day = start - timedelta(days=part.offset_days)
                needs[day] = needs.get(day, ZERO) + part.needed_for(suggestion.quantity)

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
