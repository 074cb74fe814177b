"""`/customers/`."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.rights import Role
from inventory.models import Item
from sales.models import Customer
from tests.rest import Api, errors_of, person


def test_a_customer_is_entered_read_changed_and_deleted(api: Api) -> None:
    made = api.post("customers/", {"no": "C-100", "name": "Cannon", "address": "1 High St\nLeeds", "location": "MAIN"})

    assert made.status_code == 201
    assert made["Location"] == "/api/v1/customers/C-100/"
    assert made.body == {
        "no": "C-100",
        "name": "Cannon",
        "address": "1 High St\nLeeds",
        "email": "",
        "location": "MAIN",
        "shipping_advice": "partial",
        "blocked": False,
    }

    changed = api.patch("customers/C-100/", {"email": "a@b.example", "location": None}, If_Match=made["ETag"])

    assert (changed.body["email"], changed.body["location"]) == ("a@b.example", None)
    assert api.delete("customers/C-100/", If_Match=made["ETag"]).status_code == 412
    assert api.delete("customers/C-100/").status_code == 204
    assert api.get("customers/C-100/").status_code == 404


def test_a_customer_with_documents_is_not_deleted(api: Api, kit: Item) -> None:
    assert api.post("sales-quotes/", {"customer": "CUST"}).status_code == 201

    refused = api.delete("customers/CUST/")

    assert (refused.status_code, refused.body["code"]) == (409, "in_use")
    assert refused.body["used_by"] == "sales documents"
    assert Customer.objects.filter(no="CUST").exists()


def test_its_documents_take_location_and_shipping_advice_from_the_customer(api: Api, kit: Item) -> None:
    api.post("customers/", {"no": "WHOLE", "location": "BLUE", "shipping_advice": "complete"})

    order = api.post("sales-orders/", {"customer": "WHOLE"}).body

    assert (order["location"], order["shipping_advice"]) == ("BLUE", "complete")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("no", "required")),
        ({"no": ""}, ("no", "required")),
        ({"no": "X" * 21}, ("no", "invalid")),
        ({"no": " X"}, ("no", "invalid")),
        ({"no": "A\u202eB"}, ("no", "invalid")),
        ({"no": "CUST"}, ("no", "already_exists")),
        ({"no": "X", "email": "not one"}, ("email", "invalid")),
        ({"no": "X", "location": "NOWHERE"}, ("location", "not_found")),
        ({"no": "X", "shipping_advice": "later"}, ("shipping_advice", "invalid")),
        ({"no": "X", "blocked": "false"}, ("blocked", "invalid")),
        ({"no": "X", "name": 7}, ("name", "invalid")),
        ({"no": "X", "address": "x" * 501}, ("address", "invalid")),
        ({"no": "X", "phone": "1"}, ("phone", "unknown_field")),
    ],
)
def test_a_faulty_customer_is_refused_at_the_field(
    api: Api, kit: Item, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    refused = api.post("customers/", body)

    assert refused.status_code in (400, 409)
    assert errors_of(refused) == [fault]
    assert Customer.objects.count() == 1


def test_a_customer_is_never_renamed(api: Api, kit: Item) -> None:
    assert errors_of(api.patch("customers/CUST/", {"no": "OTHER"})) == [("no", "read_only_field")]
    assert api.patch("customers/CUST/", {"no": "CUST", "name": "New"}).body["name"] == "New"


def test_customers_are_filtered_and_searched(api: Api) -> None:
    for no, blocked in (("B1", True), ("A1", False), ("A2", False)):
        api.post("customers/", {"no": no, "name": f"Firm {no}", "blocked": blocked})

    def found(query: str) -> list[str]:
        return [row["no"] for row in api.get(f"customers/?{query}").body["results"]]

    assert found("") == ["A1", "A2", "B1"]
    assert found("blocked=true") == ["B1"]
    assert found("search=firm+a") == ["A1", "A2"]
    assert found("no__in=A2,B1&ordering=-no") == ["B1", "A2"]
    assert errors_of(api.get("customers/?phone=1")) == [("phone", "unknown_filter")]


def test_who_may_not_edit_customers_reads_them_or_not_at_all(api: Api, kit: Item) -> None:
    planner, worker = Api(person("paul", Role.PLANNER)), Api(person("wendy", Role.ASSEMBLY_WORKER))

    assert planner.get("customers/CUST/").status_code == 200
    assert planner.patch("customers/CUST/", {"name": "X"}).status_code == 403
    assert planner.delete("customers/CUST/").status_code == 403
    assert worker.get("customers/").status_code == 403
    assert Api(None).get("customers/").status_code == 401
