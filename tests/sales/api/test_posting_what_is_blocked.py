"""What is blocked after it was entered is not posted any more, and can still be undone (DM-10)."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item, ItemVariant, Resource
from sales.models import Customer, SalesDocument
from tests.factories import make_item, make_kit, make_resource
from tests.posting import ship, stock
from tests.rest import Api, counted, errors_of
from tests.support import sell, state

SHIP = {"ship": True, "invoice": False}


@pytest.fixture
def order(kit: Item) -> SalesDocument:
    """Three lines: a kit made of a part, in red, and of work; an item in blue from stock; hours."""
    work = make_resource("WORK")
    part = make_item("PART", variants=["RED"])
    make_kit(
        "MADE", bom=[{"item": part, "quantity_per": 2, "variant_code": "RED"}, {"resource": work, "quantity_per": 1}]
    )
    make_item("GOODS", variants=["BLUE"])
    make_resource("HOURS")
    stock("PART", 20, variant="RED")
    stock("GOODS", 20, variant="BLUE")
    return sell(
        {"no": "MADE", "quantity": 2},
        {"no": "GOODS", "variant": "BLUE", "quantity": 2},
        {"type": "resource", "no": "HOURS", "quantity": 2},
    )


def block(what: str) -> None:
    """Block a master record: `ITEM`, `ITEM VARIANT`."""
    item, _, variant = what.partition(" ")
    if variant:
        ItemVariant.objects.filter(item=item, code=variant).update(blocked=True)
        return
    for model in (Item, Resource, Customer):
        model._default_manager.filter(pk=what).update(blocked=True)


def post(api: Api, order: SalesDocument, **body: Any) -> Any:
    return api.post(f"sales-orders/{order.no}/post/", {**SHIP, **body})


@pytest.mark.parametrize(
    ("blocked", "field"),
    [
        ("CUST", "customer"),
        ("MADE", "lines[10000].no"),
        ("GOODS", "lines[20000].no"),
        ("GOODS BLUE", "lines[20000].variant"),
        ("HOURS", "lines[30000].no"),
        ("PART", "lines[10000].components[10000].no"),
        ("PART RED", "lines[10000].components[10000].variant"),
        ("WORK", "lines[10000].components[20000].no"),
    ],
)
def test_what_is_blocked_is_not_posted(api: Api, order: SalesDocument, blocked: str, field: str) -> None:
    block(blocked)
    api.get(f"sales-orders/{order.no}/")  # from now on the token has been used today
    before = state()

    refused = post(api, order)

    assert (refused.status_code, errors_of(refused)) == (409, [(field, "blocked")])
    assert blocked.split()[-1] in refused.body["errors"][0]["detail"]
    assert state() == before


def test_all_that_is_blocked_is_told_at_once(api: Api, order: SalesDocument) -> None:
    for what in ("CUST", "GOODS", "HOURS"):
        block(what)

    refused = post(api, order)

    fields = ["customer", "lines[20000].no", "lines[30000].no"]
    assert errors_of(refused) == [(field, "blocked") for field in fields]


def test_lines_and_components_that_are_not_posted_do_not_matter(api: Api, order: SalesDocument) -> None:
    for what in ("PART", "MADE", "GOODS"):
        block(what)
    for line_no in (10000, 20000):
        api.patch(f"sales-orders/{order.no}/lines/{line_no}/", {"qty_to_ship": 0})

    assert post(api, order).status_code == 200


def test_what_was_shipped_before_is_not_invoiced_while_it_is_blocked(api: Api, order: SalesDocument) -> None:
    ship(order)
    block("GOODS")

    refused = post(api, order, ship=False, invoice=True)

    assert errors_of(refused) == [("lines[20000].no", "blocked")]


def test_blocked_for_sales_bars_new_lines_only(api: Api, order: SalesDocument) -> None:
    Item.objects.filter(no__in=["MADE", "GOODS"]).update(sales_blocked=True)

    assert errors_of(api.post(f"sales-orders/{order.no}/lines/", {"no": "GOODS", "quantity": 1})) == [("no", "blocked")]
    assert post(api, order).status_code == 200


def test_preview_says_what_is_blocked(api: Api, order: SalesDocument) -> None:
    block("PART")

    refused = api.post(f"sales-orders/{order.no}/post/?preview=true", SHIP)

    assert errors_of(refused) == [("lines[10000].components[10000].no", "blocked")]
    assert refused.body["errors"][0]["detail"] == "Component PART is blocked."


def test_what_is_blocked_can_be_undone(api: Api, order: SalesDocument) -> None:
    ship(order)
    for what in ("CUST", "MADE", "GOODS", "GOODS BLUE", "PART", "WORK"):
        block(what)

    assert api.post("sales-shipments/SS-000001/undo/").status_code == 200


def test_looking_costs_a_statement_only_where_there_are_variants(api: Api, kit: Item) -> None:
    make_item("PLAIN")
    stock("PLAIN", 5)
    order = sell({"no": "PLAIN", "quantity": 1})

    with counted() as statements:
        assert post(api, order).status_code == 200

    assert not [statement for statement in statements if "inventory_itemvariant" in statement]
