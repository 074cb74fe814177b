"""Customers on pages: the list, a new one, the card, deleting one."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from inventory.models import Item
from sales.models import Customer
from tests.factories import make_customer
from tests.support import sell
from tests.support_pages import BY_SCRIPT, save, statements_of

CUSTOMERS = "/sales/customers/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def acme(db: None) -> Customer:
    """C1, Acme."""
    return make_customer("C1", name="Acme")


def test_customer_is_created(clerk: Client, db: None) -> None:
    response = clerk.post(
        f"{CUSTOMERS}new/", {"no": "C1", "name": "Acme", "address": "1 Quay\nPort", "shipping_advice": "complete"}
    )

    assert response["Location"] == f"{CUSTOMERS}C1/"
    customer = Customer.objects.get()
    assert (customer.name, customer.address, customer.shipping_advice) == ("Acme", "1 Quay\nPort", "complete")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"no": ""}, "This field is required."),
        ({"no": "C1"}, "Customer C1 already exists."),
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"location": "NOWHERE"}, "Location NOWHERE does not exist."),
        ({"name": "x" * 101}, "At most 100 characters."),
        ({"shipping_advice": "by owl"}, "not among the choices"),
    ],
)
def test_what_was_typed_stays_with_the_refusal(clerk: Client, acme: Customer, typed: dict[str, str], said: str) -> None:
    response = clerk.post(f"{CUSTOMERS}new/", {"no": "C2", "address": "Somewhere", **typed})

    assert response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}
    assert said in text_of(response)
    assert "Somewhere</textarea>" in text_of(response)
    assert Customer.objects.count() == 1


def test_field_is_saved_by_itself(clerk: Client, acme: Customer) -> None:
    response = save(clerk, f"{CUSTOMERS}C1/", **{"email": "it@acme.example", "was.email": ""})

    assert response.status_code == HTTPStatus.OK
    acme.refresh_from_db()
    assert (acme.email, acme.name) == ("it@acme.example", "Acme")


def test_field_is_refused_in_its_place(clerk: Client, acme: Customer) -> None:
    response = save(clerk, f"{CUSTOMERS}C1/", email="nobody")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert 'id="card-email-error"' in text_of(response)
    assert 'value="nobody"' in text_of(response)


def test_card_shows_the_customers_documents(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 2})

    page = text_of(clerk.get(f"{CUSTOMERS}{order.customer_id}/"))

    assert order.no in page


def test_customer_with_documents_stays(clerk: Client, kit: Item) -> None:
    order = sell({"no": "K", "quantity": 2})

    response = clerk.post(f"{CUSTOMERS}{order.customer_id}/delete/")

    assert response.status_code == HTTPStatus.CONFLICT
    assert "cannot be deleted" in text_of(response)
    assert Customer.objects.filter(pk=order.customer_id).exists()


def test_customer_is_deleted(clerk: Client, acme: Customer) -> None:
    assert clerk.post(f"{CUSTOMERS}C1/delete/")["Location"] == CUSTOMERS
    assert not Customer.objects.exists()


def test_planner_reads_customers_and_changes_none(planner: Client, acme: Customer) -> None:
    assert "data-unit" not in text_of(planner.get(f"{CUSTOMERS}C1/"))
    assert save(planner, f"{CUSTOMERS}C1/", name="Mine").status_code == HTTPStatus.FORBIDDEN
    assert planner.get(f"{CUSTOMERS}new/").status_code == HTTPStatus.FORBIDDEN


def test_worker_sees_no_customers(worker: Client, acme: Customer) -> None:
    assert worker.get(CUSTOMERS).status_code == HTTPStatus.FORBIDDEN


def test_customers_are_found(clerk: Client, acme: Customer) -> None:
    make_customer("C2", name="Other", blocked=True)

    def found(**query: str) -> list[str]:
        return [row.no for row in clerk.get(CUSTOMERS, query, **BY_SCRIPT).context["listing"].rows]

    assert found() == ["C1", "C2"]
    assert found(q="acm") == ["C1"]
    assert found(blocked="true") == ["C2"]
    assert found(sort="-name") == ["C2", "C1"]


def test_pages_take_the_same_statements_for_many_rows(clerk: Client, kit: Item) -> None:
    customer = sell({"no": "K", "quantity": 1}).customer_id
    pinned = {CUSTOMERS: 3, f"{CUSTOMERS}{customer}/": 5, f"{CUSTOMERS}new/": 2}
    few = {address: statements_of(partial(clerk.get, address)) for address in pinned}

    for number in range(12):
        make_customer(f"MANY{number}")
        sell({"no": "K", "quantity": 1}, customer=customer)
    many = {address: statements_of(partial(clerk.get, address)) for address in pinned}

    assert few == pinned
    assert many == pinned
