"""`/purchase-orders/`: expected supply, and its arrival."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from backoffice.integrity import violations
from inventory.models import (
    Item,
    ItemLedgerEntry,
    MovementSource,
    PlannedMovement,
    PurchaseLine,
    PurchaseOrder,
    Reservation,
    StockBalance,
)
from tests.rest import Api, counted, errors_of

pytestmark = pytest.mark.django_db

DAY = dt.date(2031, 3, 3)


@pytest.fixture(autouse=True)
def masters(api: Api) -> None:
    """Two items and a work date."""
    api.post("units-of-measure/", {"code": "BOX"})
    api.post(
        "items/",
        {
            "no": "C1",
            "description": "Component",
            "unit_cost": 2,
            "units_of_measure": [{"code": "BOX", "qty_per_unit_of_measure": 6}],
            "variants": [{"code": "RED"}],
        },
    )
    api.post("items/", {"no": "C2"})
    api.post("items/", {"no": "LOT", "item_tracking": "lot"})
    api.patch("setup/", {"work_date": DAY.isoformat()})


def order(api: Api, *lines: dict[str, Any], **header: Any) -> Any:
    """Enter an order and return the answer's body."""
    response = api.post("purchase-orders/", {"vendor_name": "Vendor", **header, "lines": list(lines)})
    assert response.status_code == 201, response.body
    return response.body


def line(quantity: Any = 5, item: str = "C1", **values: Any) -> dict[str, Any]:
    """Describe a line that is due in three days."""
    return {"item": item, "quantity": quantity, "expected_receipt_date": "2031-03-06", **values}


def demand(quantity: int, *, due_in: int = 8, reserve: int = 0) -> PlannedMovement:
    """Make a demand for C1, and reserve for it from the one planned supply."""
    movement = PlannedMovement.objects.create(
        source_kind=MovementSource.SALES_ORDER_LINE,
        source_id=1,
        document_no="SO-1",
        line_no=10000,
        item_id="C1",
        location_id="MAIN",
        due_date=DAY + dt.timedelta(days=due_in),
        quantity=-quantity,
        reserved_quantity=reserve,
    )
    if reserve:
        supply = PlannedMovement.objects.get(source_kind=MovementSource.PURCHASE_ORDER_LINE)
        Reservation.objects.create(demand=movement, supply=supply, quantity=reserve)
        PlannedMovement.objects.filter(pk=supply.pk).update(reserved_quantity=reserve)
    return movement


def test_order_is_numbered_dated_and_planned(api: Api) -> None:
    body = order(api, line(unit_of_measure="BOX", variant="RED"))

    assert (body["no"][:3], body["order_date"], body["status"]) == ("PO-", "2031-03-03", "open")
    assert body["lines"] == [
        {
            "line_no": 10000,
            "item": "C1",
            "variant": "RED",
            "description": "Component",
            "location": "MAIN",
            "unit_of_measure": "BOX",
            "qty_per_unit_of_measure": "6",
            "quantity": "5",
            "quantity_received": "0",
            "outstanding_quantity": "5",
            "reserved_quantity": "0",
            "unit_cost": "12",
            "expected_receipt_date": "2031-03-06",
        }
    ]
    movement = PlannedMovement.objects.get()
    assert (movement.document_no, movement.line_no, movement.quantity) == (body["no"], 10000, 30)


def test_number_may_be_given_and_is_not_drawn_again(api: Api) -> None:
    last = int(order(api)["no"].removeprefix("PO-"))
    given = f"PO-{last + 1:06}"
    assert order(api, no=given)["no"] == given
    taken = api.post("purchase-orders/", {"no": given})

    assert (taken.status_code, taken.body["code"]) == (409, "already_exists")
    assert order(api)["no"] == f"PO-{last + 2:06}"


@pytest.mark.parametrize(
    ("faulty", "error"),
    [
        ({"item": "GONE", "quantity": 1}, ("lines[1].item", "not_found")),
        ({"quantity": 1}, ("lines[1].item", "required")),
        ({"item": "C1"}, ("lines[1].quantity", "required")),
        ({"item": "C1", "quantity": 0}, ("lines[1].quantity", "invalid")),
        ({"item": "C1", "quantity": "1.000001"}, ("lines[1].quantity", "invalid")),
        ({"item": "C1", "quantity": 1, "unit_cost": -1}, ("lines[1].unit_cost", "invalid")),
        ({"item": "C1", "quantity": 10, "unit_cost": "9999999999999"}, ("lines[1].unit_cost", "out_of_range")),
        ({"item": "C1", "quantity": 1, "variant": "X"}, ("lines[1].variant", "not_found")),
        ({"item": "C1", "quantity": 1, "location": "X"}, ("lines[1].location", "not_found")),
        ({"item": "C1", "quantity": 1, "unit_of_measure": "X"}, ("lines[1].unit_of_measure", "not_found")),
        ({"item": "C1", "quantity": 1, "line_no": 10000}, ("lines[1].line_no", "invalid")),
        ({"item": "C1", "quantity": 1, "quantity_received": 1}, ("lines[1].quantity_received", "read_only_field")),
    ],
)
def test_faulty_line_is_refused_with_the_order(api: Api, faulty: dict[str, Any], error: tuple[str, str]) -> None:
    response = api.post("purchase-orders/", {"lines": [line(line_no=10000), faulty]})

    assert response.status_code == 400
    assert errors_of(response) == [error]
    assert not PurchaseOrder.objects.exists()


def test_lines_are_added_changed_and_deleted_and_the_plan_follows(api: Api) -> None:
    no = order(api, line())["no"]
    added = api.post(f"purchase-orders/{no}/lines/", line(2, "C2"))
    changed = api.patch(f"purchase-orders/{no}/lines/10000/", {"quantity": 7, "expected_receipt_date": "2031-03-09"})

    assert (added.status_code, added.body["line_no"]) == (201, 20000)
    assert changed.headers["ETag"] == api.get(f"purchase-orders/{no}/").headers["ETag"]
    plan = PlannedMovement.objects.order_by("line_no").values_list("item", "quantity", "due_date")
    assert list(plan) == [("C1", Decimal(7), dt.date(2031, 3, 9)), ("C2", Decimal(2), dt.date(2031, 3, 6))]
    assert api.delete(f"purchase-orders/{no}/lines/10000/").status_code == 204
    assert PlannedMovement.objects.get().item_id == "C2"
    assert api.patch(f"purchase-orders/{no}/lines/10000/", {"quantity": 1}).status_code == 404


def test_new_item_brings_its_own_unit_cost_and_words(api: Api) -> None:
    no = order(api, line(unit_of_measure="BOX", variant="RED"))["no"]

    body = api.patch(f"purchase-orders/{no}/lines/10000/", {"item": "C2"}).body

    shown = (body["item"], body["variant"], body["unit_of_measure"], body["unit_cost"], body["description"])
    assert shown == ("C2", "", "PCS", "0", "")


def test_everything_arrives_unless_told_otherwise(api: Api) -> None:
    no = order(api, line(), line(2, "C2", unit_cost="3.5"))["no"]

    body = api.post(f"purchase-orders/{no}/receive/", {"posting_date": "2031-03-05"}).body

    assert (body["status"], body["purchase_receipt"]) == ("closed", "PR-000001")
    assert [row["quantity_received"] for row in body["lines"]] == ["5", "2"]
    entries = api.get(f"item-ledger-entries/?order_no={no}").body["results"]
    assert [(row["item"], row["quantity"], row["cost_amount"], row["document_no"]) for row in entries] == [
        ("C1", "5", "10", "PR-000001"),
        ("C2", "2", "7", "PR-000001"),
    ]
    assert not PlannedMovement.objects.exists()
    assert api.post(f"purchase-orders/{no}/receive/", {}).body["code"] == "document_closed"


def test_parts_arrive_one_after_the_other_and_leave_nothing_over(api: Api) -> None:
    api.post("items/", {"no": "THIRD", "units_of_measure": [{"code": "BOX", "qty_per_unit_of_measure": "0.33333"}]})
    no = order(api, line(3, "THIRD", unit_of_measure="BOX"))["no"]

    for _ in range(3):
        api.post(f"purchase-orders/{no}/receive/", {"lines": [{"line_no": 10000, "quantity": 1}]})

    stored = PurchaseLine.objects.get()
    assert stored.quantity_received_base == stored.quantity_base == StockBalance.objects.get().quantity
    assert [e.document_no for e in ItemLedgerEntry.objects.all()] == ["PR-000001", "PR-000002", "PR-000003"]


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([{"line_no": 10000, "quantity": 6}], ("lines[0].quantity", "exceeds_remaining_quantity")),
        ([{"line_no": 10000, "quantity": 3}] * 2, ("lines[1].quantity", "exceeds_remaining_quantity")),
        ([{"line_no": 10000, "quantity": 0}], ("lines[0].quantity", "invalid")),
        ([{"line_no": 90000}], ("lines[0].line_no", "not_found")),
        ([], (None, "nothing_to_post")),
    ],
)
def test_what_cannot_arrive_is_refused(api: Api, lines: list[dict[str, Any]], error: tuple[str | None, str]) -> None:
    no = order(api, line())["no"]

    response = api.post(f"purchase-orders/{no}/receive/", {"lines": lines})

    assert errors_of(response) == [error]
    assert not ItemLedgerEntry.objects.exists()


def test_lots_of_one_line_arrive_together(api: Api) -> None:
    no = order(api, line(5, "LOT"))["no"]
    untold = api.post(f"purchase-orders/{no}/receive/", {})
    parts = [
        {"line_no": 10000, "quantity": 2, "lot_no": "LA"},
        {"line_no": 10000, "quantity": 3, "lot_no": "LB"},
    ]

    body = api.post(f"purchase-orders/{no}/receive/", {"lines": parts}).body

    assert untold.body["code"] == "tracking_required"
    assert body["status"] == "closed"
    assert list(ItemLedgerEntry.objects.values_list("lot_no", "quantity")) == [("LA", 2), ("LB", 3)]


def test_received_goods_hold_the_line(api: Api) -> None:
    no = order(api, line())["no"]
    api.post(f"purchase-orders/{no}/receive/", {"lines": [{"line_no": 10000, "quantity": 3}]})

    refused = [
        api.patch(f"purchase-orders/{no}/lines/10000/", {"quantity": 2}),
        api.patch(f"purchase-orders/{no}/lines/10000/", {"item": "C2"}),
        api.delete(f"purchase-orders/{no}/lines/10000/"),
        api.delete(f"purchase-orders/{no}/"),
    ]

    assert [response.body["code"] for response in refused] == [
        "below_received_quantity",
        "already_received",
        "already_received",
        "already_received",
    ]
    assert api.patch(f"purchase-orders/{no}/lines/10000/", {"quantity": 3}).status_code == 200
    assert api.get(f"purchase-orders/{no}/").body["status"] == "closed"


def test_open_order_goes_with_its_plan(api: Api) -> None:
    no = order(api, line())["no"]

    assert api.delete(f"purchase-orders/{no}/").status_code == 204
    assert not PlannedMovement.objects.exists()
    assert api.get(f"purchase-orders/{no}/").status_code == 404


@pytest.mark.breaks_integrity  # the demand has no document behind it
def test_reservations_pass_to_the_stock_as_it_arrives(api: Api) -> None:
    no = order(api, line(5))["no"]
    movement = demand(5, reserve=4)

    api.post(f"purchase-orders/{no}/receive/", {"lines": [{"line_no": 10000, "quantity": 3}]})
    half = {(row.supply_entry_id is None, row.quantity) for row in Reservation.objects.all()}
    api.post(f"purchase-orders/{no}/receive/", {})

    assert half == {(False, Decimal(3)), (True, Decimal(1))}
    assert sorted(Reservation.objects.values_list("supply_entry__quantity", "quantity")) == [(2, 1), (3, 3)]
    movement.refresh_from_db()
    assert movement.reserved_quantity == 4
    assert StockBalance.objects.get().reserved_quantity == 4
    assert violations(["I01", "I23", "I24", "N03", "N04", "N05"]) == []
    refused = api.post("inventory-adjustments/", {"entry_type": "negative_adjustment", "item": "C1", "quantity": 2})
    assert (refused.body["code"], refused.body["available"]) == ("not_enough_inventory", "1")


@pytest.mark.breaks_integrity  # the demand has no document behind it
def test_reserved_supply_stays_in_time_and_in_place(api: Api) -> None:
    no = order(api, line(5))["no"]
    demand(5, due_in=8, reserve=2)
    api.post("locations/", {"code": "WH"})
    path = f"purchase-orders/{no}/lines/10000/"

    assert api.patch(path, {"expected_receipt_date": "2031-03-12"}).body["code"] == "date_conflict_with_reservation"
    assert api.patch(path, {"location": "WH"}).body["code"] == "reserved"
    assert api.patch(path, {"expected_receipt_date": "2031-03-11"}).status_code == 200
    assert api.patch(path, {"quantity": 1}).body["reserved_quantity"] == "1"
    assert Reservation.objects.get().quantity == 1
    assert violations(["I23", "I24", "N03", "N04"]) == []


def test_blocked_item_does_not_arrive(api: Api) -> None:
    no = order(api, line())["no"]
    Item.objects.filter(no="C1").update(blocked=True)

    response = api.post(f"purchase-orders/{no}/receive/", {})

    assert errors_of(response) == [("lines[0].item", "blocked")]


def test_statements_do_not_grow_with_the_lines(api: Api) -> None:
    counts: dict[str, list[int]] = {"enter": [], "receive": [], "show": []}
    for lines in ([line()], [line()] * 30):
        with counted() as entered:
            no = order(api, *lines)["no"]
        with counted() as shown:
            api.get(f"purchase-orders/{no}/")
        with counted() as received:
            api.post(f"purchase-orders/{no}/receive/", {})
        for name, statements in (("enter", entered), ("show", shown), ("receive", received)):
            counts[name].append(len(statements))

    assert all(one == many for one, many in counts.values()), counts
