"""What is reserved for a line, as a page: reserve what there is, cancel what stands, leave the link's own alone."""

from __future__ import annotations

import pytest
from django.test import Client

from inventory.models import Item, Reservation
from tests.support import assembly_of, day, sell, sell_kit
from tests.support_pages import statements_of
from tests.support_stock import expect, movement_of, put_in_stock, reserve_movement


def url_of(no: str, line_no: int = 10000, kind: str = "sales_order_line") -> str:
    return f"/inventory/reservations/{kind}/{no}/{line_no}/"


@pytest.fixture
def parts(kit: Item) -> Item:
    """A, of which 3 lie in stock."""
    found = Item.objects.get(no="A")
    put_in_stock(found, 3)
    return found


def test_what_there_is_is_reserved(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5})

    response = clerk.post(url_of(order.no), follow=True)

    page = response.content.decode()
    assert Reservation.objects.get().quantity == 3
    assert "In stock" in page
    assert f"Reserved for {order.no}, line 10000." in page
    assert f'href="{url_of(order.no)}"' in clerk.get(f"/sales/orders/{order.no}/").content.decode()


def test_a_quantity_is_reserved_in_full_or_refused(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5})

    refused = clerk.post(url_of(order.no), {"quantity": "4"})
    assert refused.status_code == 409
    assert 'value="4"' in refused.content.decode()
    assert not Reservation.objects.exists()

    assert clerk.post(url_of(order.no), {"quantity": "2"}).status_code == 302
    assert Reservation.objects.get().quantity == 2


def test_what_it_is_taken_from_can_be_chosen(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5}, shipment_date=day(10))
    early, late = expect(parts, 4, 1), expect(parts, 9, 20)

    page = clerk.get(url_of(order.no)).content.decode()
    assert "In stock, ledger entry" in page
    assert f"{early.no}, line 10000, on" in page
    assert late.no not in page

    chosen = f"purchase_order_line 10000 {early.no}"
    assert clerk.post(url_of(order.no), {"supply": chosen, "quantity": "2"}).status_code == 302
    assert [(row.quantity, row.supply_entry) for row in Reservation.objects.all()] == [(2, None)]

    assert clerk.post(url_of(order.no), {"supply": chosen}).status_code == 302
    assert Reservation.objects.get().quantity == 4


@pytest.mark.parametrize(
    "supply",
    ["purchase_order_line 10000 NONE", "item_ledger_entry 999999", "sales_order_line 10000 SO-000001", "x", "x y z"],
)
def test_what_cannot_be_taken_from_is_refused(clerk: Client, parts: Item, supply: str) -> None:
    order = sell({"no": "A", "quantity": 5})

    refused = clerk.post(url_of(order.no), {"supply": supply, "quantity": "1"})

    assert refused.status_code == 400
    assert 'value="1"' in refused.content.decode()
    assert not Reservation.objects.exists()


def test_all_reservations_stand_in_a_list(clerk: Client, planner: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5})
    reserve_movement(movement_of(order.no))
    line = sell_kit(Item.objects.get(no="K"), 2)

    page = clerk.get("/inventory/reservations/").content.decode()
    assert order.no in page
    assert f'href="{url_of(order.no)}"' in page
    assert "Assembled for it" in page

    of_assembly = f"/inventory/reservations/?document={assembly_of(line).no}"
    assert f'href="{of_assembly}"' in planner.get(f"/assembly/orders/{assembly_of(line).no}/").content.decode()
    assert order.no not in planner.get(of_assembly).content.decode()
    assert line.document.no in planner.get(of_assembly).content.decode()
    assert line.document.no not in clerk.get("/inventory/reservations/?item=A").content.decode()


def test_the_list_takes_as_many_statements_for_many(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 50})
    reserve_movement(movement_of(order.no))
    few = statements_of(lambda: clerk.get("/inventory/reservations/"))
    for _ in range(5):
        expect(parts, 4, 1)
    reserve_movement(movement_of(order.no))

    assert statements_of(lambda: clerk.get("/inventory/reservations/")) == few == 3


def test_a_reservation_is_cancelled(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5})
    reserve_movement(movement_of(order.no))
    entry = Reservation.objects.get()
    cancel = f"{url_of(order.no)}{entry.pk}/cancel/"
    assert f'action="{cancel}"' in clerk.get(url_of(order.no)).content.decode()

    assert clerk.post(cancel).status_code == 302
    assert not Reservation.objects.exists()
    assert clerk.post(cancel).status_code == 404


def test_that_of_the_link_is_not_cancelled(clerk: Client, parts: Item) -> None:
    line = sell_kit(Item.objects.get(no="K"), 2)
    entry = Reservation.objects.get()
    url = url_of(line.document.no, line.line_no)

    assert "Assembled for this line" in clerk.get(url).content.decode()
    assert clerk.post(f"{url}{entry.pk}/cancel/").status_code == 409
    assert Reservation.objects.exists()


def test_components_are_reserved_too(clerk: Client, planner: Client, parts: Item) -> None:
    assembly = assembly_of(sell_kit(Item.objects.get(no="K"), 2))
    url = url_of(assembly.no, kind="assembly_order_line")

    assert clerk.post(url).status_code == 302
    assert movement_of(assembly.no).reserved_quantity == 3
    assert f'href="{url}"' in planner.get(f"/assembly/orders/{assembly.no}/").content.decode()


def test_an_auditor_sees_and_reserves_nothing(auditor: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 5})
    page = auditor.get(url_of(order.no)).content.decode()
    assert "Nothing is reserved for it." in page
    assert ">Reserve</button>" not in page
    assert auditor.post(url_of(order.no)).status_code == 403


@pytest.mark.parametrize("kind", ["sales_order_line", "purchase_order_line", "none"])
def test_what_is_no_demand_has_no_page(clerk: Client, parts: Item, kind: str) -> None:
    assert clerk.get(url_of("NONE", kind=kind)).status_code == 404


def test_many_reservations_take_as_many_statements_as_one(clerk: Client, parts: Item) -> None:
    order = sell({"no": "A", "quantity": 50})
    reserve_movement(movement_of(order.no))
    assert statements_of(lambda: clerk.get(url_of(order.no))) == 7
    for _ in range(5):
        expect(parts, 4, 1)
    reserve_movement(movement_of(order.no))
    assert statements_of(lambda: clerk.get(url_of(order.no))) == 7
