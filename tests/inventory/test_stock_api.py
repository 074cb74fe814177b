"""`/inventory-adjustments/` and the ledgers."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.rights import Role
from inventory.models import ItemLedgerEntry, StockBalance
from tests.rest import Api, counted, errors_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def masters(api: Api) -> None:
    """Items of every kind, a location with bins, a work date."""
    api.post("units-of-measure/", {"code": "BOX"})
    units = [
        {"code": "PCS", "qty_rounding_precision": 1},
        {"code": "BOX", "qty_per_unit_of_measure": 6, "qty_rounding_precision": "0.5"},
        {"code": "HOUR", "qty_per_unit_of_measure": "0.00001"},
    ]
    api.post("items/", {"no": "C1", "unit_cost": "2.5", "units_of_measure": units, "variants": [{"code": "RED"}]})
    api.post("items/", {"no": "LOT", "item_tracking": "lot"})
    api.post("items/", {"no": "SER", "item_tracking": "serial"})
    api.post("items/", {"no": "ADVICE", "type": "service"})
    api.post("items/", {"no": "OLD", "blocked": True})
    api.post("items/", {"no": "VAR", "variants": [{"code": "X", "blocked": True}]})
    api.post("locations/", {"code": "WH", "bin_mandatory": True})
    api.post("locations/WH/bins/", {"code": "A"})
    api.patch("setup/", {"work_date": "2031-03-03"})


def adjust(api: Api, quantity: Any, item: str = "C1", **values: Any) -> Any:
    """Post one positive adjustment."""
    return api.post(
        "inventory-adjustments/",
        {"entry_type": "positive_adjustment", "item": item, "quantity": quantity, **values},
    )


def test_adjustment_is_posted_at_once_with_defaults(api: Api) -> None:
    response = adjust(api, 10)

    assert response.status_code == 201, response.body
    expected = {
        "entry_type": "positive_adjustment",
        "posting_date": "2031-03-03",
        "item": "C1",
        "variant": "",
        "location": "MAIN",
        "quantity": "10",
        "remaining_quantity": "10",
        "cost_amount": "25",
        "assemble_to_order": False,
        "applies_to_entry": None,
    }
    assert {name: response.body[name] for name in expected} == expected
    assert api.get(f"item-ledger-entries/{response.body['entry_no']}/").body == response.body


def test_unit_counts_and_costs_in_itself(api: Api) -> None:
    by_card = adjust(api, "1.5", unit_of_measure="BOX").body
    given = adjust(api, 2, unit_of_measure="BOX", unit_cost=12).body

    assert (by_card["quantity"], by_card["cost_amount"]) == ("9", "22.5")
    assert (given["quantity"], given["cost_amount"]) == ("12", "24")


def test_list_is_one_transaction_in_its_order(api: Api) -> None:
    rows = [
        {"entry_type": "positive_adjustment", "item": "C1", "quantity": 6},
        {"entry_type": "negative_adjustment", "item": "C1", "quantity": 2},
    ]

    posted = api.post("inventory-adjustments/", rows)
    refused = api.post("inventory-adjustments/", [*rows, {**rows[1], "quantity": 9}])

    assert [row["quantity"] for row in posted.body] == ["6", "-2"]
    assert (refused.status_code, refused.body["code"]) == (409, "not_enough_inventory")
    assert (refused.body["item"], refused.body["available"], refused.body["required"]) == ("C1", "10", "11")
    assert errors_of(refused) == [("[2].quantity", "not_enough_inventory")]
    assert StockBalance.objects.get().quantity == 4


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"item": "GONE"}, ("item", "not_found")),
        ({"item": "ADVICE"}, ("item", "invalid")),
        ({"item": "OLD"}, ("item", "blocked")),
        ({"item": "VAR", "variant": "X"}, ("variant", "blocked")),
        ({"variant": "BLUE"}, ("variant", "not_found")),
        ({"location": "GONE"}, ("location", "not_found")),
        ({"location": "WH"}, ("bin", "required")),
        ({"location": "WH", "bin": "Z"}, ("bin", "not_found")),
        ({"unit_of_measure": "KG"}, ("unit_of_measure", "not_found")),
        ({"quantity": 0}, ("quantity", "invalid")),
        ({"quantity": -1}, ("quantity", "invalid")),
        ({"quantity": "1.5"}, ("quantity", "invalid")),
        ({"quantity": "1e30"}, ("quantity", "invalid")),
        ({"quantity": "NaN"}, ("quantity", "invalid")),
        ({"quantity": "9999999999999", "unit_of_measure": "BOX"}, ("quantity", "out_of_range")),
        ({"quantity": "9999999999999", "unit_cost": "9999999999999"}, ("unit_cost", "out_of_range")),
        ({"quantity": ""}, ("quantity", "invalid")),
        ({"quantity": "0.3", "unit_of_measure": "HOUR"}, ("quantity", "quantity_rounds_to_zero")),
        ({"unit_cost": -1}, ("unit_cost", "invalid")),
        ({"entry_type": "sale"}, ("entry_type", "invalid")),
        ({"item": "LOT"}, ("quantity", "tracking_required")),
        ({"item": "SER", "serial_no": "S1", "quantity": 2}, ("quantity", "serial_not_unique")),
        ({"lot_no": "L1"}, ("quantity", "invalid")),
        ({"cost_amount": 5}, ("cost_amount", "read_only_field")),
        ({"price": 5}, ("price", "unknown_field")),
    ],
)
def test_faulty_adjustment_is_refused_at_its_field(api: Api, values: dict[str, Any], error: tuple[str, str]) -> None:
    response = adjust(api, values.pop("quantity", 1), **values)

    assert 400 <= response.status_code < 500
    assert errors_of(response) == [error]
    assert not ItemLedgerEntry.objects.exists()


def test_stock_beyond_what_can_be_counted_is_refused(api: Api) -> None:
    adjust(api, "9999999999999", unit_cost=0)

    response = adjust(api, 1, unit_cost=0)

    assert (response.status_code, response.body["code"]) == (400, "out_of_range")
    assert ItemLedgerEntry.objects.count() == 1


def test_what_leaves_takes_no_cost_from_the_request(api: Api) -> None:
    adjust(api, 5)

    response = adjust(api, 1, entry_type="negative_adjustment", unit_cost=1)

    assert errors_of(response) == [("unit_cost", "invalid")]


def test_all_faulty_rows_are_told_at_once(api: Api) -> None:
    row = {"entry_type": "positive_adjustment", "item": "C1", "quantity": 1}

    response = api.post("inventory-adjustments/", [{**row, "item": "GONE"}, row, {**row, "quantity": 0}])

    assert errors_of(response) == [("[0].item", "not_found"), ("[2].quantity", "invalid")]


def test_bins_are_kept_in_warehouse_entries(api: Api) -> None:
    adjust(api, 5, location="WH", bin="A")
    adjust(api, 2, location="WH", bin="A", entry_type="negative_adjustment")

    rows = api.get("warehouse-entries/?bin=A").body["results"]

    assert [(row["bin"], row["quantity"]) for row in rows] == [("A", "5"), ("A", "-2")]


def test_same_key_posts_once(api: Api) -> None:
    first, second = adjust(api, 5), None
    row = {"entry_type": "positive_adjustment", "item": "C1", "quantity": 5}
    first = api.post("inventory-adjustments/", [row], Idempotency_Key="k1")
    second = api.post("inventory-adjustments/", [row], Idempotency_Key="k1")

    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.body == second.body
    assert StockBalance.objects.get().quantity == 10


def test_entries_are_filtered_ordered_and_paged(api: Api) -> None:
    for quantity in (1, 2, 3):
        adjust(api, quantity)
    adjust(api, 1, entry_type="negative_adjustment")

    outbound = api.get("item-ledger-entries/?item=C1&entry_type=negative_adjustment&assemble_to_order=false").body
    page = api.get("item-ledger-entries/?ordering=-entry_no&limit=3&count=true").body

    assert [row["quantity"] for row in outbound["results"]] == ["-1"]
    assert [row["quantity"] for row in page["results"]] == ["-1", "3", "2"]
    assert page["count"] == 4
    assert page["next"]


def test_value_entries_add_up_to_the_entry(api: Api) -> None:
    entry_no = adjust(api, 3).body["entry_no"]

    rows = api.get(f"value-entries/?item_ledger_entry_no={entry_no}").body["results"]

    assert [(row["entry_type"], row["cost_amount"], row["adjustment"]) for row in rows] == [
        ("direct_cost", "7.5", False)
    ]


def test_ledgers_are_read_only(api: Api) -> None:
    entry_no = adjust(api, 3).body["entry_no"]

    for path in ("item-ledger-entries/", "value-entries/", "warehouse-entries/"):
        assert api.post(path, {}).status_code == 405
    assert api.patch(f"item-ledger-entries/{entry_no}/", {"quantity": 1}).status_code == 405
    assert api.delete(f"item-ledger-entries/{entry_no}/").status_code == 405


def test_costs_and_postings_go_by_right(api: Api) -> None:
    adjust(api, 3)
    clerk = Api(person("clerk", Role.CLERK))
    auditor = Api(person("auditor", Role.AUDITOR))

    assert "cost_amount" not in clerk.get("item-ledger-entries/").body["results"][0]
    assert clerk.get("value-entries/").status_code == 403
    assert adjust(clerk, 1).status_code == 403
    assert auditor.get("value-entries/").body["results"][0]["cost_amount"] == "7.5"
    assert adjust(auditor, 1).status_code == 403
    assert adjust(Api(person("planner", Role.PLANNER)), 1).status_code == 201


def test_statements_do_not_grow_with_the_rows(api: Api) -> None:
    row = {"entry_type": "positive_adjustment", "item": "C1", "quantity": 1}
    with counted() as one:
        api.post("inventory-adjustments/", [row])
    with counted() as many:
        api.post("inventory-adjustments/", [row] * 50)
    with counted() as listed:
        api.get("item-ledger-entries/?limit=50")

    assert len(many) == len(one)
    assert len(listed) == 2
