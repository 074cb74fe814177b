"""Purchase orders on pages: list, order, lines, receiving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from inventory.models import Item, ItemLedgerEntry, PurchaseLine, PurchaseOrder, PurchaseStatus, Setup, ValueEntry
from inventory.services.purchasing import create_purchase_order
from inventory.services.receiving import receive_purchase_order
from tests.inventory.conftest import DAY
from tests.support_pages import save

ORDERS = "/inventory/purchase-orders/"


def url(*more: object) -> str:
    return f"{ORDERS}P1/" + "".join(f"{part}/" for part in more)


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def order(item: Item, make_item: Callable[..., Item]) -> PurchaseOrder:
    """P1: 10 of C1 and 5 of C2, expected on the work date."""
    Setup.objects.update(work_date=DAY)
    make_item("C2", unit_cost=Decimal(3))
    lines = [{"item": "C1", "quantity": Decimal(10)}, {"item": "C2", "quantity": Decimal(5)}]
    return create_purchase_order({"no": "P1", "vendor_name": "Circuit", "lines": lines})


def on_stock(no: str) -> list[Decimal]:
    return list(ItemLedgerEntry.objects.filter(item=no).values_list("quantity", flat=True))


# --- List and header


def test_list_shows_the_next_receipt(planner: Client, order: PurchaseOrder) -> None:
    (row,) = planner.get(ORDERS).context["listing"].rows

    assert (row.no, row.next_receipt_date) == ("P1", DAY)


def test_overdue_orders_are_found(planner: Client, order: PurchaseOrder) -> None:
    assert not planner.get(ORDERS, {"overdue": "true"}).context["listing"].rows

    Setup.objects.update(work_date=DAY + dt.timedelta(days=1))

    assert [row.no for row in planner.get(ORDERS, {"overdue": "true"}).context["listing"].rows] == ["P1"]


def test_order_is_created_with_the_next_number(planner: Client, db: None) -> None:
    response = planner.post(f"{ORDERS}new/", {"vendor_name": "Circuit"})

    created = PurchaseOrder.objects.get()
    assert response["Location"] == f"{ORDERS}{created.no}/"
    assert created.no.startswith("PO-")


def test_header_is_saved_and_needs_its_date(planner: Client, order: PurchaseOrder) -> None:
    saved = save(planner, url(), **{"vendor_name": "Spares", "was.vendor_name": "Circuit"})
    refused = save(planner, url(), **{"order_date": "", "was.order_date": "2031-03-03"})

    assert (saved.status_code, refused.status_code) == (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
    order.refresh_from_db()
    assert (order.vendor_name, order.order_date) == ("Spares", DAY)


def test_order_is_deleted(planner: Client, order: PurchaseOrder) -> None:
    assert planner.post(url("delete"))["Location"] == ORDERS
    assert not PurchaseOrder.objects.exists()


@pytest.mark.parametrize("path", [ORDERS, url(), url("receive")])
def test_clerk_sees_no_purchases(clerk: Client, order: PurchaseOrder, path: str) -> None:
    assert clerk.get(path).status_code == HTTPStatus.FORBIDDEN


def test_auditor_reads_and_changes_nothing(auditor: Client, order: PurchaseOrder) -> None:
    page = text_of(auditor.get(url()))

    assert "data-unit" not in page
    assert url("receive") not in page
    assert save(auditor, url("lines", 10000), quantity="1").status_code == HTTPStatus.FORBIDDEN


# --- Lines


def test_line_is_added_with_its_defaults(planner: Client, order: PurchaseOrder) -> None:
    response = save(planner, url("lines"), item="C1", quantity="4")

    assert response.status_code == HTTPStatus.OK
    page = text_of(response)
    assert 'id="line-30000"' in page
    assert "3 lines, cost 43.00" in page
    line = PurchaseLine.objects.get(line_no=30000)
    assert (line.location_id, line.unit_cost, line.expected_receipt_date) == ("MAIN", 2, DAY)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"unit_cost": "-1"}, "unit_cost"),
        ({"unit_cost": ""}, "unit_cost"),
        ({"location": "NOWHERE"}, "location"),
        ({"unit_of_measure": "CROWD"}, "unit_of_measure"),
        ({"item": "NONE"}, "item"),
        ({"expected_receipt_date": "soon"}, "expected_receipt_date"),
    ],
)
def test_line_is_refused_at_its_field(planner: Client, order: PurchaseOrder, typed: dict[str, str], field: str) -> None:
    before = list(PurchaseLine.objects.values())

    response = save(planner, url("lines", 10000), **typed)

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert f'id="line-10000-{field}-error"' in text_of(response)
    assert list(PurchaseLine.objects.values()) == before


def test_line_is_deleted(planner: Client, order: PurchaseOrder) -> None:
    response = save(planner, url("lines", 20000, "delete"))

    assert "1 line, cost 20.00" in text_of(response)
    assert PurchaseLine.objects.count() == 1


def test_lines_without_a_script(planner: Client, order: PurchaseOrder) -> None:
    added = planner.post(url("lines"), {"item": "C1", "quantity": "4"})
    refused = planner.post(url("lines"), {"item": "NONE", "quantity": "4"})

    assert added["Location"] == url()
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert 'value="NONE"' in text_of(refused)


# --- Receiving


def receipt(planner: Client, order: PurchaseOrder, **typed: str) -> Any:
    order.refresh_from_db()
    return planner.post(url("receive"), {"order_rev": str(order.rev), **typed})


def test_outstanding_quantities_are_proposed(planner: Client, order: PurchaseOrder) -> None:
    page = text_of(planner.get(url("receive")))

    assert 'name="quantity_10000" form="receipt-form"' in page
    assert 'value="10"' in page


def test_what_has_arrived_is_posted(planner: Client, order: PurchaseOrder) -> None:
    response = receipt(planner, order, quantity_10000="4", quantity_20000="")

    assert response["Location"] == url()
    assert (on_stock("C1"), on_stock("C2")) == ([4], [])
    assert "Receipt PR-" in text_of(planner.get(url()))


def test_order_closes_when_all_has_arrived(planner: Client, order: PurchaseOrder) -> None:
    receipt(planner, order, quantity_10000="10", quantity_20000="5")

    order.refresh_from_db()
    assert order.status == PurchaseStatus.CLOSED
    page = text_of(planner.get(url()))
    assert 'name="vendor_name"' not in page
    assert "line-new-0" not in page
    assert "Closed" in page


def test_form_sent_twice_is_posted_once(planner: Client, order: PurchaseOrder) -> None:
    order.refresh_from_db()
    form = {"order_rev": str(order.rev), "quantity_10000": "4"}
    planner.post(url("receive"), form)

    again = planner.post(url("receive"), form)

    assert again.status_code == HTTPStatus.PRECONDITION_FAILED
    assert on_stock("C1") == [4]


def test_refusal_stands_at_its_line(planner: Client, order: PurchaseOrder) -> None:
    response = receipt(planner, order, quantity_10000="", quantity_20000="6")

    assert response.status_code == HTTPStatus.CONFLICT
    page = text_of(response)
    assert 'id="receipt-quantity_20000-error"' in page
    assert "6 exceeds the remaining quantity of 5." in page
    assert 'value="6"' in page
    assert not ItemLedgerEntry.objects.exists()


def test_nothing_to_receive(planner: Client, order: PurchaseOrder) -> None:
    response = receipt(planner, order, quantity_10000="", quantity_20000="")

    assert response.status_code == HTTPStatus.CONFLICT
    assert "There is nothing to post in P1." in text_of(response)


# --- When everything has arrived


def test_only_the_unit_cost_of_a_closed_order_changes(planner: Client, order: PurchaseOrder) -> None:
    receive_purchase_order("P1", {})
    page = text_of(planner.get(url()))
    assert "All has arrived. Only the unit cost can still change." in page
    assert url("lines", 10000, "delete") not in page

    assert save(planner, url("lines", 10000), unit_cost="7.5").status_code == HTTPStatus.OK
    assert PurchaseLine.objects.get(line_no=10000).unit_cost == Decimal("7.5")
    [cost] = ValueEntry.objects.filter(item="C1", adjustment=True).values_list("cost_amount", flat=True)
    first = ValueEntry.objects.filter(item="C1", adjustment=False).get()
    assert first.cost_amount + cost == 75

    assert save(planner, url("lines", 10000), quantity="11").status_code == HTTPStatus.CONFLICT
    assert PurchaseLine.objects.get(line_no=10000).quantity == 10
