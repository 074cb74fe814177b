"""`/assembly-worklist/`: what to start, in which order, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.services.posting import post_assembly_order
from inventory.models import Item, Setup
from sales.services.posting import post_sales_order
from tests.factories import make_item, make_location, make_stock_kit
from tests.rest import Api, counted
from tests.support import assemble, day, plan, release, release_assembly, sell_kit
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement


@pytest.fixture
def bench(house: Setup) -> Item:
    """BENCH, assembled to stock: 2 LEG and 1 TOP each, counted in pieces."""
    legs, top = make_item("LEG", units={"SET": 4}), make_item("TOP")
    return make_stock_kit("BENCH", bom=[{"item": legs, "quantity_per": 2}, {"item": top, "quantity_per": 1}])


def rows(api: Api, query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"assembly-worklist/{query}")
    assert answer.status_code == 200, answer.body
    return list(answer.body["results"])


def states(api: Api, query: str = "") -> list[tuple[str, str]]:
    return [(row["no"], row["state"]) for row in rows(api, query)]


def test_an_order_waits_for_what_is_not_in_stock_and_tells_until_when(api: Api, bench: Item) -> None:
    legs, top = (line.item for line in bench.bom_lines.order_by("line_no"))
    assert legs is not None
    assert top is not None
    put_in_stock(legs, 5)
    put_in_stock(top, 10)
    expect(legs, 4, 6)
    expect(legs, 40, 8)
    order = release_assembly(assemble(bench, 5))

    (row,) = rows(api)

    assert row["state"] == "waiting_for_components"
    assert row["missing_components"] == [
        {"line_no": 10000, "no": "LEG", "variant": "", "missing_quantity": "5", "expected_date": day(8).isoformat()}
    ]
    assert (row["no"], row["item"], row["remaining_quantity"]) == (order.no, "BENCH", "5")
    assert (row["starting_date"], row["due_date"]) == (order.starting_date.isoformat(), day(10).isoformat())
    assert (row["customer"], row["sales_document"]) == (None, None)


def test_an_order_is_ready_once_its_components_lie_there_and_in_progress_once_started(api: Api, bench: Item) -> None:
    legs, top = (line.item for line in bench.bom_lines.order_by("line_no"))
    assert legs is not None
    assert top is not None
    put_in_stock(legs, 10)
    put_in_stock(top, 5)
    order = release_assembly(assemble(bench, 5))

    assert states(api) == [(order.no, "ready")]

    plan(order, quantity_to_assemble=2)
    post_assembly_order(no=order.no)
    assert states(api) == [(order.no, "in_progress")]
    assert rows(api)[0]["missing_components"] == []
    assert states(api, "?state=in_progress") == [(order.no, "in_progress")]
    assert states(api, "?state=ready") == states(api, "?state=waiting_for_components") == []


def test_what_is_reserved_for_others_does_not_lie_there_and_what_is_reserved_for_it_does(
    api: Api, house: Setup
) -> None:
    part = make_item("PART")
    kit = make_stock_kit("ONE", bom=[{"item": part, "quantity_per": 1}])
    put_in_stock(part, 10)
    mine, other = (release_assembly(assemble(kit, quantity)) for quantity in (8, 5))
    reserve_movement(movement_of(mine.no))

    assert states(api) == [(mine.no, "ready"), (other.no, "waiting_for_components")]
    assert rows(api, "?state=waiting_for_components")[0]["missing_components"][0]["missing_quantity"] == "3"


def test_linked_orders_name_their_customer_and_are_assembled_when_all_is_shipped(api: Api, kit: Item) -> None:
    line = sell_kit(kit, 3)
    release(line.document)

    (row,) = rows(api)
    assert (row["customer"], row["customer_name"]) == ("CUST", "Customer CUST")
    assert row["sales_document"] == {"type": "sales_order", "no": line.document.no, "line_no": 10000}

    put_in_stock(make_item("SPARE"), 1)
    put_in_stock(Item.objects.get(no="A"), 6)
    post_sales_order(no=line.document.no, ship=True, invoice=False)
    assert states(api) == []
    assert [state for _, state in states(api, "?state=assembled")] == ["assembled"]


def test_only_released_orders_in_the_order_of_their_start(api: Api, bench: Item) -> None:
    late, early, middle = (assemble(bench, 1, due_date=day(due)) for due in (30, 10, 20))
    for order in (late, early, middle):
        release_assembly(order)
    assemble(bench, 1)

    assert [no for no, _ in states(api)] == [early.no, middle.no, late.no]
    first = api.get("assembly-worklist/?limit=2").body
    assert [row["no"] for row in first["results"]] == [early.no, middle.no]
    cursor = first["next"].partition("/api/v1/")[2]
    assert [row["no"] for row in api.get(cursor).body["results"]] == [late.no]


def test_the_list_is_narrowed_by_location_resource_and_start(api: Api, kit: Item, bench: Item) -> None:
    make_location("BLUE")
    here = release_assembly(assemble(bench, 1, due_date=day(10)))
    blue = release_assembly(assemble(bench, 1, location="BLUE", due_date=day(20)))
    with_hand = release_assembly(assemble(kit, 1, due_date=day(30)))

    assert [no for no, _ in states(api, "?location=BLUE")] == [blue.no]
    assert [no for no, _ in states(api, "?resource=R")] == [with_hand.no]
    assert [no for no, _ in states(api, f"?to={day(10)}")] == [here.no]
    assert [no for no, _ in states(api, f"?from={day(11)}&to={day(29)}")] == [blue.no]
    assert api.get("assembly-worklist/?state=lost").status_code == 400
    assert api.get("assembly-worklist/?colour=red").status_code == 400


@pytest.mark.parametrize("orders", [1, 40])
def test_a_page_costs_two_statements(api: Api, bench: Item, orders: int) -> None:
    for _ in range(orders):
        release_assembly(assemble(bench, 1))

    with counted() as statements:
        assert len(rows(api)) == orders

    # One more signs in.
    assert len(statements) == 3, "\n".join(statements)
