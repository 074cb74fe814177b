"""The pick list and the printed assembly order: what stands on them, and what never does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from inventory.models import Item
from sales.models import SalesLine
from tests.factories import make_bom, make_item, make_location, make_stock_kit
from tests.printed import printed
from tests.support import (
    add_component,
    assemble,
    assembled,
    assembly_of,
    component,
    customise,
    plan,
    remove_component,
    sell_kit,
)
from tests.support_pages import statements_of

PAPERS = ("pick-list.pdf", "print.pdf")


def url(document: AssemblyDocument, paper: str) -> str:
    return f"/assembly/orders/{document.no}/{paper}"


@pytest.fixture
def line(rich_kit: Item) -> SalesLine:
    """A line of ten KX, all assembled to order."""
    return sell_kit(rich_kit, 10)


def test_a_pick_list_says_what_to_fetch(worker: Client, line: SalesLine) -> None:
    order = assembly_of(line)

    text = printed(worker.get(url(order, "pick-list.pdf")))

    assert f"Pick list {order.no}" in text
    assert f"Made for {line.document.no}, line 10000" in text
    assert "MAIN - XA Item XA 20 PCS" in text
    assert "MAIN - XB Item XB 3 PCS" in text
    # Resources and texts are not fetched; nothing was changed.
    assert "XR" not in text
    assert "Handle with care" not in text
    assert "Changed" not in text


def test_a_pick_list_follows_the_way_through_the_bins(worker: Client, house: object) -> None:
    make_location("BLUE", bins=["A-1", "B-1"])
    kit = make_stock_kit("K1")
    make_bom(kit, [{"item": make_item(no), "quantity_per": 1} for no in ("P", "Q", "S")])
    order = assemble(kit, 4, location="BLUE")
    customise(component(order, "P"), bin="B-1")
    customise(component(order, "S"), bin="A-1")

    text = printed(worker.get(url(order, "pick-list.pdf")))

    places = [text.index(words) for words in ("BLUE A-1 S", "BLUE B-1 P", "BLUE - Q")]
    assert places == sorted(places)


def test_a_pick_list_is_for_the_next_posting(worker: Client, stock_kit: Item) -> None:
    order = assembled(assemble(stock_kit, 10), 4)
    plan(order, quantity_to_assemble=2)

    text = printed(worker.get(url(order, "pick-list.pdf")))

    assert "To assemble now 2 PCS" in text
    assert "Assembled so far 4 PCS" in text
    assert "D Item D 6 PCS" in text


def test_with_nothing_to_fetch_it_says_so(worker: Client, stock_kit: Item) -> None:
    order = plan(assemble(stock_kit, 10), quantity_to_assemble=0)

    assert "There is nothing to pick." in printed(worker.get(url(order, "pick-list.pdf")))


def test_what_was_changed_from_the_bill_of_materials_is_marked(worker: Client, line: SalesLine) -> None:
    order = assembly_of(line)
    make_item("NEW", description="Extra fan")
    customise(component(order, "XA"), quantity_per="3")
    remove_component(component(order, "XB"))
    add_component(order, type="item", no="NEW", quantity_per="1")

    for paper in PAPERS:
        text = printed(worker.get(url(order, paper)))
        assert text.count("Changed") == 2
        assert "Left out of the bill of materials: XB." in text


def test_a_kit_in_boxes_is_not_changed(worker: Client, rich_kit: Item) -> None:
    order = assembly_of(sell_kit(rich_kit, 2, unit_of_measure="BOX"))

    assert "Changed" not in printed(worker.get(url(order, "print.pdf")))


def test_an_assembly_order_is_printed_whole(worker: Client, line: SalesLine) -> None:
    order = plan(assembly_of(line), note="Test before packing")

    text = printed(worker.get(url(order, "print.pdf")))

    assert f"Assembly order {order.no}" in text
    for words in (
        "Ordered 10 PCS",
        "XA Item XA 2 20 0 20 PCS",
        "XR Resource XR 0.25 2.5 0 2.5 HOUR",
        "XS Resource XS 0.5 0.5 0 0.5 HOUR",
        "Handle with care",
        "Test before packing",
        "Due 13 Mar 2031",
    ):
        assert words in text, text


@pytest.mark.parametrize("paper", PAPERS)
def test_no_cost_stands_on_it(planner: Client, line: SalesLine, paper: str) -> None:
    order = assembly_of(line)
    plan(order, unit_cost="77.77")
    customise(component(order, "XA"), unit_cost="88.88")

    text = printed(planner.get(url(order, paper)))

    assert "77.77" not in text
    assert "88.88" not in text
    assert "cost" not in text.lower()


@pytest.mark.parametrize("paper", PAPERS)
def test_statements_do_not_grow_with_lines(worker: Client, house: object, paper: str) -> None:
    def order_of(components: int) -> AssemblyDocument:
        kit = make_stock_kit(f"K{components}")
        make_bom(
            kit, [{"item": make_item(f"C{components}-{n}"), "quantity_per": Decimal(1)} for n in range(components)]
        )
        return assemble(kit, 1)

    few, many = (url(order_of(components), paper) for components in (2, 30))

    assert statements_of(lambda: worker.get(few)) == 5
    assert statements_of(lambda: worker.get(many)) == 5


@pytest.mark.parametrize("paper", PAPERS)
def test_who_may_not_see_assembly_gets_nothing(paper: str, stock_kit: Item) -> None:
    order = assemble(stock_kit)

    assert Client().get(url(order, paper)).status_code == 302


@pytest.mark.parametrize("paper", PAPERS)
def test_an_unknown_order_is_not_there(worker: Client, house: object, paper: str) -> None:
    assert worker.get(f"/assembly/orders/NONE/{paper}").status_code == 404
