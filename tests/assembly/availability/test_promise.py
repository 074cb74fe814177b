"""The promise: against a scheduler that tries every day, and told in examples over REST (PRM-01 to PRM-06)."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assembly.promise import promise_from
from assembly.scheduling import Scheduler, Supplies, Supply
from inventory.availability.outlook import DayFlow, Outlook
from inventory.models import Item, Setup
from tests.assembly.availability.plants import EveryDay, Plant, earliest, generated
from tests.factories import make_item, make_kit, make_location, make_resource, make_stock_kit, make_substitute
from tests.rest import Api, counted, errors_of
from tests.support import TODAY, d, day, sell, settle_setup
from tests.support_stock import expect, put_in_stock

PLANTS = int(os.environ.get("KITWRIGHT_PLANTS", "100"))


def scheduler_of(plant: Plant) -> Scheduler:
    return Scheduler(
        graph=plant.graph,
        root=plant.root,
        supplies=Supplies({key: outlook.nets for key, outlook in plant.outlooks.items()}, today=TODAY),
        today=TODAY,
        default_safety_days=plant.safety,
    )


@pytest.mark.parametrize("seed", range(PLANTS))
def test_the_promise_is_that_of_trying_every_day(seed: int) -> None:
    plant = generated(seed)
    slow, scheduler = EveryDay(plant), scheduler_of(plant)
    quantity = plant.quantities[seed % len(plant.quantities)]

    answers = slow.days(quantity)
    found = promise_from(scheduler, location="MAIN", quantity=quantity)

    assert found.earliest_date == earliest(answers)
    # What makes halving the days right: a later day never makes it harder.
    assert answers == sorted(answers)
    assert (
        found.from_inventory
        + scheduler.schedule(quantity, found.earliest_date or scheduler.horizon()).missing_of(plant.root)
        == quantity
    )


def test_the_generated_plants_are_of_all_kinds() -> None:
    found = [
        promise_from(scheduler_of(plant), location="MAIN", quantity=plant.quantities[seed % 4])
        for seed, plant in ((seed, generated(seed)) for seed in range(100))
    ]

    dates = [one.earliest_date for one in found]
    assert dates.count(None) in range(15, 70)
    assert len({date for date in dates if date and date > TODAY}) > 10
    assert any(one.bottleneck and one.earliest_date for one in found)
    assert any(one.from_inventory and one.to_assemble and one.earliest_date for one in found)


@pytest.mark.parametrize(
    ("on_hand", "nets", "amounts"),
    [
        ("10", [], {0: 10, 9: 10, -1: 0}),
        ("10", [(3, "-4")], {0: 6, 9: 6}),  # what is sold later is not taken
        ("10", [(2, "5"), (3, "-8")], {0: 10, 1: 10, 2: 15, 9: 15}),
        ("0", [(2, "5"), (4, "-3"), (6, "2")], {0: 0, 2: 5, 6: 5}),
        ("-3", [(2, "5")], {0: 0, 2: 2}),
        ("1", [(-4, "5"), (0, "-2")], {0: 4}),
    ],
)
def test_what_may_be_taken_until_a_day(on_hand: str, nets: list[tuple[int, str]], amounts: dict[int, int]) -> None:
    days = [
        DayFlow(date=day(at), scheduled_receipt=max(d(net), d(0)), gross_requirement=max(-d(net), d(0)))
        for at, net in nets
    ]

    supply = Supply.of(Outlook(on_hand=d(on_hand), days=days).nets, today=TODAY)

    assert {at: supply.until(day(at).toordinal()) for at in amounts} == amounts


# -- over REST ------------------------------------------------------------------------------------------------


def ask(api: Api, item: str, quantity: Any, query: str = "") -> dict[str, Any]:
    answer = api.get(f"items/{item}/promise/?quantity={quantity}{query}")
    assert answer.status_code == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def brief(found: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(found[name] for name in ("earliest_date", "from_inventory", "to_assemble", "bottleneck"))


def on(days: int) -> str:
    return day(days).isoformat()


@pytest.fixture
def bike(house: Setup) -> Item:
    """BIKE (2 days, a day of safety) of 2 WHEEL, wanted a day before; WHEEL (3 days) of 36 SPOKE and 1 RIM."""
    spoke, rim = make_item("SPOKE"), make_item("RIM")
    wheel = make_stock_kit(
        "WHEEL",
        lead_time_days=3,
        bom=[{"item": spoke, "quantity_per": 36}, {"item": rim, "quantity_per": 1}],
    )
    return make_kit(
        "BIKE",
        lead_time_days=2,
        safety_lead_time_days=1,
        bom=[
            {"item": wheel, "quantity_per": 2, "lead_time_offset_days": 1},
            {"resource": make_resource("HAND"), "quantity_per": 1},
        ],
    )


def item(no: str) -> Item:
    return Item.objects.get(no=no)


def test_what_lies_there_leaves_today(api: Api, bike: Item) -> None:
    put_in_stock(bike, 3)

    found = ask(api, "BIKE", 3)

    assert brief(found) == (on(0), "3", "0", None)
    assert (found["alternatives"], found["location"], found["quantity"]) == ([], "MAIN", "3")


def test_all_levels_take_their_time(api: Api, bike: Item) -> None:
    put_in_stock(item("SPOKE"), 1000)
    put_in_stock(item("RIM"), 10)

    # Three days for the wheels, one day of offset, two of work, one of safety.
    assert brief(ask(api, "BIKE", 5)) == (on(7), "0", "5", None)

    put_in_stock(item("WHEEL"), 4)
    found = ask(api, "BIKE", 5)
    assert brief(found) == (on(7), "0", "5", None)
    (way,) = found["alternatives"]
    assert way["parts"] == [
        {"quantity": "2", "earliest_date": on(4)},
        {"quantity": "3", "earliest_date": on(7)},
    ]


def test_the_date_waits_for_the_component_that_comes_last(api: Api, bike: Item) -> None:
    put_in_stock(item("SPOKE"), 1000)
    expect(item("RIM"), 4, 5)
    expect(item("RIM"), 8, 9)

    found = ask(api, "BIKE", 5)

    assert brief(found) == (on(16), "0", "5", "RIM")
    assert (found["bottleneck_date"], found["reason"]) == (
        on(9),
        f"5 to assemble; the assembly waits for RIM, expected on {on(9)}.",
    )


def test_a_level_that_arrives_ready_made_decides_as_well(api: Api, bike: Item) -> None:
    expect(item("WHEEL"), 10, 6)

    assert brief(ask(api, "BIKE", 5)) == (on(10), "0", "5", "WHEEL")


def test_what_nothing_brings_has_no_date(api: Api, bike: Item) -> None:
    put_in_stock(item("SPOKE"), 1000)
    put_in_stock(bike, 1)
    expect(item("RIM"), 4, 5)

    found = ask(api, "BIKE", 5)

    assert brief(found) == (None, "1", "4", "RIM")
    assert found["reason"] == "4 of RIM are missing, and nothing that is known brings them."


def test_what_is_sold_already_is_not_promised_again(api: Api, bike: Item) -> None:
    put_in_stock(item("RIM"), 10)
    sell({"no": "RIM", "quantity": 8}, shipment_date=day(20))

    assert brief(ask(api, "RIM", 2)) == (on(0), "2", "0", None)
    assert brief(ask(api, "RIM", 3)) == (None, "2", "0", None)


def test_a_component_in_two_branches_is_there_once(api: Api, house: Setup) -> None:
    screw = make_item("SCREW")
    leg = make_stock_kit("LEG", bom=[{"item": screw, "quantity_per": 3}])
    make_kit("STOOL", bom=[{"item": leg, "quantity_per": 3}, {"item": screw, "quantity_per": 1}])
    put_in_stock(screw, 10)
    expect(screw, 1, 8)

    assert brief(ask(api, "STOOL", 1)) == (on(0), "0", "1", None)
    assert brief(ask(api, "STOOL", "1.1")) == (on(8), "0", "1.1", "SCREW")
    assert brief(ask(api, "STOOL", "1.2"))[0] is None


def test_ways_to_be_earlier(api: Api, bike: Item) -> None:
    make_location("BLUE")
    better = make_item("RIM-2")
    make_substitute(better, item("RIM"), interchangeable=True)
    put_in_stock(item("SPOKE"), 1000)
    put_in_stock(bike, 1)
    put_in_stock(item("RIM"), 4)
    put_in_stock(better, 9)
    put_in_stock(item("WHEEL"), 40, location="BLUE")
    expect(item("RIM"), 100, 20)

    found = ask(api, "BIKE", 5)

    assert brief(found) == (on(27), "1", "4", "RIM")
    ways = {way["type"]: way for way in found["alternatives"]}
    assert [way["type"] for way in found["alternatives"]] == ["split", "location", "split", "substitute"]
    assert found["alternatives"][0]["parts"][0] == {"quantity": "1", "earliest_date": on(0)}
    assert found["alternatives"][2]["parts"][0] == {"quantity": "3", "earliest_date": on(7)}
    assert (ways["location"]["location"], ways["location"]["earliest_date"]) == ("BLUE", on(4))
    assert (ways["substitute"]["component"], ways["substitute"]["substitute"]) == ("RIM", "RIM-2")
    assert ways["substitute"]["earliest_date"] == on(7)


def test_component_quantities_are_rounded_up_to_whole_pieces(api: Api, house: Setup) -> None:
    board = make_item("BOARD", units={"PCS": (1, 1)})
    make_kit("SHELF", bom=[{"item": board, "quantity_per": "0.3"}])
    put_in_stock(board, 2)

    assert ask(api, "SHELF", 6)["earliest_date"] == on(0)
    assert ask(api, "SHELF", 7)["earliest_date"] is None


def test_the_setup_s_safety_lead_time_counts_where_the_item_has_none(api: Api, bike: Item) -> None:
    settle_setup(default_safety_lead_time_days=4)
    put_in_stock(item("SPOKE"), 1000)
    put_in_stock(item("RIM"), 10)

    assert ask(api, "BIKE", 5)["earliest_date"] == on(11)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("", ("quantity", "required")),
        ("?quantity=0", ("quantity", "invalid")),
        ("?quantity=-1", ("quantity", "invalid")),
        ("?quantity=x", ("quantity", "invalid")),
        ("?quantity=1&location=NOWHERE", ("location", "not_found")),
        ("?quantity=1&colour=red", ("colour", "unknown_filter")),
    ],
)
def test_what_makes_no_sense_is_refused(api: Api, bike: Item, query: str, fault: tuple[str, str]) -> None:
    answer = api.get(f"items/BIKE/promise/{query}")

    assert answer.status_code == 400
    assert errors_of(answer) == [fault]


def test_a_service_is_not_promised(api: Api, house: Setup) -> None:
    make_item("REPAIR", type="service")

    assert errors_of(api.get("items/REPAIR/promise/?quantity=1")) == [("item", "invalid")]


@pytest.mark.parametrize(("levels", "orders"), [(1, 1), (5, 30)])
def test_the_statements_do_not_grow(api: Api, house: Setup, levels: int, orders: int) -> None:
    below = make_item("LEVEL0")
    make_substitute(below, make_item("OTHER"))
    for level in range(1, levels + 1):
        side = make_item(f"SIDE{level}")
        put_in_stock(side, 1000)
        below = make_stock_kit(
            f"LEVEL{level}", bom=[{"item": below, "quantity_per": 2}, {"item": side, "quantity_per": 1}]
        )
    for index in range(orders):
        sell({"no": "LEVEL0", "quantity": 1}, shipment_date=day(index))
    expect(item("LEVEL0"), 1000, 9)

    with counted() as statements:
        found = ask(api, below.no, 3)

    assert found["bottleneck"] == "LEVEL0"
    # The token, the item, the settings, the bill, stock and plan; substitutes, their bills, their stock and plan.
    assert len(statements) == 8, "\n".join(statements)
