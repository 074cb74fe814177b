"""Items on pages: the list, a new one, the card with its forms, deleting one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.models import AssemblyPolicy, BomLine, Item
from tests.inventory.conftest import post
from tests.support_pages import BY_SCRIPT, save

ITEMS = "/inventory/items/"


def card(no: str, tab: str = "") -> str:
    return f"{ITEMS}{no}/{tab}"


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- The list


def test_list_shows_items_with_their_stock(planner: Client, item: Item) -> None:
    post(item, 7)

    page = text_of(planner.get(ITEMS))

    assert '<a href="/inventory/items/C1/">C1</a>' in page
    assert '<td class="num" data-label="In stock">7</td>' in page


def test_script_gets_the_rows_alone(planner: Client, item: Item) -> None:
    rows = text_of(planner.get(ITEMS, {"q": "compo"}, **BY_SCRIPT))

    assert "<html" not in rows
    assert ">C1</a>" in rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "kit"}, ["K"]),
        ({"replenishment_system": "assembly"}, ["K"]),
        ({"blocked": "true"}, ["OLD"]),
        ({"blocked": "false", "type": "inventory"}, ["C1", "K"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_filters_stand_in_the_address(
    planner: Client, kit: Item, make_item: Callable[..., Item], query: dict[str, str], found: list[str]
) -> None:
    make_item("OLD", blocked=True)

    response = planner.get(ITEMS, query)

    assert [row.no for row in response.context["listing"].rows] == found


@pytest.mark.parametrize("query", [{"type": "pink"}, {"sort": "unit_cost"}, {"q": "a\x00b"}, {"cursor": "forged"}])
def test_list_that_there_is_not(planner: Client, query: dict[str, str]) -> None:
    assert planner.get(ITEMS, query).status_code == HTTPStatus.NOT_FOUND


def test_list_is_sorted_by_stock(planner: Client, item: Item, make_item: Callable[..., Item]) -> None:
    post(make_item("MORE"), 9)
    post(item, 1)

    response = planner.get(ITEMS, {"sort": "-on_hand"})

    assert [row.no for row in response.context["listing"].rows] == ["MORE", "C1"]


# --- Costs


@pytest.mark.parametrize(
    "address", [ITEMS, card("C1"), card("C1", "sales/"), card("C1", "stock/"), card("C1", "history/")]
)
def test_costs_are_for_those_who_may_see_them(
    clerk: Client, planner: Client, make_item: Callable[..., Item], address: str
) -> None:
    post(make_item("C1", unit_cost=Decimal("77.77")), 1)
    save(planner, card("C1", "sales/"), **{"unit_cost": "66.66", "was.unit_cost": "77.77"})

    shown_to_planner, shown_to_clerk = text_of(planner.get(address)), text_of(clerk.get(address))

    assert "77.77" in shown_to_planner or "66.66" in shown_to_planner
    assert "77.77" not in shown_to_clerk
    assert "66.66" not in shown_to_clerk


# --- A new item


def test_item_is_created(planner: Client, db: None) -> None:
    response = planner.post(
        f"{ITEMS}new/", {"no": "N1", "description": "New", "unit_price": "9.5", "type": "inventory"}
    )

    assert response["Location"] == card("N1")
    created = Item.objects.get(pk="N1")
    assert (created.description, created.unit_price, created.base_unit_of_measure_id) == ("New", Decimal("9.5"), "PCS")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"no": ""}, "This field is required."),
        ({"no": "C1"}, "Item C1 already exists."),
        ({"no": "N1", "unit_price": "-1"}, "This must not be negative."),
        ({"no": "N1", "unit_price": "1e30"}, "is not a number"),
        ({"no": "N1", "unit_price": "1.123456"}, "is not a number"),
        ({"no": "N1", "unit_price": "NaN"}, "is not a number"),
        ({"no": "N1", "description": "x" * 201}, "At most 200 characters."),
        ({"no": "N1", "description": "a\x00b"}, "Control characters"),
        ({"no": "x" * 21}, "at most 20 characters"),
        ({"no": "N1", "type": "pink"}, "not among the choices"),
        ({"no": "N1", "base_unit_of_measure": "CROWD"}, "Unit of measure CROWD does not exist."),
        ({"no": "N1", "assembly_policy": "assemble_to_order"}, "needs the replenishment system assembly"),
    ],
)
def test_what_was_typed_stays_with_the_refusal(planner: Client, item: Item, typed: dict[str, str], said: str) -> None:
    response = planner.post(f"{ITEMS}new/", {"unit_cost": "12.34", **typed})

    assert response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}
    page = text_of(response)
    assert said in page
    assert 'value="12.34"' in page
    assert list(Item.objects.values_list("no", flat=True)) == ["C1"]


def test_clerk_creates_no_item(clerk: Client, db: None) -> None:
    assert clerk.get(f"{ITEMS}new/").status_code == HTTPStatus.FORBIDDEN
    assert clerk.post(f"{ITEMS}new/", {"no": "N1"}).status_code == HTTPStatus.FORBIDDEN
    assert not Item.objects.exists()


# --- The card


def test_field_is_saved_by_itself(planner: Client, item: Item) -> None:
    response = save(planner, card("C1"), **{"description": "Better", "was.description": "Component"})

    assert response.status_code == HTTPStatus.OK
    assert 'data-unit="item-form"' in text_of(response)
    assert 'id="item-status" hx-swap-oob="true"' in text_of(response)
    item.refresh_from_db()
    assert item.description == "Better"


def test_policy_is_refused_at_its_field(planner: Client, item: Item) -> None:
    response = save(
        planner,
        card("C1", "replenishment/"),
        **{"assembly_policy": "assemble_to_order", "was.assembly_policy": "assemble_to_stock"},
    )

    assert response.status_code == HTTPStatus.BAD_REQUEST
    page = text_of(response)
    assert 'id="item-assembly_policy-error"' in page
    assert 'value="assemble_to_order" selected' in page
    item.refresh_from_db()
    assert item.assembly_policy == AssemblyPolicy.ASSEMBLE_TO_STOCK


def test_same_field_changed_by_two_shows_both(planner: Client, item: Item) -> None:
    save(planner, card("C1"), **{"description": "Theirs", "was.description": "Component"})

    response = save(planner, card("C1"), **{"description": "Mine", "was.description": "Component"})

    assert response.status_code == HTTPStatus.PRECONDITION_FAILED
    assert "Theirs" in text_of(response)
    item.refresh_from_db()
    assert item.description == "Theirs"


def test_blank_number_is_zero(planner: Client, make_item: Callable[..., Item]) -> None:
    item = make_item("C2", unit_price=Decimal(5))

    save(planner, card("C2", "sales/"), **{"unit_price": "", "was.unit_price": "5.00"})

    item.refresh_from_db()
    assert item.unit_price == 0


def test_days_have_a_bound(planner: Client, item: Item) -> None:
    response = save(planner, card("C1", "replenishment/"), **{"lead_time_days": "99999", "was.lead_time_days": "0"})

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "At most 36500." in text_of(response)


def test_form_works_without_a_script(planner: Client, item: Item) -> None:
    item.refresh_from_db()
    response = planner.post(card("C1"), {"description": "Plain", "rev": str(item.rev)})
    assert response["Location"] == card("C1")

    refused = planner.post(card("C1"), {"rounding_precision": "", "rev": "99"})
    assert refused.status_code == HTTPStatus.PRECONDITION_FAILED
    assert "<html" in text_of(refused)


def test_clerk_reads_the_card_and_changes_nothing(clerk: Client, item: Item) -> None:
    page = text_of(clerk.get(card("C1")))
    refused = save(clerk, card("C1"), description="Mine")

    assert "Component" in page
    assert '<input type="text"' not in page
    assert refused.status_code == HTTPStatus.FORBIDDEN
    item.refresh_from_db()
    assert item.description == "Component"


def test_cost_is_not_smuggled_in(clerk: Client, planner: Client, item: Item) -> None:
    refused = save(clerk, card("C1", "sales/"), unit_cost="1")

    assert refused.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("no", ["A/B", "..", "new", "100%", "Ä Ö#?"])
def test_any_key_has_an_address(planner: Client, make_item: Callable[..., Item], no: str) -> None:
    make_item(no)

    address = reverse("item", args=[no])

    assert planner.get(address).context["item"].no == no
    assert planner.get(reverse("item-stock", args=[no])).status_code == HTTPStatus.OK
    assert address in text_of(planner.get(ITEMS)).replace("&#x27;", "'")


def test_item_that_there_is_not(planner: Client, db: None) -> None:
    assert planner.get(card("NONE")).status_code == HTTPStatus.NOT_FOUND
    assert save(planner, card("NONE"), description="x").status_code == HTTPStatus.NOT_FOUND


# --- Deleting


def test_item_is_deleted_with_what_belongs_to_it(planner: Client, kit: Item) -> None:
    response = planner.post(card("K", "delete/"))

    assert response["Location"] == ITEMS
    assert not Item.objects.filter(pk="K").exists()
    assert not BomLine.objects.exists()


def test_item_in_use_stays_and_says_where(planner: Client, kit: Item) -> None:
    response = planner.post(card("C1", "delete/"))

    assert response.status_code == HTTPStatus.CONFLICT
    assert "bom lines" in text_of(response).lower()
    assert Item.objects.filter(pk="C1").exists()


# --- What is only read


def test_where_used_names_boms_and_documents(planner: Client, kit: Item) -> None:
    planner.post("/inventory/purchase-orders/new/", {"no": "P1"})
    planner.post("/inventory/purchase-orders/P1/lines/", {"item": "C1", "quantity": "3"})

    page = text_of(planner.get(card("C1", "where-used/")))

    assert '<a href="/inventory/items/K/bom/">K</a>' in page
    assert '<a href="/inventory/purchase-orders/P1/">P1</a>' in page


def test_stock_tab_shows_places_and_entries(planner: Client, item: Item) -> None:
    post(item, 7)
    post(item, -2)

    response = planner.get(card("C1", "stock/"))

    (balance,) = response.context["balances"]
    assert (balance.location_id, balance.quantity) == ("MAIN", 5)
    assert [entry.quantity for entry in response.context["entries"]] == [-2, 7]


def test_history_names_what_was_changed(planner: Client, kit: Item) -> None:
    save(planner, card("K"), **{"description": "Set", "was.description": "Kit"})

    page = text_of(planner.get(card("K", "history/")))

    assert "Item changed" in page
    assert "<ins>Set</ins>" in page
    assert "Line 10000 created" in page
