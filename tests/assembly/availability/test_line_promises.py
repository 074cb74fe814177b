"""The promise of a line that is stored: as if it were entered anew, whatever it holds by now (PRM-07)."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from assembly.line_promises import InUnit, promise_line
from assembly.promise import Promise, promise, reason
from inventory.bom_graph import ItemKey
from inventory.lookups import current_setup
from inventory.models import Item, Setup
from sales.models import SalesLine
from sales.reading import shown_lines
from tests.factories import make_item, make_kit, make_location, make_resource, make_stock_kit, make_substitute
from tests.support import assembly_of, change, component, customise, d, day, line_of, quote_kit, sell, statements
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement

if TYPE_CHECKING:
    from sales.reading import ShownLine


@pytest.fixture
def desk(house: Setup) -> Item:
    """DESK (2 days) of 4 LEG and 1 TOP; TOP (a day) of 3 PLANK; LEG-2 may stand for LEG."""
    make_location("BLUE")
    leg, plank = make_item("LEG"), make_item("PLANK")
    make_substitute(leg, make_item("LEG-2"), interchangeable=True)
    top = make_stock_kit("TOP", lead_time_days=1, bom=[{"item": plank, "quantity_per": 3}])
    parts = [
        {"item": leg, "quantity_per": 4},
        {"item": top, "quantity_per": 1, "lead_time_offset_days": 1},
        {"resource": make_resource("HAND"), "quantity_per": 1},
    ]
    return make_kit("DESK", lead_time_days=2, units={"SET": 2}, bom=parts)


def item(no: str) -> Item:
    return Item.objects.get(no=no)


def shown(line: SalesLine) -> ShownLine:
    return shown_lines().get(pk=line.pk)


def promised(line: SalesLine) -> Promise:
    found = promise_line(shown(line), setup=current_setup())
    assert found is not None
    return found.promise


def asked(no: str, quantity: str | int) -> Promise:
    return promise(item=ItemKey(no, ""), location="MAIN", quantity=Decimal(quantity), setup=current_setup())


def some_world(seed: int) -> random.Random:
    """Put something in stock, on order and on other people's orders, and return what chance decides by next."""
    chance = random.Random(seed)
    for no in ("LEG", "PLANK", "TOP", "DESK", "LEG-2"):
        if chance.random() < 0.7:
            put_in_stock(item(no), chance.randint(1, 30), location=chance.choice(["MAIN", "MAIN", "BLUE"]))
        if chance.random() < 0.6:
            expect(item(no), chance.randint(1, 60), chance.randint(1, 25))
    for no in ("LEG", "DESK"):
        if chance.random() < 0.5:
            sell({"no": no, "quantity": chance.randint(1, 4)}, shipment_date=day(chance.randint(0, 20)))
    return chance


@pytest.mark.parametrize("seed", range(40))
def test_entering_and_reserving_a_line_changes_nothing_of_its_promise(desk: Item, seed: int) -> None:
    chance = some_world(seed)
    no, quantity = chance.choice(["DESK", "DESK", "LEG", "TOP"]), chance.randint(1, 8)
    before = asked(no, quantity)

    line: dict[str, Any] = {"no": no, "quantity": quantity}
    if no != "LEG":
        line["qty_to_assemble_to_order"] = chance.randint(0, quantity)
    order = sell(line, shipment_date=day(chance.randint(0, 30)))
    assert promised(line_of(order)) == before

    if line_of(order).qty_to_assemble_to_order < quantity:
        reserve_movement(movement_of(order.no))
    if line_of(order).qty_to_assemble_to_order:
        reserve_movement(movement_of(assembly_of(line_of(order)).no))
    assert promised(line_of(order)) == before


def test_components_are_those_of_its_own_assembly(desk: Item) -> None:
    put_in_stock(item("TOP"), 10)
    put_in_stock(item("LEG"), 12)
    order = sell({"no": "DESK", "quantity": 5}, shipment_date=day(9))
    assert promised(line_of(order)).bottleneck == ItemKey("LEG", "")

    customise(component(assembly_of(line_of(order)), "LEG"), quantity_per=2)

    found = promised(line_of(order))
    assert (found.earliest_date, found.bottleneck) == (day(3), None)
    assert asked("DESK", 5).earliest_date is None  # everybody else takes the bill of materials


def test_an_item_that_is_purchased_is_assembled_where_its_line_says_so(desk: Item) -> None:
    """Any inventory item can be assembled to order (LNK-01)."""
    order = sell({"no": "LEG", "quantity": 3, "qty_to_assemble_to_order": 2})

    assert promised(line_of(order)).to_assemble == 3
    change(line_of(order), qty_to_assemble_to_order=0)
    assert promised(line_of(order)).to_assemble == 0


def test_it_is_told_in_the_unit_of_the_line(desk: Item) -> None:
    put_in_stock(desk, 3)
    order = sell({"no": "DESK", "quantity": 2, "unit_of_measure": "SET"})

    found = promise_line(shown(line_of(order)), setup=current_setup())

    assert isinstance(found, InUnit)
    assert (found.promise.quantity, found.from_inventory, found.to_assemble) == (d(4), d("1.5"), d("0.5"))
    ((way, parts),) = [(way, parts) for way, parts in found.ways if way.kind == "split"]
    assert way.earliest_date == day(0)
    assert parts == [(d("1.5"), day(0)), (d("0.5"), None)]
    assert reason(found.promise) == "4 of LEG are missing, and nothing that is known brings them."


def test_what_is_shipped_or_no_item_is_promised_no_more(desk: Item) -> None:
    order = sell({"type": "resource", "no": "HAND", "quantity": 2}, {"type": "comment", "description": "Hi"})

    for line_no in (10000, 20000):
        assert promise_line(shown(line_of(order, line_no)), setup=current_setup()) is None


def test_quotes_hold_nothing(desk: Item) -> None:
    put_in_stock(item("LEG"), 20)
    put_in_stock(item("TOP"), 5)
    before = asked("DESK", 5)

    assert promised(quote_kit(desk, 5)) == before


@pytest.mark.parametrize("components", [1, 20])
def test_the_statements_do_not_grow(house: Setup, components: int) -> None:
    parts = [make_item(f"P{index}") for index in range(components)]
    make_substitute(parts[0], make_item("OTHER"))
    kit = make_kit("MANY", bom=[{"item": part, "quantity_per": 1} for part in parts])
    for part in parts[1:]:
        put_in_stock(part, 5)
    expect(parts[0], 9, 4)
    line = shown(line_of(sell({"no": kit.no, "quantity": 3})))
    setup = current_setup()

    with statements() as found:
        told = promise_line(line, setup=setup)

    assert told is not None
    assert told.promise.bottleneck == ItemKey("P0", "")
    assert len(found) == 9, "\n".join(str(statement) for statement in found)
