"""What an order could make, as a page: the tree, needed-by dates and the bottleneck."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from assembly.models import AssemblyDocument
from inventory.models import Item
from tests.factories import make_item, make_stock_kit
from tests.support import add_component, assemble, assembly_of, quote_kit, remove_component
from tests.support_pages import statements_of
from tests.support_stock import put_in_stock


@pytest.fixture
def top(house: object) -> Item:
    """TOP = 2 A + 1 S; S = 3 A."""
    a = make_item("A", description="Angle")
    sub = make_stock_kit("S", bom=[{"item": a, "quantity_per": 3}])
    return make_stock_kit("TOP", bom=[{"item": a, "quantity_per": 2}, {"item": sub, "quantity_per": 1}])


def rows_of(page: str) -> list[str]:
    table = re.search(r'aria-label="Components over all levels">(.*?)</table>', page, re.DOTALL)
    assert table
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_the_order_leads_to_it(worker: Client, top: Item) -> None:
    order = assemble(top, 10)
    url = f"/assembly/orders/{order.no}/able-to-make/"
    assert f'href="{url}"' in worker.get(f"/assembly/orders/{order.no}/").content.decode()
    put_in_stock(Item.objects.get(no="A"), 17)
    put_in_stock(Item.objects.get(no="S"), 1)

    page = worker.get(url).content.decode()

    assert rows_of(page) == [
        "Level 1: A Angle MAIN 13 Mar 2031 2 2 8 4 4",
        "Level 1: S Item S MAIN 13 Mar 2031 1 1 1 4 4 Bottleneck",
        "Level 2: A Angle MAIN 13 Mar 2031 3 3 9 3 3 Bottleneck",
    ]
    assert "Too few" in page


def test_one_without_components_says_so(worker: Client, top: Item) -> None:
    order = assemble(top, 1)
    for line in order.lines.all():
        remove_component(line)
    assert (
        "no component that is kept in stock"
        in worker.get(f"/assembly/orders/{order.no}/able-to-make/").content.decode()
    )


def test_a_quote_has_it_too_and_strangers_do_not(worker: Client, client: Client, kit: Item) -> None:
    quote = assembly_of(quote_kit(kit, 2))
    assert worker.get(f"/assembly/quotes/{quote.no}/able-to-make/").status_code == 200
    assert worker.get("/assembly/orders/NONE/able-to-make/").status_code == 404
    assert client.get(f"/assembly/quotes/{quote.no}/able-to-make/").status_code == 302


def test_statements_do_not_grow(worker: Client, top: Item) -> None:
    small, large = assemble(top, 1), assemble(top, 1)
    for number in range(12):
        part = make_item(f"P{number}")
        made = make_stock_kit(f"K{number}", bom=[{"item": part, "quantity_per": 1}])
        add_component(large, type="item", no=made.no, quantity_per=1)

    def cost_of(order: AssemblyDocument) -> int:
        return statements_of(lambda: worker.get(f"/assembly/orders/{order.no}/able-to-make/"))

    cost_of(small)
    assert cost_of(small) == cost_of(large)
