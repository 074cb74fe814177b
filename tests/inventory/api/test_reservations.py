"""`/reservations/`: what assemble-to-order links reserve. Reserving by hand has tests of its own."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.rights import Role
from inventory.models import Item, Reservation
from tests.rest import Api, errors_of, person
from tests.sales.api.conftest import api, kit
from tests.support import day

__all__ = ["api", "kit"]


@pytest.fixture
def order(api: Api, kit: Item) -> dict[str, Any]:
    """Return an order of 3 and of 2 boxes of 6 KIT, the latter RED and at BLUE."""
    lines = [
        {"no": "KIT", "quantity": 3},
        {"no": "KIT", "quantity": 2, "variant": "RED", "unit_of_measure": "BOX", "location": "BLUE"},
    ]
    made = api.post("sales-orders/", {"customer": "CUST", "shipment_date": day(5).isoformat(), "lines": lines})
    body: dict[str, Any] = made.body
    return body


def test_a_link_reserves_the_output_for_the_line(api: Api, order: dict[str, Any]) -> None:
    first, second = api.get("reservations/").body["results"]

    assert first == {
        "entry_no": first["entry_no"],
        "item": "KIT",
        "variant": "",
        "location": "MAIN",
        "quantity": "3",
        "demand": {"type": "sales_order_line", "document_no": order["no"], "line_no": 10000},
        "supply": {
            "type": "assembly_order",
            "document_no": order["lines"][0]["assembly_document"]["no"],
            "line_no": None,
        },
        "date": day(5).isoformat(),
    }
    # In base units here, in the line's unit on the line.
    assert (second["quantity"], order["lines"][1]["reserved_quantity"]) == ("12", "2")
    assert api.get(f"reservations/{first['entry_no']}/").body == first


def test_reservations_are_found_by_either_side(api: Api, order: dict[str, Any]) -> None:
    assembly = order["lines"][1]["assembly_document"]["no"]

    def found(query: str) -> list[str]:
        return [row["quantity"] for row in api.get(f"reservations/?{query}").body["results"]]

    assert found(f"document_no={order['no']}") == ["3", "12"]
    assert found(f"document_no={assembly}") == ["12"]
    assert found("document_no=NOPE") == []
    assert found("variant=RED") == found("location=BLUE") == ["12"]
    assert found("item=KIT&variant=") == ["3"]
    assert found("ordering=-quantity") == ["12", "3"]
    assert errors_of(api.get("reservations/?demand=1")) == [("demand", "unknown_filter")]


def test_the_reservation_of_a_link_is_not_cancelled(api: Api, order: dict[str, Any]) -> None:
    entry = Reservation.objects.earliest("pk").pk

    refused = api.delete(f"reservations/{entry}/")

    assert (refused.status_code, refused.body["code"]) == (409, "linked_to_sales_order")
    assert Reservation.objects.filter(pk=entry).exists()


@pytest.mark.parametrize("entry", ["0", "999999999999999999", "abc", "-1"])
def test_what_is_not_there_is_not_found(api: Api, order: dict[str, Any], entry: str) -> None:
    assert api.get(f"reservations/{entry}/").status_code == 404
    assert api.delete(f"reservations/{entry}/").status_code == 404


def test_who_may_not_reserve_cancels_nothing(api: Api, order: dict[str, Any]) -> None:
    entry = Reservation.objects.earliest("pk").pk
    worker = Api(person("wendy", Role.ASSEMBLY_WORKER))

    assert worker.get(f"reservations/{entry}/").status_code == 200
    assert worker.delete(f"reservations/{entry}/").status_code == 403
    assert Api(person("ivan", Role.INTEGRATOR)).get("reservations/").status_code == 403


def test_a_sales_line_moves_its_components_before_what_they_have_reserved(api: Api, kit: Item) -> None:
    bought = {"item": "C1", "quantity": 50, "unit_cost": 1, "expected_receipt_date": day(6).isoformat()}
    api.post("purchase-orders/", {"vendor_name": "Mill", "lines": [bought]})
    sold = {"customer": "CUST", "shipment_date": day(9).isoformat(), "lines": [{"no": "KIT", "quantity": 3}]}
    order = api.post("sales-orders/", sold).body
    assembly = order["lines"][0]["assembly_document"]["no"]
    demand = {"type": "assembly_order_line", "document_no": assembly, "line_no": 10000}
    api.post("reservations/auto/", {"demand": demand})

    def moved_to(days: int) -> list[str]:
        edit = {"shipment_date": day(days).isoformat()}
        assert api.patch(f"sales-orders/{order['no']}/lines/10000/", edit).status_code == 200
        return [row["quantity"] for row in api.get("reservations/?item=C1").body["results"]]

    assert moved_to(6) == ["6"]
    assert moved_to(5) == []
    # On the assembly order itself the date is asked for, and refused.
    moved_to(9)
    api.post("reservations/auto/", {"demand": demand})
    refused = api.patch(f"assembly-orders/{assembly}/", {"starting_date": day(5).isoformat()})
    assert (refused.status_code, refused.body["code"]) == (409, "date_conflict_with_reservation")
