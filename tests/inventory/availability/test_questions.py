"""`/items/{no}/availability/`, `…/events/` and `…/by-location/`."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.models import User
from backoffice.rights import Role
from inventory.models import Item, Setup
from tests.factories import make_item, make_kit, make_location
from tests.rest import Api, counted, errors_of, person
from tests.support import day, sell, settle_setup
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement
from tests.support_stories import house

__all__ = ["house"]


@pytest.fixture
def api(house: Setup) -> Api:
    """A client that may do everything, whose token has been used."""
    client = Api(User.objects.create_superuser("root"))
    client.get("setup/")
    return client


@pytest.fixture
def part(house: Setup) -> Item:
    """PART: 10 at MAIN, 4 RED there, 3 at BLUE; 5 expected at MAIN in 6 days; 8 sold there in 9, 2 of it reserved."""
    make_location("BLUE")
    item = make_item("PART", variants=["RED"])
    put_in_stock(item, 10)
    put_in_stock(item, 4, variant="RED")
    put_in_stock(item, 3, location="BLUE")
    expect(item, 5, 6)
    sold = sell({"no": "PART", "quantity": 8}, shipment_date=day(9))
    reserve_movement(movement_of(sold.no), 2)
    return item


def ask(api: Api, query: str) -> dict[str, Any]:
    answer = api.get(f"items/PART/availability/{query}")
    assert answer.status_code == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def figures(api: Api, query: str) -> tuple[str, ...]:
    body = ask(api, query)
    names = ("on_hand", "reserved_on_hand", "gross_requirement", "scheduled_receipt")
    return tuple(body[name] for name in (*names, "projected_available_balance", "available"))


def test_figures_of_one_place_as_of_a_date(api: Api, part: Item) -> None:
    assert figures(api, f"?location=MAIN&variant=&date={day(5)}") == ("10", "2", "0", "0", "10", "8")
    assert figures(api, f"?location=MAIN&variant=&date={day(6)}") == ("10", "2", "0", "5", "15", "13")
    assert figures(api, f"?location=MAIN&variant=&date={day(9)}") == ("10", "2", "8", "5", "7", "7")
    assert figures(api, "?location=MAIN&variant=") == ("10", "2", "8", "5", "7", "7")


def test_what_is_not_named_is_summed_up(api: Api, part: Item) -> None:
    assert figures(api, "?location=BLUE") == ("3", "0", "0", "0", "3", "3")
    assert figures(api, "?variant=RED") == ("4", "0", "0", "0", "4", "4")
    assert figures(api, "") == ("17", "2", "8", "5", "14", "14")


def test_the_look_ahead_counts_as_demand(api: Api, part: Item) -> None:
    settle_setup(check_avail_period_days=2)
    assert figures(api, f"?location=MAIN&variant=&date={day(6)}") == ("10", "2", "0", "5", "15", "13")

    settle_setup(check_avail_period_days=3)
    assert figures(api, f"?location=MAIN&variant=&date={day(6)}") == ("10", "2", "6", "5", "9", "7")
    assert figures(api, f"?location=MAIN&variant=&date={day(5)}") == ("10", "2", "0", "0", "10", "8")


def test_by_location(api: Api, part: Item) -> None:
    rows = {row["location"]: row for row in ask(api, f"by-location/?date={day(9)}")["results"]}

    assert (rows["MAIN"]["on_hand"], rows["MAIN"]["available"]) == ("14", "11")
    assert (rows["BLUE"]["on_hand"], rows["BLUE"]["available"]) == ("3", "3")
    assert {row["location"] for row in ask(api, "by-location/?variant=RED")["results"]} >= {"MAIN", "BLUE"}


def events(api: Api, query: str = "") -> list[tuple[str, str, str]]:
    rows = ask(api, f"events/{query}")["results"]
    return [(row["date"], row["quantity"], row["projected_available_balance"]) for row in rows]


def test_events_run_up_a_balance(api: Api, part: Item) -> None:
    sixth, ninth = day(6).isoformat(), day(9).isoformat()

    assert events(api, "?location=MAIN&variant=") == [(sixth, "5", "15"), (ninth, "-8", "7")]
    assert events(api, f"?location=MAIN&variant=&from={day(7)}") == [(ninth, "-8", "7")]
    assert events(api, f"?location=MAIN&variant=&to={day(8)}") == [(sixth, "5", "15")]
    assert events(api, "?location=BLUE") == []


def test_on_a_day_what_comes_comes_first(api: Api, part: Item) -> None:
    expect(part, 1, 9)

    assert [quantity for _, quantity, _ in events(api, "?location=MAIN")] == ["5", "1", "-8"]


def test_events_are_paged_and_the_balance_goes_on(api: Api, part: Item) -> None:
    for _ in range(3):
        expect(part, 1, 9)
    whole = events(api, "?location=MAIN")

    pages, query = [], "events/?location=MAIN&limit=2"
    while query:
        body = ask(api, query)
        pages.append(body["results"])
        query = (body["next"] or "").partition("availability/")[2]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row["projected_available_balance"] for page in pages for row in page] == [row[2] for row in whole]


def test_an_order_s_output_has_no_line(api: Api, house: Setup) -> None:
    make_kit("PART", bom=[{"item": make_item("SCREW"), "quantity_per": 1}])
    order = sell({"no": "PART", "quantity": 2}, shipment_date=day(4))

    output, sale = (row["source"] for row in ask(api, "events/")["results"])

    assert (output["type"], output["line_no"]) == ("assembly_order", None)
    assert sale == {"type": "sales_order", "no": order.no, "line_no": 10000}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("?location=NOWHERE", "location"),
        ("?date=tomorrow", "date"),
        ("?colour=red", "colour"),
        ("events/?from=x", "from"),
        ("events/?limit=0", "limit"),
        ("events/?cursor=x", "cursor"),
        ("events/?cursor=WyIyMDMxLTAzLTAzIiwgIk5hTiIsIDFd", "cursor"),
        ("by-location/?location=MAIN", "location"),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, part: Item, path: str, field: str) -> None:
    answer = api.get(f"items/PART/availability/{path}")

    assert answer.status_code == 400
    assert [found for found, _ in errors_of(answer)] == [field]


@pytest.mark.parametrize("path", ["", "events/", "by-location/"])
def test_an_item_that_is_not_there(api: Api, path: str) -> None:
    assert api.get(f"items/NOTHING/availability/{path}").status_code == 404


def test_who_may_not_see_stock_does_not(api: Api, part: Item) -> None:
    assert Api(person("nobody")).get("items/PART/availability/").status_code == 403
    assert Api(person("carla", Role.CLERK)).get("items/PART/availability/").status_code == 200


@pytest.mark.parametrize("orders", [1, 40])
@pytest.mark.parametrize(
    ("path", "statements"), [("?location=MAIN", 5), ("events/?location=MAIN", 5), ("by-location/", 5)]
)
def test_the_statements_do_not_grow(api: Api, part: Item, path: str, statements: int, orders: int) -> None:
    for index in range(orders):
        sell({"no": "PART", "quantity": 1}, shipment_date=day(index))

    with counted() as found:
        ask(api, path)

    assert len(found) == statements, "\n".join(found)
