"""The worklist as a page: what is to be started, what is missing for it, for whom it is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from inventory.models import Item
from sales.services.amending import amend_order
from tests.factories import make_item, make_stock_kit
from tests.support import assemble, assembly_of, d, day, line_of, release, release_assembly, sell_kit
from tests.support_pages import BY_SCRIPT, statements_of
from tests.support_stock import expect, put_in_stock

WORKLIST = "/assembly/worklist/"


def numbers_on(page: str) -> list[str]:
    return re.findall(r">(AO-\d+)</a>", page)


def made_of(parts: int = 1) -> Item:
    return make_stock_kit(
        "STOOL", bom=[{"item": make_item(f"LEG{number}"), "quantity_per": 1} for number in range(parts)]
    )


def test_it_shows_the_orders_to_start_with_what_is_missing_and_until_when(worker: Client, stock_kit: Item) -> None:
    parts = stock_kit.bom_lines.get().item
    assert parts is not None
    put_in_stock(parts, 2)
    expect(parts, 40, 8)
    release_assembly(assemble(stock_kit, 5))

    page = worker.get(WORKLIST).content.decode()

    assert "Waiting for components" in page
    missing = re.search(r'data-label="Missing">(.*?)</td>', page, re.DOTALL)
    assert missing
    assert re.sub(r"<[^>]+>", "", missing[1]) == "13 D until 11 Mar 2031"
    assert "Stock" in page


def test_it_names_the_customer_and_leads_to_the_sales_order(worker: Client, clerk: Client, kit: Item) -> None:
    order = release(sell_kit(kit, 3).document)

    page = clerk.get(WORKLIST).content.decode()

    assert f'href="/sales/orders/{order.no}/"' in page
    assert order.customer.name in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("state=ready", 0),
        ("state=waiting_for_components", 2),
        ("state=assembled", 0),
        ("location=MAIN", 2),
        ("location=ELSEWHERE", 0),
        ("resource=R", 1),
        ("resource=NOBODY", 0),
        (f"from_date={day(30).isoformat()}", 0),
        (f"to_date={day(30).isoformat()}", 2),
        ("sort=-due", 2),
        ("state=none", None),
        ("from_date=soon", None),
        ("sort=item", None),
    ],
)
def test_the_address_narrows_it(worker: Client, kit: Item, stock_kit: Item, query: str, found: int | None) -> None:
    release_assembly(assemble(stock_kit, 5))
    release(sell_kit(kit, 3).document)

    response = worker.get(f"{WORKLIST}?{query}", **BY_SCRIPT)

    if found is None:
        assert response.status_code == 404
    else:
        assert len(numbers_on(response.content.decode())) == found


def test_sixty_orders_take_two_statements_a_page(worker: Client, house: object) -> None:
    few_of = made_of(parts=3)
    release_assembly(assemble(few_of, 5))
    assert statements_of(lambda: worker.get(WORKLIST)) == 4  # the session and the person among them

    for _ in range(60):
        release_assembly(assemble(few_of, 5))

    assert statements_of(lambda: worker.get(WORKLIST)) == 4
    first = worker.get(WORKLIST).content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = worker.get(WORKLIST + following[1].replace("&amp;", "&")).content.decode()
    assert len(numbers_on(first)) == 50
    assert len(numbers_on(second)) == 11
    assert sorted(numbers_on(first + second)) == numbers_on(first + second)


def test_it_says_why_an_order_was_amended(worker: Client, kit: Item) -> None:
    order, other = release(sell_kit(kit, 3).document), release(sell_kit(kit, 2).document)
    for quantity, reason in ((4, "Two more guests"), (5, "Three more <guests>")):
        amend_order(no=order.no, values={}, lines={10000: {"quantity": d(quantity)}}, reason=reason)

    page = worker.get(WORKLIST).content.decode()

    assert page.count("Changed by") == 1
    assert "<strong>Three more &lt;guests&gt;</strong>" in page
    assert assembly_of(line_of(other)).no in page


def test_who_may_not_see_assembly_is_refused(client: Client, db: None) -> None:
    assert client.get(WORKLIST).status_code == 302
