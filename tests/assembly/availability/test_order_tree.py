"""How many an assembly order's own lines allow, over all levels below them (BOMT-01)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assembly.able_to_make import able_to_make
from assembly.order_tree import order_tree
from assembly.reading import shown_documents
from backoffice.rights import Role
from inventory.availability.outlook import Outlook
from inventory.availability.reading import load_items
from inventory.bom_graph import load_bom_graph
from inventory.models import Item, Setup
from tests.factories import make_item, make_location, make_resource, make_stock_kit
from tests.rest import Api, counted, person
from tests.support import (
    add_component,
    assemble,
    assembly_of,
    component,
    customise,
    day,
    remove_component,
    sell_kit,
    settle_setup,
)
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement

pytestmark = pytest.mark.django_db


@pytest.fixture
def top(house: Setup) -> Item:
    """TOP = 2 A + 1 S + an hour; S = 3 A: the rule's example."""
    a = make_item("A")
    sub = make_stock_kit("S", bom=[{"item": a, "quantity_per": 3}])
    hour = {"resource": make_resource("HAND"), "quantity_per": 1}
    return make_stock_kit("TOP", bom=[{"item": a, "quantity_per": 2}, {"item": sub, "quantity_per": 1}, hour])


def item(no: str) -> Item:
    return Item.objects.get(no=no)


def ask(api: Api, no: str) -> dict[str, Any]:
    answer = api.get(f"assembly-orders/{no}/able-to-make/")
    assert answer.status_code == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def brief(body: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("level", "line_no", "no", "available", "able_to_make_top_item", "bottleneck")
    return [tuple(node[name] for name in names) for node in body["nodes"]]


def test_an_order_as_its_bill_says_makes_what_the_item_makes(api: Api, top: Item) -> None:
    put_in_stock(item("A"), 17)
    put_in_stock(item("S"), 1)
    order = assemble(top, 10)

    body = ask(api, order.no)

    # What the order itself asks for takes nothing away: 17 A and one S are there for it.
    assert brief(body) == [
        (0, None, "TOP", "0", "4", False),
        (1, 10000, "A", "8", "4", False),
        (1, 20000, "S", "1", "4", True),
        (2, None, "A", "9", "3", True),
    ]
    assert (body["able_to_make"], body["remaining_quantity"]) == ("4", "10")


def test_the_first_level_is_that_of_the_customised_lines(api: Api, top: Item) -> None:
    order = assemble(top, 10)
    customise(component(order, "A"), quantity_per=1)
    remove_component(component(order, "S"))
    add_component(order, type="item", no=make_item("LAMP").no, quantity_per=2)
    put_in_stock(item("A"), 17)
    put_in_stock(item("LAMP"), 10)

    assert brief(ask(api, order.no)) == [
        (0, None, "TOP", "0", "5", False),
        (1, 10000, "A", "17", "17", False),
        (1, 40000, "LAMP", "10", "5", True),
    ]


def test_each_line_takes_from_its_own_location_and_so_does_what_is_below_it(api: Api, top: Item) -> None:
    blue = make_location("BLUE")
    order = assemble(top, 10)
    customise(component(order, "S"), location=blue.code)
    put_in_stock(item("A"), 100)
    put_in_stock(item("A"), 6, location="BLUE")

    body = ask(api, order.no)

    assert [(node["no"], node["location"], node["available"]) for node in body["nodes"][1:]] == [
        ("A", "MAIN", "100"),
        ("S", "BLUE", "0"),
        ("A", "BLUE", "6"),
    ]
    assert body["able_to_make"] == "2"


def test_dates_are_those_of_the_lines(api: Api, top: Item) -> None:
    settle_setup(default_safety_lead_time_days=1)
    order = assemble(top, 1)
    customise(component(order, "S"), due_date=day(5))
    expect(item("A"), 50, 8)

    body = ask(api, order.no)

    assert [node["needed_by_date"] for node in body["nodes"]] == [day(at).isoformat() for at in (10, 9, 5, 4)]
    assert [node["available"] for node in body["nodes"]] == ["0", "50", "0", "0"]
    assert body["able_to_make"] == "0"


def test_others_demand_counts_and_what_is_reserved_for_it_is_there_for_it_alone(api: Api, top: Item) -> None:
    put_in_stock(item("A"), 20)
    put_in_stock(item("S"), 20)
    order = assemble(top, 10)
    assert ask(api, order.no)["able_to_make"] == "10"

    other = assemble(top, 4, due_date=day(5))
    assert ask(api, order.no)["able_to_make"] == "6"

    reserve_movement(movement_of(order.no, component(order, "A").line_no))
    assert ask(api, order.no)["able_to_make"] == "6"
    assert ask(api, other.no)["able_to_make"] == "0"


def test_it_is_counted_in_the_order_s_unit(api: Api, house: Setup) -> None:
    a = make_item("A")
    pairs = make_stock_kit("SHOE", units={"PAIR": 2}, bom=[{"item": a, "quantity_per": 3}])
    order = assemble(pairs, 5, unit_of_measure="PAIR")
    put_in_stock(a, 20)

    body = ask(api, order.no)

    assert [node["quantity_per_parent"] for node in body["nodes"]] == ["1", "6"]
    assert (body["able_to_make"], body["remaining_quantity"]) == ("3.33333", "5")


def test_an_order_without_components_makes_nothing(api: Api, top: Item) -> None:
    order = assemble(top, 1)
    for line in order.lines.all():
        remove_component(line)
    assert brief(ask(api, order.no)) == [(0, None, "TOP", "0", "0", False)]


def test_it_agrees_with_the_tree_of_the_item_where_nothing_is_customised(house: Setup, top: Item) -> None:
    """The two trees differ by the order's own demand alone, of which the item's tree knows nothing."""
    put_in_stock(item("A"), 31)
    put_in_stock(item("S"), 2)
    expect(item("A"), 7, 6)
    graph = load_bom_graph([top.no])
    outlooks = load_items(graph.articles, location="MAIN")
    wanted = able_to_make(
        graph,
        top.no,
        date=day(10),
        default_safety_days=0,
        available_until=lambda key, until: outlooks.get(key, Outlook()).figures(until).available,
    )
    order = assemble(top, 3)

    found = order_tree(shown_documents().get(no=order.no))

    def rows(node: Any) -> list[tuple[Any, ...]]:
        return [(each.level, each.key, each.available, each.bottleneck, each.needed_by_date) for each in node.walk()]

    assert rows(found) == rows(wanted)
    assert found.able_to_make_top_item == wanted.able_to_make_top_item > Decimal(0)


def test_a_linked_order_and_one_that_there_is_not(api: Api, house: Setup, kit: Item) -> None:
    put_in_stock(item("A"), 12)
    line = sell_kit(kit, 10)
    assert ask(api, assembly_of(line).no)["able_to_make"] == "6"
    assert api.get("assembly-orders/NONE/able-to-make/").status_code == 404


def test_statements_do_not_grow_with_the_tree(api: Api, house: Setup) -> None:
    def deep(no: str, levels: int, width: int) -> Item:
        parts = [make_item(f"{no}-{index}") for index in range(width)]
        if levels:
            parts.append(deep(f"{no}.", levels - 1, width))
        return make_stock_kit(no, bom=[{"item": part, "quantity_per": 1} for part in parts])

    def cost_of(made: Item) -> int:
        order = assemble(made, 1)
        with counted() as found:
            ask(api, order.no)
        return len(found)

    small, large = deep("SMALL", 0, 1), deep("LARGE", 5, 8)
    cost_of(small)
    assert cost_of(small) == cost_of(large) <= 8


def test_other_people_may_not(house: Setup, top: Item) -> None:
    url = f"assembly-orders/{assemble(top, 1).no}/able-to-make/"
    assert Api(person("anna", Role.CLERK)).get(url).status_code == 200
    assert Api(None).get(url).status_code == 401
