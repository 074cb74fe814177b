"""Orders for kits of any make-up, as Hypothesis draws them, and all that can be told of a house after posting them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model, Sum
from hypothesis import strategies as st

from assembly.models import AssemblyDocument, AssemblyLine
from inventory.models import (
    CapacityLedgerEntry,
    CostingMethod,
    Item,
    ItemLedgerEntry,
    PlannedMovement,
    Reservation,
    ResourceLedgerEntry,
    StockBalance,
    ValueEntry,
)
from sales.models import SalesDocument, SalesLine
from tests.factories import make_item, make_kit, make_resource
from tests.posting import stock

#: Components by place in the recipe.
NAMES = ("P1", "P2", "P3")
CENT = Decimal("0.01")
METHODS = [CostingMethod.FIFO, CostingMethod.LIFO, CostingMethod.AVERAGE, CostingMethod.STANDARD]

Goods = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Component:
    """How much of it goes into a kit, how it is costed, and at what unit costs it came in, in even parts."""

    quantity_per: Decimal
    method: str
    unit_costs: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Story:
    """An order for `quantity` kits of which `assembled` are assembled to order, and the parts in which it leaves."""

    components: tuple[Component, ...]
    hours: Decimal
    is_fixed: bool
    overhead_percent: Decimal
    quantity: Decimal
    assembled: Decimal
    parts: tuple[Decimal, ...]

    @property
    def rounding(self) -> Decimal:
        """How far two ways to the same end may lie apart in money.

        What is costed by layers comes to the same to the cent. An average or a standard cost is rounded with every
        entry that uses it: half a cent up or down for each, and once more for the overhead on all of it.
        """
        rounded = [part for part in self.components if part.method in (CostingMethod.AVERAGE, CostingMethod.STANDARD)]
        return CENT * (len(rounded) * len(self.parts) + 1) if rounded else Decimal(0)

    def prepare(self) -> Item:
        """Make the kit M and put enough of everything in stock."""
        bom: list[dict[str, Any]] = []
        for name, part in zip(NAMES, self.components, strict=False):
            item = make_item(name, costing_method=part.method, unit_cost=Decimal(4), standard_cost=Decimal(4))
            bom.append({"item": item, "quantity_per": part.quantity_per})
            enough = (part.quantity_per * self.quantity).to_integral_value(ROUND_CEILING)
            for unit_cost in part.unit_costs:
                stock(item, str(enough), str(unit_cost))
        usage = "fixed" if self.is_fixed else "direct"
        bom.append({"resource": make_resource("H"), "quantity_per": self.hours, "resource_usage_type": usage})
        kit = make_kit("M", indirect_cost_percent=self.overhead_percent, overhead_rate=Decimal("0.5"), bom=bom)
        stock(kit, str(self.quantity), 30)
        return kit


def decimals(*choices: str) -> st.SearchStrategy[Decimal]:
    """Draw one of these numbers."""
    return st.sampled_from([Decimal(choice) for choice in choices])


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Draw an order; quantities are wholes and halves."""
    halves = draw(st.integers(min_value=1, max_value=24))
    cuts = draw(st.sets(st.integers(min_value=1, max_value=halves), max_size=3)) | {halves}
    ends = [0, *sorted(cuts)]
    costs = decimals("5", "7.31", "0.33333", "12.5")
    components = st.builds(
        Component,
        quantity_per=decimals("1", "2", "0.3", "1.33333"),
        method=st.sampled_from(METHODS),
        unit_costs=st.tuples(costs) | st.tuples(costs, costs),
    )
    return Story(
        components=tuple(draw(st.lists(components, min_size=1, max_size=len(NAMES)))),
        hours=draw(decimals("0.25", "1")),
        is_fixed=draw(st.booleans()),
        overhead_percent=draw(decimals("0", "10")),
        quantity=Decimal(halves) / 2,
        assembled=Decimal(draw(st.integers(min_value=0, max_value=halves))) / 2,
        parts=tuple(Decimal(end - start) / 2 for start, end in itertools.pairwise(ends)),
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo everything that happens in the block, with its transaction."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# -- what can be told -----------------------------------------------------------------------------------------


def on_the_shelf() -> Goods:
    """Return what lies there and what it is worth, by item and place."""
    rows = StockBalance.objects.values_list("item", "location", "quantity", "reserved_quantity")
    return {"stock": sorted(rows), "worth": _sums(ValueEntry, "item", total="cost_amount")}


def in_the_books() -> Goods:
    """Return the sums of the ledgers: of goods by kind of movement, of work, and what all of it cost."""
    return {
        "moved": _sums(ItemLedgerEntry, "item", "entry_type", "assemble_to_order", total="quantity"),
        "cost": _sums(ValueEntry, "item", "item_ledger_entry__entry_type", total="cost_amount"),
        "work": _sums(ResourceLedgerEntry, "resource", total="quantity"),
        "wages": _sums(ResourceLedgerEntry, "resource", total="total_cost"),
        "capacity": _sums(CapacityLedgerEntry, "resource", total="direct_cost"),
    }


def on_the_documents() -> Goods:
    """Return what is ordered and done, and what is planned and reserved of it; what comes next is left out."""
    return {
        "sales": _rows(SalesLine, "quantity", "qty_to_assemble_to_order", "quantity_shipped", "quantity_shipped_base"),
        "assembly": _rows(AssemblyDocument, "no", "quantity", "assembled_quantity", "assembled_quantity_base"),
        "components": _rows(AssemblyLine, "line_no", "quantity", "consumed_quantity", "consumed_quantity_base"),
        "plan": _rows(PlannedMovement, "source_kind", "source_id", "item", "due_date", "quantity", "reserved_quantity"),
        "reserved": _rows(Reservation, "demand__source_id", "supply__source_id", "quantity", "is_order_to_order"),
    }


def statuses() -> set[str]:
    """Return the states that documents are in."""
    return {
        *SalesDocument.objects.values_list("status", flat=True),
        *AssemblyDocument.objects.values_list("status", flat=True),
    }


def to_do() -> Goods:
    """Return what comes next of every document."""
    return {
        "sales": _rows(SalesLine, "qty_to_ship", "qty_to_invoice"),
        "assembly": _rows(AssemblyDocument, "quantity_to_assemble", "quantity_to_assemble_base"),
        "components": _rows(AssemblyLine, "line_no", "quantity_to_consume", "quantity_to_consume_base"),
    }


def _rows(kind: type[Model], *names: str) -> list[tuple[Any, ...]]:
    return sorted(kind._default_manager.values_list(*names), key=repr)


def _sums(kind: type[Model], *names: str, total: str) -> list[tuple[Any, ...]]:
    rows = kind._default_manager.order_by().values_list(*names).annotate(sum=Sum(total))
    return sorted(row for row in rows if row[-1])


def assert_same(found: Goods, expected: Goods, *, rounding: Decimal) -> None:
    """Assert that two houses are alike; what things cost and are worth may lie so far apart."""
    for name in found.keys() | expected.keys():
        left, right = found[name], expected[name]
        if not rounding or name not in ("worth", "cost"):
            assert left == right, name
            continue
        apart = {row[:-1]: row[-1] for row in left}
        for row in right:
            assert abs(apart.pop(row[:-1]) - row[-1]) <= rounding, (name, left, right)
        assert not apart, (name, left, right)
