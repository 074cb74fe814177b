"""How many of an item its components allow, over all levels (BOMT-01 to BOMT-08)."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from assembly import able_to_make as tree
from assembly.able_to_make import Node, able_to_make
from assembly.exceptions import TreeTooLarge
from inventory.bom_graph import BomGraph, ItemKey
from inventory.models import Item, Setup
from tests.assembly.availability.plants import Plant, generated
from tests.factories import make_item, make_resource, make_stock_kit
from tests.rest import Api, counted
from tests.support import day, settle_setup
from tests.support_stock import expect, put_in_stock


def ask(api: Api, no: str, query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"items/{no}/able-to-make/?location=MAIN{query}")
    assert answer.status_code == 200, answer.body
    return list(answer.body["nodes"])


def brief(nodes: list[dict[str, Any]]) -> list[tuple[int, str, str, str, bool]]:
    names = ("level", "no", "available", "able_to_make_top_item", "bottleneck")
    return [tuple(node[name] for name in names) for node in nodes]


@pytest.fixture
def top(house: Setup) -> Item:
    """TOP = 2 A + 1 S; S = 3 A, assembled by a person, with a text: the rule's example."""
    a = make_item("A")
    sub = make_stock_kit(
        "S",
        bom=[{"item": a, "quantity_per": 3}, {"resource": make_resource("HAND"), "quantity_per": 1}, {"text": "Mind"}],
    )
    return make_stock_kit("TOP", bom=[{"item": a, "quantity_per": 2}, {"item": sub, "quantity_per": 1}])


def test_the_rule_s_example(api: Api, top: Item) -> None:
    put_in_stock(Item.objects.get(no="A"), 17)
    put_in_stock(Item.objects.get(no="S"), 1)

    assert brief(ask(api, "TOP")) == [
        (0, "TOP", "0", "4", False),
        (1, "A", "8", "4", False),
        (1, "S", "1", "4", True),
        (2, "A", "9", "3", True),
    ]


def test_what_is_left_over_stands_with_the_row_nearest_the_top(api: Api, top: Item) -> None:
    put_in_stock(Item.objects.get(no="A"), 18)
    put_in_stock(Item.objects.get(no="S"), 1)

    rows = brief(ask(api, "TOP"))

    # 4.2 top items take 8.4 and, with one S there, 9.6: nothing is left of 18.
    assert [row[2] for row in rows] == ["0", "8.4", "1", "9.6"]
    put_in_stock(Item.objects.get(no="S"), 9)
    assert [row[2:4] for row in brief(ask(api, "TOP"))] == [("0", "9"), ("18", "9"), ("10", "10"), ("0", "0")]


def test_the_top_item_s_own_stock_does_not_count(api: Api, top: Item) -> None:
    put_in_stock(top, 100)

    assert brief(ask(api, "TOP"))[0] == (0, "TOP", "0", "0", False)


def test_a_purchased_item_is_a_leaf_whatever_its_bill_says(api: Api, top: Item) -> None:
    Item.objects.filter(no="S").update(replenishment_system="purchase")
    put_in_stock(Item.objects.get(no="A"), 17)

    assert [row[:2] for row in brief(ask(api, "TOP"))] == [(0, "TOP"), (1, "A"), (1, "S")]
    assert brief(ask(api, "TOP"))[0][3] == "0"


def test_an_item_without_components_makes_nothing(api: Api, house: Setup) -> None:
    make_item("ALONE")

    assert brief(ask(api, "ALONE")) == [(0, "ALONE", "0", "0", False)]


def test_units_of_components_are_converted(api: Api, house: Setup) -> None:
    screw = make_item("SCREW", units={"BOX": 100})
    box = screw.units.get(unit_of_measure="BOX").unit_of_measure
    make_stock_kit("SHED", bom=[{"item": screw, "quantity_per": "0.5", "unit_of_measure": box}])
    put_in_stock(screw, 120)

    shed, node = ask(api, "SHED")

    assert shed["able_to_make_top_item"] == "2.4"
    assert (node["quantity_per_parent"], node["available"]) == ("0.5", "120")


def test_without_a_date_it_is_about_today_and_the_settings_count(api: Api, top: Item) -> None:
    settle_setup(default_safety_lead_time_days=2)
    expect(Item.objects.get(no="A"), 50, 3)

    assert [node["needed_by_date"] for node in ask(api, "TOP")] == [day(at).isoformat() for at in (0, -2, -2, -4)]
    # A of the first level is needed on the third day, that of the second two days before.
    assert brief(ask(api, "TOP", f"&date={day(5)}"))[0][3] == "0"
    assert brief(ask(api, "TOP", f"&date={day(7)}"))[0][3] == "10"


@pytest.mark.parametrize("levels", [1, 6])
def test_the_statements_do_not_grow(api: Api, house: Setup, levels: int) -> None:
    below = make_item("LEVEL0")
    for level in range(1, levels + 1):
        below = make_stock_kit(f"LEVEL{level}", bom=[{"item": below, "quantity_per": 2}])

    with counted() as statements:
        assert len(ask(api, below.no)) == levels + 1

    # The token, the item, the location, the settings, the bill of materials, stock and plan.
    assert len(statements) == 6, "\n".join(statements)


# -- against trying every quantity ------------------------------------------------------------------------------


def available_in(plant: Plant) -> dict[str, Decimal]:
    chance = random.Random(len(plant.graph.articles))
    return {no: Decimal(chance.choice([0, 2, 5, 20, 60])) for no in plant.graph.articles}


def feasible(graph: BomGraph, no: str, quantity: Decimal, left: dict[str, Decimal]) -> bool:
    """BOMT-05 with one date for all: take what is there, make the rest, in the order of the bill."""
    for part in graph.articles[no].parts:
        expected = round(part.quantity_per * quantity, 5) * part.factor
        taken = min(expected, left[part.key.item_id])
        left[part.key.item_id] -= taken
        below = graph.articles[part.key.item_id]
        if taken < expected and not (below.is_assembled and below.parts):
            return False
        if taken < expected and not feasible(graph, part.key.item_id, expected - taken, left):
            return False
    return True


@pytest.mark.parametrize("seed", range(60))
def test_the_optimum_is_feasible_and_one_step_more_is_not(seed: int) -> None:
    plant = generated(seed)
    available = available_in(plant)

    def until(key: ItemKey, _: object) -> Decimal:
        return available[key.item_id]

    # One date for all levels: without lead times nothing is needed earlier than the rest.
    found = able_to_make(_timeless(plant.graph), "TOP", date=day(9), default_safety_days=0, available_until=until)

    optimum, step = found.able_to_make_top_item, Decimal("0.00001")
    assert feasible(plant.graph, "TOP", optimum, dict(available))
    assert not feasible(plant.graph, "TOP", optimum + step * 10, dict(available))
    leaves = [node for node in found.walk() if node.bottleneck and not node.children]
    assert len(leaves) == 1
    assert _uses_no_more_than_there_is(found, available)


def _timeless(graph: BomGraph) -> BomGraph:
    return BomGraph(
        {
            no: replace(
                article,
                lead_time_days=0,
                safety_lead_time_days=0,
                parts=[replace(part, offset_days=0) for part in article.parts],
            )
            for no, article in graph.articles.items()
        }
    )


def _uses_no_more_than_there_is(top: Node, available: dict[str, Decimal]) -> bool:
    used: dict[str, Decimal] = {}
    for node in list(top.walk())[1:]:
        used[node.key.item_id] = used.get(node.key.item_id, Decimal(0)) + node.available
    return all(quantity == available[no] for no, quantity in used.items())


def test_a_tree_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_NODES", 2)
    plant = generated(3)

    with pytest.raises(TreeTooLarge):
        able_to_make(plant.graph, "TOP", date=day(9), default_safety_days=0, available_until=lambda *_: Decimal(0))
