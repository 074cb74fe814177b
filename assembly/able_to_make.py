"""How many of an item the stock of its components allows, over all levels of its bill of materials. Pure.

Quantities are Decimals; those of a node are in base units of its item unless said.
Source: docs/rules/05-availability.md (BOMT-01 to BOMT-08).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from assembly.exceptions import TreeTooLarge
from inventory.bom_graph import BomGraph, ItemKey, Part
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO, round_quantity

#: More rows than that nobody reads; a bill of materials that has more is refused.
MAX_NODES = 20_000

#: What is available of an item until a date (BOMT-03).
AvailableUntil = Callable[[ItemKey, dt.date], Decimal]
#: What lies together and is shared by all rows that take from it: an item at a location.
Stock = tuple[ItemKey, str]


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """A row of the tree. quantity_per_parent: its unit, for one base unit of the parent."""

    key: ItemKey
    level: int
    quantity_per_parent: Decimal
    quantity_per_top_item: Decimal
    #: Base units in one of its unit.
    factor: Decimal
    needed_by_date: dt.date
    parent: Node | None
    #: Where it is taken from; "" where the whole tree is asked for one place or for all.
    location: str = ""
    #: The line of the order that it stands for; None in a tree of an item, and below the first level.
    line_no: int | None = None
    children: list[Node] = field(default_factory=list)
    #: What is used of it at the optimum, and what nobody uses where it is the row nearest the top (BOMT-08).
    available: Decimal = ZERO
    able_to_make_parent: Decimal = ZERO
    able_to_make_top_item: Decimal = ZERO
    bottleneck: bool = False

    @property
    def stock(self) -> Stock:
        """What it takes from."""
        return self.key, self.location

    @property
    def per_parent(self) -> Decimal:
        """What one base unit of the parent takes of it."""
        return self.quantity_per_parent * self.factor

    @property
    def per_top_item(self) -> Decimal:
        """What one top item takes of it."""
        return self.quantity_per_top_item * self.factor

    def expected_for(self, quantity: Decimal) -> Decimal:
        """Return what so many base units of the parent take of it (BOMT-05)."""
        return round_quantity(self.quantity_per_parent * quantity) * self.factor

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, depth first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def able_to_make(
    graph: BomGraph, item: str, *, date: dt.date, default_safety_days: int, available_until: AvailableUntil
) -> Node:
    """Return the tree of an item with what can be made of it by a date.

    Raises: TreeTooLarge. The top item's own stock never counts.
    """
    top = build_tree(graph, item, date=date, default_safety_days=default_safety_days)
    work_out(top, lambda node: available_until(node.key, node.needed_by_date))
    return top


def work_out(top: Node, available: Callable[[Node], Decimal]) -> None:
    """Work out what can be made of a tree. available: what there is of a row until its date (BOMT-03)."""
    rows = list(top.walk())[1:]
    full: dict[tuple[Stock, dt.date], Decimal] = {}
    for node in rows:
        if (node.stock, node.needed_by_date) not in full:
            full[node.stock, node.needed_by_date] = max(available(node), ZERO)
    optimum = _optimum(top, full)
    _mark_bottlenecks(top, full, optimum)
    _share_out(top, rows, full, optimum)


def build_tree(graph: BomGraph, item: str, *, date: dt.date, default_safety_days: int) -> Node:
    """BOMT-01, BOMT-02: the tree with quantities and dates. Raises: TreeTooLarge."""
    top = _top(ItemKey(item, ""), date)
    _open([top], graph, default_safety_days=default_safety_days)
    return top


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPart:
    """A component line of an order. quantity_per: its own unit, for one of the order's unit. factor: as in `Node`."""

    line_no: int
    key: ItemKey
    location: str
    quantity_per: Decimal
    factor: Decimal
    due_date: dt.date


def build_order_tree(
    graph: BomGraph, item: ItemKey, parts: Iterable[OrderPart], *, date: dt.date, default_safety_days: int
) -> Node:
    """BOMT-01 for an order: its own lines are the first level, with their own dates and locations. Raises as above.

    What is made is counted in the order's unit. Below a line everything is taken from the line's location.
    """
    top = _top(item, date)
    top.children = [_line(top, part) for part in parts if part.quantity_per]
    _open(top.children, graph, default_safety_days=default_safety_days)
    return top


def _top(key: ItemKey, date: dt.date) -> Node:
    return Node(
        key=key,
        level=0,
        quantity_per_parent=ONE,
        quantity_per_top_item=ONE,
        factor=ONE,
        needed_by_date=date,
        parent=None,
    )


def _line(top: Node, part: OrderPart) -> Node:
    return Node(
        key=part.key,
        level=1,
        quantity_per_parent=part.quantity_per,
        quantity_per_top_item=round_quantity(part.quantity_per),
        factor=part.factor,
        needed_by_date=part.due_date,
        parent=top,
        location=part.location,
        line_no=part.line_no,
    )


def _open(nodes: Iterable[Node], graph: BomGraph, *, default_safety_days: int) -> None:
    """Put below the nodes what they are made of, down to what is not assembled."""
    stack = list(nodes)
    count = len(stack)
    while stack:
        node = stack.pop()
        article = graph.articles[node.key.item_id]
        start = node.needed_by_date - timedelta(days=article.total_lead_days(default_safety_days))
        if (node.level and not article.is_assembled) or _is_on_path(node):
            continue
        node.children = [_child(node, part, start) for part in article.parts]
        stack.extend(node.children)
        count += len(node.children)
        if count > MAX_NODES:
            raise TreeTooLarge(item=_above(node).key.item_id, limit=MAX_NODES)


def _child(parent: Node, part: Part, start: dt.date) -> Node:
    return Node(
        key=part.key,
        level=parent.level + 1,
        quantity_per_parent=part.quantity_per,
        quantity_per_top_item=round_quantity(part.quantity_per * parent.quantity_per_top_item * parent.factor),
        factor=part.factor,
        needed_by_date=start - timedelta(days=part.offset_days),
        parent=parent,
        location=parent.location,
    )


def _above(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node


def _is_on_path(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.key.item_id == node.key.item_id:
            return True
        above = above.parent
    return False


_Available = Mapping[tuple[Stock, dt.date], Decimal]


def _optimum(top: Node, full: _Available) -> Decimal:
    """BOMT-06: the largest feasible quantity up to the upper bound, in steps of 0.00001."""
    if not top.children:
        return ZERO
    high = int((min(_bound(node, full) for node in top.children) / QUANTITY_PRECISION).to_integral_value(ROUND_FLOOR))
    low = 0
    if _Trial(top, full, high * QUANTITY_PRECISION).is_feasible:
        return high * QUANTITY_PRECISION
    while high - low > 1:
        middle = (low + high) // 2
        if _Trial(top, full, middle * QUANTITY_PRECISION).is_feasible:
            low = middle
        else:
            high = middle
    return low * QUANTITY_PRECISION


def _bound(node: Node, full: _Available) -> Decimal:
    """BOMT-04: how many top items a node allows if it shared nothing with others."""
    if not node.per_top_item:
        # So little goes into one that it is nothing after rounding: it bounds nothing that could be counted.
        return Decimal(10) ** 13
    own = full[node.stock, node.needed_by_date] / node.per_top_item
    return own + min((_bound(child, full) for child in node.children), default=ZERO)


class _Trial:
    """F(n) of BOMT-05: what is taken of each node for so many top items, and which leaf is the first to fail."""

    def __init__(self, top: Node, full: _Available, quantity: Decimal) -> None:
        self.left: dict[Stock, dict[dt.date, Decimal]] = {}
        for (stock, needed_by), available in full.items():
            self.left.setdefault(stock, {})[needed_by] = available
        self.taken: dict[Node, Decimal] = {}
        self.failed: Node | None = None
        self._make(top, quantity)

    @property
    def is_feasible(self) -> bool:
        return self.failed is None

    def _make(self, parent: Node, quantity: Decimal) -> None:
        for node in parent.children:
            expected, available = node.expected_for(quantity), self.left[node.stock][node.needed_by_date]
            self._take(node, min(expected, available))
            if expected > available and not node.children:
                self.failed = node
            elif expected > available:
                self._make(node, expected - available)
            if self.failed is not None:
                return

    def _take(self, node: Node, quantity: Decimal) -> None:
        """Take a quantity at the node's date: there is less of the item on that date and before."""
        self.taken[node] = quantity
        left = self.left[node.stock]
        for date, available in left.items():
            if date <= node.needed_by_date:
                left[date] = max(available - quantity, ZERO)


def _mark_bottlenecks(top: Node, full: _Available, optimum: Decimal) -> None:
    """BOMT-07: the first leaf that fails one step further, and each sub-assembly above it."""
    step = QUANTITY_PRECISION
    node = _Trial(top, full, optimum + step).failed
    while node is None and top.children and step < Decimal(10) ** 13:
        # Rounding may let one more step through, or ten.
        step *= 10
        node = _Trial(top, full, optimum + step).failed
    while node is not None and node.level:
        node.bottleneck = True
        node = node.parent


def _share_out(top: Node, rows: list[Node], full: _Available, optimum: Decimal) -> None:
    """BOMT-08: what is used of each row, and with the row nearest the top what is left over; then who allows what."""
    taken = _Trial(top, full, optimum).taken
    used: dict[Stock, Decimal] = {}
    nearest: dict[Stock, Node] = {}
    for node in rows:
        node.available = taken.get(node, ZERO)
        used[node.stock] = used.get(node.stock, ZERO) + node.available
        if node.stock not in nearest or node.level < nearest[node.stock].level:
            nearest[node.stock] = node
    for stock, node in nearest.items():
        node.available += max(full[stock, node.needed_by_date] - used[stock], ZERO)
    for node in reversed(rows):
        _allow(node)
    top.able_to_make_parent = top.able_to_make_top_item = optimum
    for node in rows:
        node.able_to_make_parent = round_quantity(node.able_to_make_parent)
        node.able_to_make_top_item = round_quantity(node.able_to_make_top_item)


def _allow(node: Node) -> None:
    made = min((child.able_to_make_parent for child in node.children), default=ZERO)
    node.able_to_make_parent = (node.available + made) / node.per_parent
    made_for_top = min((child.able_to_make_top_item for child in node.children), default=ZERO)
    own = node.available / node.per_top_item if node.per_top_item else ZERO
    node.able_to_make_top_item = own + made_for_top
