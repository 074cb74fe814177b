"""The tab that tells how much of an item there is on a day, where, and what comes and goes."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client

from inventory.models import Item
from inventory.services.purchasing import create_purchase_order
from tests.inventory.conftest import post
from tests.support_pages import BY_SCRIPT

TAB = "/inventory/items/C1/availability/"


def text_of(client: Client, query: str = "") -> str:
    response = client.get(f"{TAB}{query}", **BY_SCRIPT)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def planned(item: Item) -> Item:
    """5 in stock; 4 expected on 20 March, and 60 more one by one from April on."""
    post(item, 5)
    days = [dt.date(2031, 3, 20), *(dt.date(2031, 4, 1) + dt.timedelta(days=n) for n in range(60))]
    lines = [
        {"item": item.no, "quantity": Decimal(4 if n == 0 else 1), "expected_receipt_date": day}
        for n, day in enumerate(days)
    ]
    create_purchase_order({"lines": lines})
    return item


def test_it_tells_what_there_is_as_of_a_day(planner: Client, planned: Item) -> None:
    before = text_of(planner, "?date=2031-03-19&location=MAIN")
    assert "As of 19 Mar 2031" in before
    assert re.search(r"MAIN All locations 5 5 5", before)

    assert re.search(r"MAIN All locations 5 4 9 9", text_of(planner, "?date=2031-03-20&location=MAIN"))


def test_it_lists_what_comes_with_the_balance_after_it(planner: Client, planned: Item) -> None:
    words = text_of(planner)
    assert re.search(r"20 Mar 2031 \S+ Purchase order line 10000 MAIN 4 9", words)
    assert "01 Apr 2031" in words


def test_events_go_on_behind_the_last_of_the_page(planner: Client, planned: Item) -> None:
    first = planner.get(TAB).content.decode()
    following = re.search(r'href="([^"]+)">Next', first)
    assert following
    rest = text_of(planner, following[1].replace("&amp;", "&"))
    assert rest.endswith("From the beginning")
    assert re.search(r"30 May 2031 \S+ Purchase order line \d+ MAIN 1 69", rest)
    assert "20 Mar 2031" not in rest


@pytest.mark.parametrize("query", ["?date=soon", "?cursor=none"])
def test_what_cannot_be_asked_is_not_there(planner: Client, item: Item, query: str) -> None:
    assert planner.get(f"{TAB}{query}").status_code == 404


def test_the_card_leads_there(planner: Client, item: Item) -> None:
    assert f'href="{TAB}"' in planner.get("/inventory/items/C1/").content.decode()
