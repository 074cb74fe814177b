"""What there is for lines that are not stored yet: the same as when they are, and nothing is stored by asking."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.asked_availability import asked_availability, promise_asked
from inventory.models import Item, Setup
from tests.factories import make_item, make_kit, make_location
from tests.rest import Api, counted, errors_of
from tests.support import assembly_of, d, day, line_of, sell, settle_setup, state
from tests.support_stock import expect, put_in_stock


def ask(api: Api, item: str, query: str) -> dict[str, Any]:
    answer = api.get(f"items/{item}/assembly-availability/?{query}")
    assert answer.status_code == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


@pytest.fixture
def world(house: Setup, rich_kit: Item) -> Item:
    """KX with parts in stock, on order and wanted by others; XA is needed a day before the work starts."""
    settle_setup(check_avail_period_days=20, default_safety_lead_time_days=2)
    xa, xb = Item.objects.get(no="XA"), Item.objects.get(no="XB")
    put_in_stock(xa, 15)
    expect(xa, 40, 30)
    put_in_stock(xb, 9)
    put_in_stock(rich_kit, 2)
    expect(rich_kit, 3, 5)
    sell({"no": "XA", "quantity": 4}, shipment_date=day(3))
    sell({"no": "KX", "quantity": 1, "qty_to_assemble_to_order": 0}, shipment_date=day(25))
    return rich_kit


#: What only lines have that are stored.
_OF_STORED_LINES = {"reserved_quantity", "avail_warning", "substitution_available"}


@pytest.mark.parametrize("given", ["quantity=10", "quantity=2&unit_of_measure=BOX", "quantity=1"])
def test_the_figures_are_those_of_the_order_that_the_line_gets(api: Api, world: Item, given: str) -> None:
    asked = ask(api, "KX", f"{given}&date={day(10).isoformat()}")
    line = {"no": "KX", **dict(part.split("=") for part in given.split("&"))}

    order = sell(line, shipment_date=day(10))

    stored = api.get(f"assembly-orders/{assembly_of(line_of(order)).no}/availability/").body
    # Of its item the order sees the demand of its own line, and what of itself is reserved for it: both cancel out.
    for name in ("gross_requirement", "reserved_requirement", "scheduled_receipt", "reserved_receipt"):
        assert d(stored.pop(name)) - d(asked.pop(name)) == d(asked["quantity"])
    assert {name: asked[name] for name in asked.keys() & stored.keys() - {"lines"}} == {
        name: stored[name] for name in stored.keys() - {"lines", "current_quantity"}
    }
    assert asked["lines"] == [
        {name: value for name, value in row.items() if name not in _OF_STORED_LINES} for row in stored["lines"]
    ]


def test_an_example(api: Api, world: Item) -> None:
    found = ask(api, "KX", f"quantity=10&date={day(10).isoformat()}")

    assert {name: value for name, value in found.items() if name != "lines"} == {
        "quantity": "10",
        "unit_of_measure": "PCS",
        "location": "MAIN",
        "due_date": day(10).isoformat(),
        "able_to_assemble": "5.5",
        "earliest_date": day(33).isoformat(),
        "inventory": "2",
        "gross_requirement": "1",
        "reserved_requirement": "0",
        "scheduled_receipt": "3",
        "reserved_receipt": "0",
        "expected_available_inventory": "4",
    }
    first, second = found["lines"]
    assert (first["no"], first["current_quantity"], first["expected_available_inventory"]) == ("XA", "20", "11")
    assert (first["due_date"], first["bottleneck"]) == (day(7).isoformat(), True)
    assert (second["no"], second["current_quantity"], second["bottleneck"]) == ("XB", "3", False)


def test_without_a_place_and_a_day_it_is_the_default_location_today(api: Api, world: Item) -> None:
    make_location("BLUE")
    put_in_stock(world, 7, location="BLUE")

    here, there = ask(api, "KX", "quantity=1"), ask(api, "KX", "quantity=1&location=BLUE")

    assert (here["location"], here["due_date"], here["inventory"]) == ("MAIN", day(0).isoformat(), "2")
    assert (there["location"], there["inventory"], there["able_to_assemble"]) == ("BLUE", "7", "0")


def test_what_has_no_components_is_only_counted(api: Api, house: Setup) -> None:
    put_in_stock(make_item("NUT"), 4)

    found = ask(api, "NUT", "quantity=6")

    assert (found["inventory"], found["lines"], found["able_to_assemble"]) == ("4", [], "6")


def test_a_sales_line_counts_in_the_unit_that_it_would_be_sold_in(world: Item) -> None:
    Item.objects.filter(no="KX").update(sales_unit_of_measure="BOX")

    asked = asked_availability({"item": "KX", "quantity": d(2)}, for_sale=True)

    assert (asked.document.unit_of_measure_id, promise_asked(asked).promise.quantity) == ("BOX", d(12))
    assert asked_availability({"item": "KX", "quantity": d(2)}).document.unit_of_measure_id == "PCS"


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("", ("quantity", "required")),
        ("quantity=0", ("quantity", "invalid")),
        ("quantity=1&unit_of_measure=TON", ("unit_of_measure", "not_found")),
        ("quantity=1&variant=GREEN", ("variant", "not_found")),
        ("quantity=1&location=NOWHERE", ("location", "not_found")),
        ("quantity=1&date=soon", ("date", "invalid")),
        ("quantity=1&colour=red", ("colour", "unknown_filter")),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, world: Item, query: str, fault: tuple[str, str]) -> None:
    answer = api.get(f"items/KX/assembly-availability/?{query}")

    assert answer.status_code == 400
    assert errors_of(answer) == [fault]


def test_what_is_not_kept_in_stock_is_refused(api: Api, house: Setup) -> None:
    make_item("REPAIR", type="service")

    assert errors_of(api.get("items/REPAIR/assembly-availability/?quantity=1")) == [("item", "invalid")]


def test_asking_leaves_everything_as_it_was(api: Api, world: Item) -> None:
    before = state()

    ask(api, "KX", "quantity=10")

    assert state() == before


@pytest.mark.parametrize("components", [1, 20])
def test_the_statements_do_not_grow(api: Api, house: Setup, components: int) -> None:
    parts = [make_item(f"P{index}") for index in range(components)]
    make_kit("MANY", bom=[{"item": part, "quantity_per": 1} for part in parts])

    with counted() as found:
        ask(api, "MANY", "quantity=3")

    assert len(found) == 7, "\n".join(found)
