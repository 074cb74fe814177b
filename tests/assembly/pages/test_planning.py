"""Planning suggestions as a page: what is asked, how suggestions stand there, and the orders that are made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from assembly.views import planning
from inventory.models import Item, PurchaseOrder, ReorderingPolicy, Setup
from tests.factories import make_item, make_stock_kit
from tests.support import assemble, d, day, sell, settle_setup
from tests.support_pages import statements_of

PLANNING = "/assembly/planning/"
CALCULATED = f"{PLANNING}?calculate=1"
ACCEPT = f"{PLANNING}accept/?calculate=1"


@pytest.fixture
def plant(house: Setup) -> Item:
    """DESK of 2 FRAME, FRAME of 3 TUBE that are purchased; all lot for lot."""
    settle_setup(default_safety_lead_time_days=1)
    lot = {"reordering_policy": ReorderingPolicy.LOT_FOR_LOT}
    tube = make_item("TUBE", **lot)
    frame = make_stock_kit("FRAME", lead_time_days=2, bom=[{"item": tube, "quantity_per": 3}], **lot)
    return make_stock_kit("DESK", bom=[{"item": frame, "quantity_per": 2}], lead_time_days=4, **lot)


def form_of(page: str) -> dict[str, str]:
    """Return what a browser would send of the page as it stands: every box ticked, nothing changed."""
    inputs = re.findall(
        r'<input type="(?!hidden)\w+" ?(?:value="true" )?id="plan-(\w+)"[^>]*?(?:value="([^"]*)")', page
    )
    found = {name: value for name, value in inputs if not name.startswith("chosen")}
    marks = [name.removeprefix("quantity_") for name in found if name.startswith("quantity_")]
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    return {"form_token": token[1], **found, **{f"chosen_{mark}": "true" for mark in marks}}


def marks_by_item(page: str) -> dict[str, str]:
    found = re.findall(r'id="suggestion-(\w+)">.*?/inventory/items/(\w+)/', page, re.DOTALL)
    return {item: mark for mark, item in found}


def rows_of(page: str) -> list[str]:
    """Return the words of the rows."""
    rows = re.findall(r'<tr id="suggestion-\w+">(.*?)</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<(?:select.*?/select|[^>]+)>", " ", row, flags=re.DOTALL).split()) for row in rows]


def accept(client: Client, values: Mapping[str, str], **more: str) -> Any:
    return client.post(ACCEPT, {**values, **more})


def test_it_begins_with_a_question_and_calculates_nothing(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))

    page = planner.get(PLANNING).content.decode()

    assert "It makes nothing yet." in page
    assert not rows_of(page)


def test_each_level_tells_for_what_and_why(planner: Client, plant: Item) -> None:
    order = sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))

    page = planner.get(CALCULATED).content.decode()

    assert rows_of(page) == [
        f"DESK Item DESK MAIN PCS {order.no} line 10000: 5 5 missing.",
        "FRAME Item FRAME MAIN PCS DESK above: 10 10 missing.",
        "TUBE Item TUBE MAIN PCS FRAME above: 30 30 missing.",
    ]
    assert f'href="/sales/orders/{order.no}/"' in page
    assert form_of(page)[f"due_date_{marks_by_item(page)['FRAME']}"] == day(15).isoformat()


def test_the_policy_says_why(planner: Client, house: Setup) -> None:
    make_item("SAFE", reordering_policy=ReorderingPolicy.LOT_FOR_LOT, safety_stock_quantity=7)
    make_item("LOTS", reordering_policy=ReorderingPolicy.FIXED_REORDER_QTY, reorder_point=9, reorder_quantity=4)
    make_item("FULL", reordering_policy=ReorderingPolicy.MAXIMUM_QTY, reorder_point=9, maximum_inventory=50)
    order = sell(*({"no": no, "quantity": 2} for no in ("SAFE", "LOTS", "FULL")), shipment_date=day(3))

    assert rows_of(planner.get(CALCULATED).content.decode()) == [
        "FULL Item FULL MAIN PCS Stock Nothing left, reordered at 9 up to 50.",
        "LOTS Item LOTS MAIN PCS Stock Nothing left, reordered at 9 by 4.",
        "SAFE Item SAFE MAIN PCS Stock Nothing left, 7 kept for safety.",
        f"SAFE Item SAFE MAIN PCS {order.no} line 10000: 2 5 left, 7 kept for safety.",
    ]


@pytest.mark.parametrize(
    ("query", "rows", "status"),
    [
        ("", 3, 200),
        ("&items=DESK, TUBE", 1, 200),
        ("&items=DESK NONE", 0, 400),
        ("&location=MAIN", 3, 200),
        ("&location=NOWHERE", 0, 400),
        (f"&ending_date={day(19).isoformat()}", 0, 200),
        ("&ending_date=soon", 0, 400),
    ],
)
def test_the_address_says_what_is_planned(planner: Client, plant: Item, query: str, rows: int, status: int) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))

    answer = planner.get(CALCULATED + query)

    assert (len(rows_of(answer.content.decode())), answer.status_code) == (rows, status)
    assert ("aria-invalid" in answer.content.decode()) is (status == 400)


def test_what_is_ticked_becomes_orders_that_are_linked(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    page = planner.get(CALCULATED).content.decode()

    answer = planner.post(ACCEPT, form_of(page), follow=True)

    orders = AssemblyDocument.objects.order_by("no")
    assert [(order.item_id, order.quantity, order.due_date) for order in orders] == [
        ("DESK", d(5), day(20)),
        ("FRAME", d(10), day(15)),
    ]
    bought = PurchaseOrder.objects.get()
    assert [(line.item_id, line.quantity) for line in bought.lines.all()] == [("TUBE", d(30))]
    after = answer.content.decode()
    for order in orders:
        assert f'<a href="/assembly/orders/{order.no}/">{order.no}</a>' in after
    assert f'<a href="/inventory/purchase-orders/{bought.no}/">{bought.no}</a>' in after
    assert "Nothing is uncovered" in after


def test_only_what_is_ticked_with_what_was_changed(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    page = planner.get(CALCULATED).content.decode()
    marks = marks_by_item(page)

    changed = {
        f"chosen_{marks['DESK']}": "false",
        f"quantity_{marks['DESK']}": "much",
        f"quantity_{marks['FRAME']}": "12",
        f"due_date_{marks['FRAME']}": day(13).isoformat(),
        f"replenishment_system_{marks['TUBE']}": "assembly",
    }
    assert accept(planner, {**form_of(page), **changed}).status_code == 302

    orders = AssemblyDocument.objects.order_by("no")
    assert [(order.item_id, order.quantity, order.due_date) for order in orders] == [
        ("FRAME", d(12), day(13)),
        ("TUBE", d(30), orders[1].due_date),
    ]
    assert not PurchaseOrder.objects.exists()


def test_refused_ones_are_named_at_their_row_and_the_others_go_on_by_one_button(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    page = planner.get(CALCULATED).content.decode()
    marks = marks_by_item(page)
    typed = {
        **form_of(page),
        f"quantity_{marks['DESK']}": "0.5",
        f"quantity_{marks['TUBE']}": "0",
        f"replenishment_system_{marks['TUBE']}": "transfer",
    }
    Item.objects.filter(no="DESK").update(rounding_precision=1)

    refused = accept(planner, typed)

    assert refused.status_code == 400
    again = refused.content.decode()
    assert "1 refused, as marked below; nothing was made." in again
    assert "There are no transfer orders" in again
    assert f'id="plan-quantity_{marks["TUBE"]}"' in again
    assert not AssemblyDocument.objects.exists()
    assert not PurchaseOrder.objects.exists()
    assert "Accept the other 2" in again

    typed[f"quantity_{marks['DESK']}"] = "4"
    done = accept(planner, typed, refused=marks["TUBE"], act="others")
    assert done.status_code == 302
    assert [order.item_id for order in AssemblyDocument.objects.order_by("no")] == ["DESK", "FRAME"]
    assert not PurchaseOrder.objects.exists()


def test_malformed_text_stands_at_its_row(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    page = planner.get(CALCULATED).content.decode()
    mark = marks_by_item(page)["DESK"]

    refused = accept(planner, {**form_of(page), f"quantity_{mark}": "1,250"})

    assert refused.status_code == 400
    assert "is not a number" in refused.content.decode()
    assert 'value="1,250"' in refused.content.decode()
    assert not AssemblyDocument.objects.exists()


def test_nothing_ticked_makes_nothing(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    values = form_of(planner.get(CALCULATED).content.decode())
    none = {name: "false" if name.startswith("chosen_") else value for name, value in values.items()}

    refused = accept(planner, none)

    assert refused.status_code == 400
    assert "Nothing is ticked" in refused.content.decode()


def test_what_somebody_has_covered_meanwhile_is_not_made_again(planner: Client, plant: Item) -> None:
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))
    mine, theirs = (form_of(planner.get(CALCULATED).content.decode()) for _ in range(2))
    assert accept(planner, theirs).status_code == 302
    assert AssemblyDocument.objects.count() == 2

    twice = accept(planner, theirs)
    late = accept(planner, mine)

    assert (twice.status_code, late.status_code) == (409, 412)
    assert "This form was sent before" in twice.content.decode()
    assert "3 of what you ticked is no longer suggested" in late.content.decode()
    assert AssemblyDocument.objects.count() == 2


def test_long_lists_are_taken_in_parts(planner: Client, plant: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SUGGESTIONS_SHOWN", 2)
    monkeypatch.setattr(planning, "_ORDERS_NAMED", 1)
    sell({"no": "DESK", "quantity": 5}, shipment_date=day(20))

    page = planner.get(CALCULATED).content.decode()
    assert len(rows_of(page)) == 2
    assert "The first 2 of 3" in page
    after = planner.post(ACCEPT, form_of(page), follow=True).content.decode()

    assert " and 1 more" in after
    assert [row.split()[0] for row in rows_of(after)] == ["TUBE"]


@pytest.mark.parametrize("orders", [1, 30])
def test_the_statements_do_not_grow(planner: Client, plant: Item, orders: int) -> None:
    for index in range(orders):
        sell({"no": "DESK", "quantity": 1}, shipment_date=day(20 + index))
        assemble(Item.objects.get(no="FRAME"), 1, due_date=day(10 + index))

    asking = statements_of(lambda: planner.get(CALCULATED))
    values = form_of(planner.get(CALCULATED).content.decode())
    accepting = statements_of(lambda: accept(planner, values))

    assert (asking, accepting) == (8, 26)


def test_only_planners_plan(clerk: Client, worker: Client, auditor: Client, planner: Client, house: Setup) -> None:
    for person in (clerk, worker, auditor):
        assert person.get(PLANNING).status_code == 403
        assert person.post(ACCEPT).status_code == 403
        assert PLANNING not in person.get("/").content.decode()
    home = planner.get("/").content.decode()
    assert f'href="{PLANNING}"' in home
    assert "<kbd>g n</kbd>" in home or 'data-key="g n"' in home
    assert "Plan supply" in home
