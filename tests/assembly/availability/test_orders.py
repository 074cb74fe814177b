"""What the components of assembly documents allow, over REST (AVL-11 to AVL-21)."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item, Setup
from tests.factories import make_item, make_kit, make_location, make_stock_kit, make_substitute
from tests.rest import Api, counted
from tests.support import assemble, assembly_of, component, day, line_of, quote_kit, sell, sell_kit, settle_setup
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement


@pytest.fixture
def chair(house: Setup) -> Item:
    """CHAIR, assembled to stock in 3 days: 2 A, and 1 B that is wanted 2 days before."""
    return make_stock_kit(
        "CHAIR",
        lead_time_days=3,
        units={"PAIR": 2},
        bom=[
            {"item": make_item("A", units={"BOX": 6}), "quantity_per": 2},
            {"item": make_item("B"), "quantity_per": 1, "lead_time_offset_days": 2},
        ],
    )


def item(no: str) -> Item:
    return Item.objects.get(no=no)


def show(api: Api, no: str, below: str = "") -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"assembly-orders/{no}/{below}").body
    return body


def brief(body: dict[str, Any]) -> tuple[str, str | None]:
    return body["able_to_assemble"], body["earliest_date"]


def on(days: int) -> str:
    return day(days).isoformat()


def test_the_least_that_a_component_allows_and_the_latest_date(api: Api, chair: Item) -> None:
    """The rule's example: A 15 with other demand 3 allows 6, B 4 with a later purchase allows 4."""
    put_in_stock(item("A"), 15)
    put_in_stock(item("B"), 4)
    expect(item("B"), 20, 9)
    sell({"no": "A", "quantity": 3}, shipment_date=day(5))
    settle_setup(default_safety_lead_time_days=1)

    order = assemble(chair, 10, due_date=day(10))

    found = show(api, order.no, "availability/")
    # B's receipt, its offset, three days of work and one of safety.
    assert brief(found) == brief(show(api, order.no)) == ("4", on(9 + 2 + 3 + 1))
    a, b = found["lines"]
    assert (a["able_to_assemble"], a["expected_available_inventory"], a["gross_requirement"]) == ("6", "12", "3")
    assert (a["earliest_date"], a["bottleneck"], a["current_quantity"]) == (None, False, "20")
    assert (b["able_to_assemble"], b["earliest_date"], b["bottleneck"]) == ("4", on(9), True)
    assert (b["due_date"], b["lead_time_offset_days"]) == (on(10 - 1 - 3 - 2), 2)


def test_a_component_that_is_never_there_has_no_say_in_the_date(api: Api, chair: Item) -> None:
    expect(item("A"), 40, 12)

    order = assemble(chair, 10, due_date=day(10))

    assert brief(show(api, order.no)) == ("0", on(15))


def test_the_figures_of_the_order_leave_its_own_output_out(api: Api, chair: Item) -> None:
    put_in_stock(chair, 2)
    expect(chair, 4, 8)
    assemble(chair, 6, due_date=day(9))
    sold = sell({"no": "CHAIR", "quantity": 3}, shipment_date=day(10))
    reserve_movement(movement_of(sold.no), 1)
    pairs = assemble(chair, 5, due_date=day(10), unit_of_measure="PAIR")

    found = show(api, pairs.no, "availability/")

    assert found["current_quantity"] == "5"
    # In pairs: one reserved piece of two, ten expected, three sold of which one is reserved.
    figures = {name: found[name] for name in ("inventory", "scheduled_receipt", "reserved_receipt")}
    assert figures == {"inventory": "0.5", "scheduled_receipt": "5", "reserved_receipt": "0"}
    assert (found["gross_requirement"], found["reserved_requirement"]) == ("1.5", "0.5")


def test_what_is_reserved_of_the_order_stands_on_both_sides_of_its_figures(api: Api, chair: Item) -> None:
    """AVL-11: a linked order is wholly reserved; its line is among the requirements, and they cancel out."""
    put_in_stock(chair, 2)
    sold = sell({"no": "CHAIR", "quantity": 3, "qty_to_assemble_to_order": 3}, shipment_date=day(10))

    found = show(api, assembly_of(line_of(sold)).no, "availability/")

    assert (found["inventory"], found["gross_requirement"], found["reserved_requirement"]) == ("2", "3", "3")
    assert (found["scheduled_receipt"], found["reserved_receipt"]) == ("3", "3")


def test_the_look_ahead_takes_later_demand_into_account_but_does_not_warn(api: Api, chair: Item) -> None:
    put_in_stock(item("A"), 20)
    put_in_stock(item("B"), 10)
    sell({"no": "A", "quantity": 4}, shipment_date=day(12))
    order = assemble(chair, 10, due_date=day(10))
    assert brief(show(api, order.no)) == ("10", None)

    settle_setup(check_avail_period_days=5)

    assert show(api, order.no)["able_to_assemble"] == "8"
    assert [line["avail_warning"] for line in show(api, order.no)["lines"]] == [False, False]


def test_stock_that_covers_the_need_wins_over_a_balance_that_is_overdrawn(api: Api, chair: Item) -> None:
    put_in_stock(item("A"), 20)
    put_in_stock(item("B"), 10)
    sell({"no": "A", "quantity": 50}, shipment_date=day(1))

    assert brief(show(api, assemble(chair, 10, due_date=day(10)).no)) == ("10", None)
    assert brief(show(api, assemble(chair, 11, due_date=day(10)).no))[0] == "0"


def test_what_is_reserved_for_a_line_is_there_for_it(api: Api, chair: Item) -> None:
    """A stock 15, this line 20: warning. With 5 of a purchase reserved: none (AVL-20)."""
    put_in_stock(item("B"), 10)
    put_in_stock(item("A"), 15)
    order = assemble(chair, 10, due_date=day(10))
    line = component(order, "A")
    assert show(api, order.no, f"lines/{line.line_no}/")["avail_warning"] is True

    expect(item("A"), 5, 6)
    reserve_movement(movement_of(order.no, line.line_no))
    seen = show(api, order.no, f"lines/{line.line_no}/")
    assert (seen["reserved_quantity"], seen["avail_warning"]) == ("20", False)
    assert brief(show(api, order.no)) == ("10", None)


def test_figures_of_a_line_are_in_its_unit(api: Api, chair: Item) -> None:
    put_in_stock(item("A"), 20)
    put_in_stock(item("B"), 100)
    order = assemble(chair, 10, due_date=day(10))
    line = component(order, "A")
    changed = api.patch(
        f"assembly-orders/{order.no}/lines/{line.line_no}/", {"unit_of_measure": "BOX", "quantity_per": "0.5"}
    )
    assert changed.status_code == 200, changed.body

    (a, _) = show(api, order.no, "availability/")["lines"]

    assert (a["current_quantity"], a["inventory"], a["able_to_assemble"]) == ("5", "3.33333", "6.66666")


def test_without_stockout_warnings_nothing_warns(api: Api, chair: Item) -> None:
    settle_setup(stockout_warning=False)

    made = api.post("assembly-orders/", {"item": "CHAIR", "quantity": 10, "due_date": on(10)})

    assert "warnings" not in made.body
    assert [line["avail_warning"] for line in made.body["lines"]] == [False, False]
    assert made.body["able_to_assemble"] == "0"


def codes(answer: Any) -> list[tuple[str, int | None]]:
    return [(warning["code"], warning["line_no"]) for warning in answer.body.get("warnings", [])]


def test_edits_that_look_at_what_there_is_warn_and_others_do_not(api: Api, chair: Item) -> None:
    put_in_stock(item("B"), 10)
    made = api.post("assembly-orders/", {"item": "CHAIR", "quantity": 10, "due_date": on(10)})
    assert codes(made) == [("too_few_components", None), ("component_short", 10000)]
    assert made.body["warnings"][0]["able_to_assemble"] == "0"

    path = f"assembly-orders/{made.body['no']}/"
    assert codes(api.patch(path, {"quantity": 9})) == [("too_few_components", None), ("component_short", 10000)]
    assert codes(api.patch(path, {"due_date": on(12)})) != []
    assert codes(api.post(f"{path}refresh-lines/")) != []
    for harmless in ({"quantity_to_assemble": 1}, {"note": "x"}):
        assert codes(api.patch(path, harmless)) == []
    assert codes(api.patch(f"{path}lines/10000/", {"quantity_per": 3})) == [("component_short", 10000)]
    assert codes(api.patch(f"{path}lines/10000/", {"position": "3"})) == []
    assert codes(api.patch(f"{path}lines/20000/", {"quantity_per": "0.5"})) == []
    added = api.post(f"{path}lines/", {"type": "item", "no": "A", "quantity_per": 1})
    assert codes(added) == [("component_short", 30000)]


def test_a_substitute_that_is_short_warns(api: Api, chair: Item) -> None:
    make_substitute(item("A"), make_item("A-2"))
    order = assemble(chair, 10)

    answer = api.post(f"assembly-orders/{order.no}/lines/10000/substitute/", {"substitute": "A-2"})

    assert codes(answer) == [("component_short", 10000)]


def test_a_quote_s_lines_are_marked_but_take_nothing(api: Api, kit: Item) -> None:
    put_in_stock(item("A"), 10)
    first, second = (assembly_of(quote_kit(kit, quantity)) for quantity in (5, 6))

    shown = [api.get(f"assembly-quotes/{document.no}/").body for document in (first, second)]

    assert [body["able_to_assemble"] for body in shown] == ["5", "5"]
    assert [body["lines"][0]["avail_warning"] for body in shown] == [False, True]
    changed = api.patch(f"assembly-quotes/{second.no}/lines/10000/", {"quantity_per": 4})
    assert codes(changed) == []


def test_what_is_assembled_in_full_lacks_nothing(api: Api, chair: Item) -> None:
    put_in_stock(item("A"), 20)
    put_in_stock(item("B"), 10)
    order = assemble(chair, 10, due_date=day(10))
    assert api.post(f"assembly-orders/{order.no}/post/").status_code == 200

    assert brief(show(api, order.no)) == ("0", None)


def test_a_list_shows_what_can_be_assembled_when_asked(api: Api, chair: Item) -> None:
    order = assemble(chair, 10)

    assert "able_to_assemble" not in api.get("assembly-orders/").body["results"][0]
    (row,) = api.get("assembly-orders/?fields=no,able_to_assemble").body["results"]
    assert row == {"no": order.no, "able_to_assemble": "0"}
    (row,) = api.get("assembly-orders/?expand=lines,able_to_assemble").body["results"]
    assert (row["able_to_assemble"], row["lines"][0]["avail_warning"]) == ("0", True)


def test_other_locations_are_no_help(api: Api, chair: Item) -> None:
    make_location("BLUE")
    put_in_stock(item("A"), 100, location="BLUE")
    put_in_stock(item("B"), 100, location="BLUE")

    assert brief(show(api, assemble(chair, 10).no)) == ("0", None)
    assert brief(show(api, assemble(chair, 10, location="BLUE").no)) == ("10", None)


@pytest.mark.parametrize("components", [1, 40])
def test_the_statements_do_not_grow(api: Api, house: Setup, components: int) -> None:
    make_stock_kit("BIG", bom=[{"item": make_item(f"P{i}"), "quantity_per": 1} for i in range(components)])
    order = assemble(item("BIG"), 5)

    with counted() as statements:
        assert len(show(api, order.no, "availability/")["lines"]) == components

    assert len(statements) == 5, "\n".join(statements)


# -- sales lines ----------------------------------------------------------------------------------------------


def sales_line(api: Api, no: str, line_no: int = 10000) -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"sales-orders/{no}/lines/{line_no}/").body["availability"]
    return body


def test_a_line_in_boxes_tells_boxes(api: Api, house: Setup) -> None:
    put_in_stock(make_item("NAIL", units={"BOX": 10}), 25)
    order = sell({"no": "NAIL", "quantity": 3, "unit_of_measure": "BOX"}, {"no": "NAIL", "quantity": 2})

    assert sales_line(api, order.no) == {
        "available": "-0.7",
        "on_hand": "2.5",
        "able_to_assemble": None,
        "earliest_date": None,
        "warning": True,
    }


def test_a_short_line_tells_when_it_is_there(api: Api, house: Setup) -> None:
    nail = make_item("NAIL")
    put_in_stock(nail, 4)
    expect(nail, 6, 14)
    order = sell({"no": "NAIL", "quantity": 9}, shipment_date=day(3))

    assert (sales_line(api, order.no)["earliest_date"], sales_line(api, order.no)["warning"]) == (on(14), True)


def test_quotes_and_blanket_orders_see_what_there_is_and_do_not_warn(api: Api, kit: Item) -> None:
    put_in_stock(kit, 4)
    lines = {"customer": "CUST", "lines": [{"no": "K", "quantity": 9, "qty_to_assemble_to_order": 0}]}

    quote = api.post("sales-quotes/", lines)
    blanket = api.post("blanket-sales-orders/", lines)

    for answer in (quote, blanket):
        seen = answer.body["lines"][0]["availability"]
        assert (seen["available"], seen["warning"], codes(answer)) == ("4", False, [])


@pytest.mark.parametrize("kind", ["sales-quotes", "blanket-sales-orders"])
def test_an_order_made_of_a_quote_or_a_blanket_order_warns(api: Api, kit: Item, kind: str) -> None:
    put_in_stock(kit, 4)
    lines = {"customer": "CUST", "lines": [{"no": "K", "quantity": 9, "qty_to_assemble_to_order": 0}]}
    no = api.post(f"{kind}/", lines).body["no"]

    assert codes(api.post(f"{kind}/{no}/make-order/")) == [("not_enough_available", 10000)]


def test_what_is_not_kept_in_stock_has_no_availability(api: Api, house: Setup) -> None:
    make_item("REPAIR", type="service")
    order = sell({"no": "REPAIR", "quantity": 9}, {"type": "comment", "description": "Thanks"})

    lines = api.get(f"sales-orders/{order.no}/").body["lines"]

    assert [line["availability"] for line in lines] == [None, None]


def test_edits_of_sales_lines_warn_about_stock_and_about_components(api: Api, kit: Item) -> None:
    put_in_stock(item("A"), 6)
    put_in_stock(kit, 2)
    made = api.post(
        "sales-orders/",
        {"customer": "CUST", "lines": [{"no": "K", "quantity": 8, "qty_to_assemble_to_order": 4}]},
    )
    assert codes(made) == [("not_enough_available", 10000), ("too_few_components", 10000)]
    stock, components = made.body["warnings"]
    assert (stock["missing"], components["able_to_assemble"], components["remaining_quantity"]) == ("2", "3", "4")

    path = f"sales-orders/{made.body['no']}/"
    assert codes(api.patch(f"{path}lines/10000/", {"quantity": 5, "qty_to_assemble_to_order": 3})) == []
    assert codes(api.patch(f"{path}lines/10000/", {"quantity": 6})) == [("not_enough_available", 10000)]
    assert codes(api.patch(f"{path}lines/10000/", {"unit_price": 3})) == []
    assert codes(api.patch(path, {"note": "x"})) == []
    assert codes(api.patch(path, {"shipment_date": on(30)})) == [("not_enough_available", 10000)]
    assert codes(api.patch(f"{path}?fields=no", {"shipment_date": on(31)})) == [("not_enough_available", 10000)]
    assert codes(api.post(f"{path}lines/?fields=line_no", {"no": "K", "quantity": 1})) != []


def test_a_line_that_is_assembled_in_full_needs_no_stock(api: Api, kit: Item) -> None:
    put_in_stock(item("A"), 20)
    line = sell_kit(kit, 10)

    seen = sales_line(api, line.document.no)

    assert (seen["able_to_assemble"], seen["warning"], seen["available"]) == ("10", False, "0")


def test_a_ten_of_seven_line_warns_only_when_stock_for_three_is_missing(api: Api, house: Setup) -> None:
    part = make_item("PART")
    made = make_kit("MIXED", bom=[{"item": part, "quantity_per": 1}])
    put_in_stock(part, 100)
    put_in_stock(made, 2)
    order = sell({"no": "MIXED", "quantity": 10, "qty_to_assemble_to_order": 7})
    assert sales_line(api, order.no)["warning"] is True

    put_in_stock(made, 1)
    assert sales_line(api, order.no)["warning"] is False
