"""The pages of sales orders: list, order, header, and what is done to a whole order."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from sales.services import release
from tests.factories import make_customer, make_item
from tests.sales.pages.orders import ORDERS, fresh, line_url, url_of
from tests.support import add_component, assembly_of, change, day, line_of, sell, sell_kit
from tests.support_pages import BY_SCRIPT, save, statements_of

# --- The list


def test_list_shows_what_is_at_work(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 2}, {"no": "A", "quantity": 1}, external_document_no="PO-77")

    page = clerk.get(ORDERS).content.decode()

    assert order.no in page
    assert "PO-77" in page
    assert "200.00" in page
    assert "1 of 2 lines" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=PO-7", ["PO-77"]),
        ("q=acme", ["PO-88"]),
        ("q=%00", None),
        ("assembly=yes", ["PO-77"]),
        ("assembly=no", ["PO-88"]),
        ("status=released", ["PO-88"]),
        ("status=closed", []),
        ("ships_from=2031-03-20", ["PO-88"]),
        ("ships_to=2031-03-20", ["PO-77"]),
        ("status=none", None),
    ],
)
def test_list_is_narrowed_by_the_address(clerk: Client, kit: Item, query: str, found: list[str] | None) -> None:
    make_customer("C2", name="Acme")
    sell({"no": "K", "quantity": 2}, external_document_no="PO-77")
    other = sell({"no": "A", "quantity": 2}, customer="C2", external_document_no="PO-88", shipment_date=day(29))
    release.release(document_type=SalesDocumentType.ORDER, no=other.no)

    response = clerk.get(f"{ORDERS}?{query}", **BY_SCRIPT)

    if found is None:
        assert response.status_code == 404
    else:
        page = response.content.decode()
        assert [number for number in ("PO-77", "PO-88") if number in page] == found


def test_list_takes_one_statement_however_long(clerk: Client, kit: Item) -> None:
    sell({"no": "K", "quantity": 2})
    few = statements_of(lambda: clerk.get(ORDERS))
    for _ in range(5):
        sell({"no": "K", "quantity": 2}, {"no": "A", "quantity": 2})

    # Session, person, list.
    assert statements_of(lambda: clerk.get(ORDERS)) == few == 3


@pytest.mark.parametrize("sort", ["no", "-no", "customer", "-customer", "shipment_date", "-shipment_date", "status"])
def test_list_is_sorted(clerk: Client, kit: Item, sort: str) -> None:
    sell()
    assert clerk.get(f"{ORDERS}?sort={sort}").status_code == 200


# --- The order


def test_order_shows_lines_and_the_way_to_their_assembly(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7})
    assembly = assembly_of(line_of(order))

    page = clerk.get(url_of(order)).content.decode()

    assert f'href="/assembly/orders/{assembly.no}/"' in page
    assert f'data-panel-url="/assembly/orders/{assembly.no}/panel/"' in page
    assert "stock 3" in page
    assert "1,000.00" in page


def test_order_takes_the_same_statements_however_many_lines(clerk: Client, kit: Item) -> None:
    one = sell({"no": "K", "quantity": 1})
    many = sell(*[{"no": "K", "quantity": 1}] * 20)

    # Session, person, document, lines, history, what was posted.
    assert statements_of(lambda: clerk.get(url_of(one))) == 6
    assert statements_of(lambda: clerk.get(url_of(many))) == 6


def test_unknown_order_is_not_found(clerk: Client, house: Any) -> None:
    assert clerk.get(f"{ORDERS}NONE/").status_code == 404
    assert clerk.get(f"{ORDERS}%00/").status_code == 404


def test_number_with_a_slash_has_an_address(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1}, no="2031/1")

    assert '<a href="/sales/orders/2031%252F1/">' in clerk.get(ORDERS).content.decode()
    response = clerk.get("/sales/orders/2031%252F1/")
    assert response.status_code == 200
    assert order.no in response.content.decode()


def test_auditor_only_reads(auditor: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})

    page = auditor.get(url_of(order)).content.decode()

    assert "data-unit" not in page
    assert not re.search('<input(?! type="hidden")', page.partition("<main")[2].partition("keys-sheet")[0])
    assert "Preview posting" in page
    assert save(auditor, line_url(order), quantity="2").status_code == 403
    assert line_of(order).quantity == 1


def test_history_tells_who_changed_what(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})
    save(clerk, line_url(order), quantity="3")

    page = clerk.get(url_of(order)).content.decode()

    assert "clara" in page.partition('id="history"')[2]
    assert "<del>1</del> <ins>3</ins>" in page


def test_costs_are_kept_from_the_clerk(clerk: Client, planner: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})
    change(line_of(order), unit_cost="777")

    assert "777" not in clerk.get(url_of(order)).content.decode()
    assert "777" in planner.get(url_of(order)).content.decode()


# --- A new order


def test_new_order_needs_the_customer_alone(clerk: Client, house: Any) -> None:
    assert clerk.get(f"{ORDERS}new/").status_code == 200

    response = clerk.post(f"{ORDERS}new/", {"customer": "CUST", "external_document_no": "PO-1"})

    order = SalesDocument.objects.get()
    assert response["Location"] == f"{ORDERS}{order.no}/#line-new-0-no"
    assert (order.customer_id, order.external_document_no) == ("CUST", "PO-1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [({}, "This field is required."), ({"customer": "NOBODY", "note": "kept"}, "Customer NOBODY does not exist.")],
)
def test_refused_new_order_keeps_what_was_typed(clerk: Client, house: Any, typed: dict[str, str], said: str) -> None:
    response = clerk.post(f"{ORDERS}new/", typed)

    assert response.status_code == 400
    page = response.content.decode()
    assert said in page
    assert all(text in page for text in typed.values())
    assert not SalesDocument.objects.exists()


# --- The header


def test_header_field_is_saved_by_itself(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})

    response = save(clerk, url_of(order, "header"), note="Ring twice", **{"was.note": ""})

    assert response.status_code == 200
    assert fresh(order).note == "Ring twice"
    assert "line-10000" not in response.content.decode()


def test_new_shipment_date_brings_the_lines_along(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})

    response = save(clerk, url_of(order, "header"), shipment_date="2031-05-05")

    assert 'id="line-10000"' in response.content.decode()
    assert 'value="2031-05-05"' in response.content.decode().partition('id="line-10000"')[2]


def test_header_conflict_shows_both(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1}, note="theirs")

    response = save(clerk, url_of(order, "header"), note="mine", **{"was.note": ""})

    assert response.status_code == 412
    page = response.content.decode()
    assert "theirs" in page
    assert "mine" in page
    assert fresh(order).note == "theirs"


# --- The whole order


def test_order_is_released_reopened_and_deleted(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 1})

    assert clerk.post(url_of(order, "release"))["Location"] == url_of(order)
    assert fresh(order).status == SalesStatus.RELEASED
    page = clerk.get(url_of(order)).content.decode()
    assert "data-new-line" not in page
    assert "Released. Reopen it to change this." in page

    clerk.post(url_of(order, "reopen"))
    assert fresh(order).status == SalesStatus.OPEN
    assert clerk.post(url_of(order, "delete"))["Location"] == ORDERS
    assert not SalesDocument.objects.exists()


def test_empty_order_is_not_released(clerk: Client, house: Any) -> None:
    order = sell()

    response = clerk.post(url_of(order, "release"))

    assert response.status_code == 409
    assert "There is nothing to release" in response.content.decode()


def test_released_line_keeps_what_may_change(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 10})
    release.release(document_type=SalesDocumentType.ORDER, no=order.no)

    assert save(clerk, line_url(order), qty_to_ship="4").status_code == 200
    refused = save(clerk, line_url(order), quantity="4")
    assert refused.status_code == 409
    assert "is released. Reopen it" in refused.content.decode()


# --- Lookups


def options_of(client: Client, query: str) -> str:
    return client.get(f"/sales/lookups/{query}").content.decode()


def test_lookups_offer_what_fits(clerk: Client, kit: Item) -> None:
    make_item("A2", sales_blocked=True)
    sell_kit(kit)

    assert "assembled to order, PCS" in options_of(clerk, "numbers/?q=kit")
    assert "A2" not in options_of(clerk, "numbers/?q=A")
    assert "Resource R" in options_of(clerk, "numbers/?q=r&type=resource")
    assert "option" not in options_of(clerk, "numbers/?q=r&type=comment")
    assert "RED" in options_of(clerk, "variants/?no=K&q=")
    assert "BOX" in options_of(clerk, "units/?no=K")
    assert "BOX" not in options_of(clerk, "units/?no=%00")
    assert "MAIN" in options_of(clerk, "locations/?q=ma")
    assert "CUST" in options_of(clerk, "customers/?q=cus")


def test_customised_kit_survives_a_line_saved_on_the_page(clerk: Client, kit: Item) -> None:
    line = sell_kit(kit, 10)
    add_component(assembly_of(line), type="text", description="Blue ribbon")

    save(clerk, line_url(line.document), quantity="12")

    assert [part.description for part in assembly_of(line).lines.filter(type="text")] == ["Blue ribbon"]
