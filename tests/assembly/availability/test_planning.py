"""`/planning/suggestions/`: what demand finds uncovered, and the orders made of it (PLN-01 to PLN-04)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assembly.models import AssemblyDocument
from assembly.netting import _in_lots, _lacking
from backoffice.rights import Role
from inventory.models import Item, PurchaseOrder, ReorderingPolicy, Setup
from tests.factories import make_item, make_kit, make_location, make_stock_kit
from tests.rest import Api, counted, errors_of, person
from tests.support import assemble, d, day, sell, settle_setup
from tests.support_stock import expect, put_in_stock


def suggestions(api: Api, **asked: Any) -> list[dict[str, Any]]:
    answer = api.post("planning/suggestions/", asked)
    assert answer.status_code == 200, answer.body
    return list(answer.body["results"])


def brief(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["item"], row["quantity"], row["due_date"]) for row in rows]


def on(days: int) -> str:
    return day(days).isoformat()


@pytest.fixture
def plant(house: Setup) -> Item:
    """DESK of 2 FRAME (2 days of work, needed a day before the start), FRAME of 3 TUBE; all lot for lot."""
    settle_setup(default_safety_lead_time_days=1)
    lot = {"reordering_policy": ReorderingPolicy.LOT_FOR_LOT}
    tube = make_item("TUBE", **lot)
    frame = make_stock_kit("FRAME", lead_time_days=2, bom=[{"item": tube, "quantity_per": 3}], **lot)
    return make_stock_kit(
        "DESK", bom=[{"item": frame, "quantity_per": 2, "lead_time_offset_days": 1}], lead_time_days=4, **lot
    )


def test_each_level_is_needed_when_the_one_above_would_start(api: Api, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))

    # 20 - 1 - 4 - 1, then 14 - 1 - 2.
    assert brief(suggestions(api)) == [("DESK", "5", on(20)), ("FRAME", "10", on(14)), ("TUBE", "30", on(11))]


def test_what_is_there_and_what_comes_in_time_covers_and_what_comes_late_does_not(api: Api, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    put_in_stock(Item.objects.get(no="FRAME"), 4)
    expect(Item.objects.get(no="FRAME"), 3, 14)
    expect(Item.objects.get(no="FRAME"), 3, 15)

    assert brief(suggestions(api)) == [("DESK", "5", on(20)), ("FRAME", "3", on(14)), ("TUBE", "9", on(11))]


def test_only_the_items_asked_for_and_only_until_the_ending_date(api: Api, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    sell({"no": "DESK", "quantity": 1}, shipment_date=day(21))

    assert brief(suggestions(api, items=["DESK", "TUBE"], ending_date=on(20))) == [("DESK", "5", on(20))]
    assert suggestions(api, items=["DESK"], ending_date=on(19)) == []
    assert errors_of(api.post("planning/suggestions/", {"items": ["DESK", "NONE"]})) == [("items[1]", "not_found")]


def test_locations_stand_alone(api: Api, plant: Item) -> None:
    make_location("BLUE")
    sell({"no": "TUBE", "quantity": 5, "location": "BLUE"}, shipment_date=day(3))
    put_in_stock(Item.objects.get(no="TUBE"), 50)

    assert [(row["location"], row["quantity"]) for row in suggestions(api)] == [("BLUE", "5")]
    assert suggestions(api, location="MAIN") == []
    assert errors_of(api.post("planning/suggestions/", {"location": "NOWHERE"})) == [("location", "not_found")]


def test_what_is_past_due_is_due_today(api: Api, plant: Item) -> None:
    sell({"no": "TUBE", "quantity": 5}, shipment_date=day(-4))

    assert brief(suggestions(api)) == [("TUBE", "5", on(0))]


def test_a_linked_order_needs_nothing_but_its_components(api: Api, house: Setup) -> None:
    lot = {"reordering_policy": ReorderingPolicy.LOT_FOR_LOT}
    part = make_item("PART", **lot)
    make_kit("TO-ORDER", bom=[{"item": part, "quantity_per": 2}], **lot)
    sell({"no": "TO-ORDER", "quantity": 10, "qty_to_assemble_to_order": 7}, shipment_date=day(9))

    assert brief(suggestions(api)) == [("TO-ORDER", "3", on(9)), ("PART", "20", on(9))]


def test_quotes_are_no_demand(api: Api, plant: Item) -> None:
    api.post("sales-quotes/", {"customer": "CUST", "lines": [{"no": "TUBE", "quantity": 5}]})

    assert suggestions(api) == []


def policy(name: str, **figures: str) -> Item:
    return Item(no="X", reordering_policy=name, **{key: Decimal(value) for key, value in figures.items()})


@pytest.mark.parametrize(
    ("item", "balance", "lacking"),
    [
        (policy("lot_for_lot"), "-3", "3"),
        (policy("lot_for_lot", safety_stock_quantity="5"), "2", "3"),
        (policy("order", safety_stock_quantity="5"), "2", "-2"),
        (policy("fixed_reorder_qty", reorder_point="10", reorder_quantity="4"), "11", "0"),
        (policy("fixed_reorder_qty", reorder_point="10", reorder_quantity="4"), "10", "4"),
        (policy("fixed_reorder_qty", reorder_point="10", reorder_quantity="4"), "2", "12"),
        (policy("fixed_reorder_qty", reorder_point="10", reorder_quantity="4"), "3", "8"),
        (policy("fixed_reorder_qty", reorder_quantity="4"), "-4", "4"),
        (policy("fixed_reorder_qty", reorder_quantity="4"), "0", "0"),
        (policy("fixed_reorder_qty", reorder_point="10"), "7", "3"),
        (policy("maximum_qty", reorder_point="10", maximum_inventory="50"), "10", "40"),
        (policy("maximum_qty", reorder_point="10", maximum_inventory="50"), "10.5", "0"),
    ],
)
def test_what_a_policy_adds(item: Item, balance: str, lacking: str) -> None:
    assert _lacking(item, Decimal(balance)) == Decimal(lacking)


def test_lots_lift_the_balance_above_the_reorder_point() -> None:
    item = policy("fixed_reorder_qty", reorder_point="10", reorder_quantity="4")

    for balance in range(-20, 11):
        after = balance + _in_lots(item, Decimal(balance))
        assert 10 < after <= 14


def test_accepted_suggestions_become_orders_and_leave_nothing_to_suggest(api: Api, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    found = suggestions(api)

    made = api.post("planning/suggestions/accept/", {"suggestions": found})

    assert made.status_code == 201, made.body
    orders = AssemblyDocument.objects.filter(no__in=made.body["assembly_orders"]).order_by("no")
    assert [(order.item_id, order.quantity, order.due_date) for order in orders] == [
        ("DESK", d(5), day(20)),
        ("FRAME", d(10), day(14)),
    ]
    (bought,) = PurchaseOrder.objects.get(no=made.body["purchase_orders"][0]).lines.all()
    assert (bought.item_id, bought.quantity, bought.expected_receipt_date) == ("TUBE", d(30), day(11))
    assert suggestions(api) == []


def test_a_faulty_suggestion_makes_no_order_and_is_named(api: Api, plant: Item) -> None:
    good = {"item": "FRAME", "quantity": 1, "due_date": on(9), "location": "MAIN"}
    bad = [
        {**good, "item": "NONE"},
        {**good, "location": "NOWHERE"},
        {**good, "item": "TUBE", "quantity": 0},
        {**good, "replenishment_system": "transfer"},
    ]

    faults = ["item not_found", "location not_found", "quantity invalid", "replenishment_system invalid"]
    for row, fault in zip(bad, faults, strict=True):
        field, code = fault.split()
        answer = api.post("planning/suggestions/accept/", {"suggestions": [good, row]})
        assert errors_of(answer) == [(f"suggestions[1].{field}", code)], answer.body
    assert not AssemblyDocument.objects.exists()


@pytest.mark.parametrize("orders", [1, 30])
def test_the_statements_do_not_grow(api: Api, plant: Item, orders: int) -> None:
    for index in range(orders):
        sell({"no": "DESK", "quantity": 1}, shipment_date=day(20 + index))
        assemble(Item.objects.get(no="FRAME"), 1, due_date=day(10 + index))

    with counted() as asking:
        found = suggestions(api)
    with counted() as accepting:
        assert api.post("planning/suggestions/accept/", {"suggestions": found}).status_code == 201

    assert len(found) >= orders
    assert (len(asking), len(accepting)) == (8, 21), f"{len(asking)} {len(accepting)}"


def test_a_clerk_does_not_plan(api: Api, house: Setup) -> None:
    clerk = Api(person("carla", Role.CLERK))
    assert clerk.post("planning/suggestions/", {}).status_code == 403
