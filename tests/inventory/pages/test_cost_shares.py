"""The tab of an item's card that tells where its cost comes from."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client

from inventory.models import Item
from tests.factories import make_item, make_resource, make_stock_kit
from tests.support_pages import statements_of


@pytest.fixture
def desk(db: None) -> Item:
    """DESK = 4 LEG at 5, an hour of SAW at 30 for a lot of 10."""
    leg, saw = make_item("LEG", unit_cost=Decimal(5)), make_resource("SAW", unit_cost=Decimal(30))
    fixed = {"resource": saw, "quantity_per": 1, "resource_usage_type": "fixed"}
    return make_stock_kit("DESK", lot_size=Decimal(10), bom=[{"item": leg, "quantity_per": 4}, fixed])


def rows_of(page: str) -> list[str]:
    table = re.search(r'<table class="data cards" aria-labelledby="shares-heading">(.*?)</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)[1:] if table else []
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


@pytest.mark.parametrize("shares", ["", "?shares=single-level"])
def test_it_shows_every_row_with_its_shares(planner: Client, desk: Item, shares: str) -> None:
    page = planner.get(f"/inventory/items/DESK/cost-shares/{shares}").content.decode()

    assert rows_of(page) == [
        "Level 0: DESK Item DESK 1 PCS 1 20.00 3.00 0.00 0.00 23.00",
        "Level 1: LEG Item LEG 4 PCS 4 20.00 0.00 0.00 0.00 20.00",
        "Level 1: SAW Resource SAW 1 for 10 HOUR 0.1 0.00 3.00 0.00 0.00 3.00",
    ]


def test_of_what_is_bought_it_says_so(planner: Client, desk: Item) -> None:
    page = planner.get("/inventory/items/LEG/cost-shares/").content.decode()
    assert (rows_of(page), "LEG is not replenished by assembly." in page) == ([], True)


def test_only_who_may_see_costs(clerk: Client, planner: Client, desk: Item) -> None:
    assert clerk.get("/inventory/items/DESK/cost-shares/").status_code == 403
    assert "Cost shares" not in clerk.get("/inventory/items/DESK/").content.decode()
    assert "Cost shares" in planner.get("/inventory/items/DESK/").content.decode()
    assert planner.get("/inventory/items/NONE/cost-shares/").status_code == 404
    assert planner.get("/inventory/items/DESK/cost-shares/?shares=none").status_code == 404


def test_statements_do_not_grow(planner: Client, desk: Item) -> None:
    parts = [{"item": make_item(f"P{number}"), "quantity_per": 1} for number in range(20)]
    make_stock_kit("LARGE", bom=[*parts, {"item": desk, "quantity_per": 2}])

    def cost_of(no: str) -> int:
        return statements_of(lambda: planner.get(f"/inventory/items/{no}/cost-shares/"))

    cost_of("DESK")
    assert cost_of("DESK") == cost_of("LARGE")
