"""Adjusting the stock and reading the ledger."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from inventory.models import Item, ItemLedgerEntry
from tests.inventory.conftest import post
from tests.support_pages import BY_SCRIPT

NEW = "/inventory/adjustments/new/"
LEDGER = "/inventory/ledger-entries/"
TOKEN = {"form_token": "a token"}


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_adjustment_is_posted(planner: Client, item: Item) -> None:
    response = planner.post(
        NEW, {**TOKEN, "entry_type": "positive_adjustment", "item": "C1", "quantity": "3", "unit_cost": "2.5"}
    )

    assert response["Location"] == "/inventory/items/C1/stock/"
    entry = ItemLedgerEntry.objects.get()
    assert (entry.quantity, entry.location_id) == (3, "MAIN")
    assert f"Entry {entry.pk} posted: 3 of C1 at MAIN." in text_of(planner.get("/inventory/items/C1/stock/"))


def test_form_is_filled_in_for_the_item(planner: Client, item: Item) -> None:
    assert 'value="C1"' in text_of(planner.get(NEW, {"item": "C1"}))


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"quantity": "-1"}, HTTPStatus.BAD_REQUEST, "must be greater than zero"),
        ({"quantity": ""}, HTTPStatus.BAD_REQUEST, "This field is required."),
        ({"item": "NONE"}, HTTPStatus.BAD_REQUEST, "Item NONE does not exist."),
        ({"entry_type": "sale"}, HTTPStatus.BAD_REQUEST, "not among the choices"),
        ({"entry_type": "negative_adjustment"}, HTTPStatus.CONFLICT, "0 available"),
    ],
)
def test_adjustment_is_refused(planner: Client, item: Item, typed: dict[str, str], status: int, said: str) -> None:
    form = {**TOKEN, "entry_type": "positive_adjustment", "item": "C1", "quantity": "3", "lot_no": "", **typed}

    response = planner.post(NEW, form)

    assert response.status_code == status
    assert said in text_of(response)
    assert not ItemLedgerEntry.objects.exists()


def test_form_sent_twice_is_posted_once(planner: Client, item: Item) -> None:
    token = planner.get(NEW).context["form_token"]
    form = {"form_token": token, "entry_type": "positive_adjustment", "item": "C1", "quantity": "3"}
    refused = planner.post(NEW, {**form, "quantity": "0"})
    planner.post(NEW, form)

    again = planner.post(NEW, form)

    assert refused.context["form_token"] == token
    assert again.status_code == HTTPStatus.CONFLICT
    assert "This form was sent before, and done." in text_of(again)
    assert ItemLedgerEntry.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x" * 65, "\x00"])
def test_form_without_its_token_is_refused(planner: Client, item: Item, token: str) -> None:
    form = {"form_token": token, "entry_type": "positive_adjustment", "item": "C1", "quantity": "3"}

    assert planner.post(NEW, form).status_code == HTTPStatus.BAD_REQUEST
    assert not ItemLedgerEntry.objects.exists()


def test_clerk_adjusts_nothing(clerk: Client, item: Item) -> None:
    assert clerk.post(NEW, {"item": "C1", "quantity": "3"}).status_code == HTTPStatus.FORBIDDEN
    assert "Adjust stock" not in text_of(clerk.get("/inventory/items/C1/"))


def test_entries_stand_newest_first(planner: Client, item: Item) -> None:
    for quantity in (5, 6, -1):
        post(item, quantity)

    response = planner.get(LEDGER)

    assert [row.quantity for row in response.context["listing"].rows] == [-1, 6, 5]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"item": "C1"}, [5]),
        ({"entry_type": "negative_adjustment"}, [-1]),
        ({"location": "MAIN", "from_date": "2031-03-04"}, []),
        ({"to_date": "2031-03-03", "item": "C2"}, [-1, 2]),
    ],
)
def test_entries_are_filtered(
    planner: Client, item: Item, make_item: Callable[..., Item], query: dict[str, str], found: list[int]
) -> None:
    other = make_item("C2")
    post(item, 5)
    post(other, 2)
    post(other, -1)

    response = planner.get(LEDGER, query, **BY_SCRIPT)

    assert [row.quantity for row in response.context["listing"].rows] == found


def test_ledger_hides_costs(clerk: Client, planner: Client, make_item: Callable[..., Item]) -> None:
    post(make_item("C1", unit_cost=Decimal("77.77")), 1)

    assert "77.77" in text_of(planner.get(LEDGER))
    assert "77.77" not in text_of(clerk.get(LEDGER))


@pytest.mark.parametrize(
    ("lookup", "query", "offered"),
    [
        ("items", {"q": "comp"}, "C1"),
        ("components", {"q": "C", "type": "item"}, "C1"),
        ("item-units", {"q": "", "item": "C1"}, "PCS"),
        ("units", {"q": "hou"}, "HOUR"),
        ("locations", {"q": "ma"}, "MAIN"),
    ],
)
def test_comboboxes_offer(clerk: Client, item: Item, lookup: str, query: dict[str, str], offered: str) -> None:
    response = clerk.get(f"/inventory/lookups/{lookup}/", query, **BY_SCRIPT)

    assert f'data-value="{offered}"' in text_of(response)


@pytest.mark.parametrize("lookup", ["items", "components", "resources", "variants", "item-units", "bins", "units"])
def test_comboboxes_survive_what_no_key_holds(clerk: Client, item: Item, lookup: str) -> None:
    response = clerk.get(f"/inventory/lookups/{lookup}/", {"q": "a\x00", "item": "\x00", "type": "pink"}, **BY_SCRIPT)

    assert response.status_code == HTTPStatus.OK
