"""The chips of a document's lines: what they say, that the page asks for them by itself, and what they take."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import SalesDocument
from tests.factories import make_resource
from tests.support import day, sell
from tests.support_pages import BY_SCRIPT, save, statements_of
from tests.support_stock import expect, put_in_stock

ORDERS = "/sales/orders/"


def promises_of(order: SalesDocument) -> str:
    return f"{ORDERS}{order.no}/promises/"


def chips(client: Client, order: SalesDocument) -> dict[str, str]:
    """Return the words of the chips by line number."""
    page = client.get(promises_of(order), **BY_SCRIPT).content.decode()
    found = re.findall(r'<span id="promise-(\d+)" hx-swap-oob="true" class="promise">(.*?)</span>', page, re.DOTALL)
    return {line: " ".join(re.sub(r"<[^>]+>", " ", chip).split()) for line, chip in found}


@pytest.mark.parametrize(
    ("item", "quantity", "words"),
    [
        ("A", 2, "Ready"),
        ("A", 5, "Expected 02 Apr 2031"),
        ("A", 50, "Short 47"),
        ("K", 1, "Ready"),
        ("K", 50, "Short 48.5"),
    ],
)
def test_a_chip_says_ready_expected_or_short(clerk: Client, kit: Item, item: str, quantity: int, words: str) -> None:
    parts = Item.objects.get(no="A")
    put_in_stock(parts, 3)
    expect(parts, 4, 30)
    assert day(30).isoformat() == "2031-04-02"

    assert chips(clerk, sell({"no": item, "quantity": quantity})) == {"10000": words}


def test_lines_of_resources_have_none(clerk: Client, kit: Item) -> None:
    make_resource("WORK")
    order = sell({"type": "resource", "no": "WORK", "quantity": 2}, {"no": "K", "quantity": 1})

    assert list(chips(clerk, order)) == ["20000"]


def test_the_page_asks_for_the_promises_by_itself(clerk: Client, kit: Item) -> None:
    order = sell({"no": "A", "quantity": 2})
    page = clerk.get(f"{ORDERS}{order.no}/").content.decode()
    assert f'hx-get="{promises_of(order)}"' in page
    assert page.count("Not checked") == 1

    saved = save(clerk, f"{ORDERS}{order.no}/lines/10000/", quantity="3").content.decode()
    assert "Not checked" in saved


def test_blanket_orders_promise_nothing(clerk: Client, kit: Item) -> None:
    assert clerk.get("/sales/blanket-orders/B1/promises/").status_code == 404


def test_one_look_is_for_all_lines(clerk: Client, kit: Item) -> None:
    def cost_of(lines: int) -> int:
        order = sell(*[{"no": "K", "quantity": 10}] * lines)
        return statements_of(lambda: clerk.get(promises_of(order), **BY_SCRIPT))

    assert cost_of(1) == cost_of(20) == 7
