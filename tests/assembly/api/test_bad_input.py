"""What assembly does not take: refused by name at the field, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inventory.models import Item
from inventory.services.items import change_item
from tests.factories import make_item
from tests.rest import Api
from tests.sales.api.test_bad_input import NO_CODES, NO_DATES, NO_NUMBERS, assert_refused, state


@pytest.mark.parametrize("field", ["quantity", "quantity_to_assemble", "unit_cost", "overhead_rate"])
def test_a_header_takes_exact_decimals_only(api: Api, stand_alone: str, field: str) -> None:
    before = state()

    for value in NO_NUMBERS:
        changed = api.patch(f"assembly-orders/{stand_alone}/", {field: value})
        entered = api.post("assembly-orders/", {"item": "KIT", field: value})

        assert_refused(changed, before, (field, "invalid"))
        assert_refused(entered, before, (field, "invalid"))


@pytest.mark.parametrize("field", ["quantity_per", "quantity_to_consume", "unit_cost"])
def test_a_line_takes_exact_decimals_only(api: Api, stand_alone: str, field: str) -> None:
    before = state()

    for value in NO_NUMBERS:
        changed = api.patch(f"assembly-orders/{stand_alone}/lines/10000/", {field: value})

        assert_refused(changed, before, (field, "invalid"))


@pytest.mark.parametrize("field", ["due_date", "starting_date", "ending_date", "posting_date"])
def test_a_header_takes_dates_only(api: Api, stand_alone: str, field: str) -> None:
    before = state()

    for value in NO_DATES:
        assert_refused(api.patch(f"assembly-orders/{stand_alone}/", {field: value}), before, (field, "invalid"))


@pytest.mark.parametrize("field", ["no", "item", "location", "unit_of_measure", "variant"])
def test_a_header_takes_codes_only(api: Api, stand_alone: str, field: str) -> None:
    before = state()

    for value in NO_CODES:
        refused = api.post("assembly-orders/", {"item": "KIT", "quantity": 1, field: value})

        assert_refused(refused, before, (field, "invalid"))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({}, "item", "required"),
        ({"item": ""}, "item", "required"),
        ({"item": "NOPE"}, "item", "not_found"),
        ({"item": "SERVICE"}, "item", "invalid"),
        ({"item": "KIT", "variant": "GREEN"}, "variant", "not_found"),
        ({"item": "KIT", "location": "NOWHERE"}, "location", "not_found"),
        ({"item": "KIT", "bin": "B-01"}, "bin", "not_found"),
        ({"item": "KIT", "unit_of_measure": "TON"}, "unit_of_measure", "not_found"),
        ({"item": "KIT", "quantity": -1}, "quantity", "invalid"),
        (
            {"item": "KIT", "quantity": 1, "quantity_to_assemble": 2},
            "quantity_to_assemble",
            "exceeds_remaining_quantity",
        ),
        ({"item": "KIT", "overhead_rate": -1}, "overhead_rate", "invalid"),
        ({"item": "KIT", "status": "open"}, "status", "read_only_field"),
        ({"item": "KIT", "cost_amount": 1}, "cost_amount", "read_only_field"),
        ({"item": "KIT", "assemble_to_order": True}, "assemble_to_order", "read_only_field"),
        ({"item": "KIT", "lines": []}, "lines", "read_only_field"),
        ({"item": "KIT", "colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_faulty_order_is_refused(api: Api, stand_alone: str, values: dict[str, Any], field: str, code: str) -> None:
    make_item("SERVICE", type="service")
    before = state()

    assert_refused(api.post("assembly-orders/", values), before, (field, code))


def test_a_number_is_given_once(api: Api, stand_alone: str) -> None:
    before = state()

    refused = api.post("assembly-orders/", {"item": "KIT", "no": stand_alone})

    assert_refused(refused, before, ("no", "already_exists"))


def test_a_blocked_item_is_not_assembled(api: Api, stand_alone: str) -> None:
    change_item("KIT", {"blocked": True})
    before = state()

    assert_refused(api.post("assembly-orders/", {"item": "KIT", "quantity": 1}), before, ("item", "blocked"))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"no": "AO-999999"}, "no", "read_only_field"),
        ({"quantity": -1}, "quantity", "invalid"),
        ({"quantity": None}, "quantity", "required"),
        ({"quantity_to_assemble": 6}, "quantity_to_assemble", "exceeds_remaining_quantity"),
        ({"ending_date": "2031-03-13", "due_date": "2031-03-12"}, "ending_date", "due_date_conflict"),
        ({"starting_date": "2031-03-12", "ending_date": "2031-03-11"}, "starting_date", "due_date_conflict"),
        ({"location": None}, "location", "required"),
        ({"due_date": None}, "due_date", "required"),
        ({"unit_cost": "-0.00001"}, "unit_cost", "invalid"),
        ({"note": "x" * 2001}, "note", "invalid"),
    ],
)
def test_a_faulty_change_of_a_header_is_refused(
    api: Api, stand_alone: str, values: dict[str, Any], field: str, code: str
) -> None:
    before = state()

    assert_refused(api.patch(f"assembly-orders/{stand_alone}/", values), before, (field, code))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"quantity": 4}, "quantity", "read_only_field"),
        ({"line_no": 4}, "line_no", "read_only_field"),
        ({"consumed_quantity": 4}, "consumed_quantity", "read_only_field"),
        ({"substitution_available": True}, "substitution_available", "read_only_field"),
        ({"quantity_per": -1}, "quantity_per", "invalid"),
        ({"quantity_to_consume": 11}, "quantity_to_consume", "exceeds_remaining_quantity"),
        ({"quantity_to_consume": -1}, "quantity_to_consume", "invalid"),
        ({"no": ""}, "no", "required"),
        ({"no": "NOPE"}, "no", "not_found"),
        ({"type": "item", "no": "R1"}, "no", "not_found"),
        ({"type": "resource", "no": "C1"}, "no", "not_found"),
        ({"type": "machine"}, "type", "invalid"),
        ({"variant": "GREEN"}, "variant", "not_found"),
        ({"location": "NOWHERE"}, "location", "not_found"),
        ({"unit_of_measure": "TON"}, "unit_of_measure", "not_found"),
        ({"resource_usage_type": "fixed"}, "resource_usage_type", "invalid"),
        ({"lead_time_offset_days": -1}, "lead_time_offset_days", "invalid"),
        ({"lead_time_offset_days": 10**9}, "lead_time_offset_days", "invalid"),
        ({"due_date": "2031-03-13"}, "due_date", "due_date_conflict"),
        ({"position": "x" * 21}, "position", "invalid"),
        ({"qty": 1}, "qty", "unknown_field"),
    ],
)
def test_a_faulty_change_of_a_line_is_refused(
    api: Api, stand_alone: str, values: dict[str, Any], field: str, code: str
) -> None:
    before = state()

    assert_refused(api.patch(f"assembly-orders/{stand_alone}/lines/10000/", values), before, (field, code))


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({"no": "C1"}, "type", "required"),
        ({"type": "item"}, "no", "required"),
        ({"type": "item", "no": "NOPE"}, "no", "not_found"),
        ({"type": "text", "no": "C1"}, "no", "invalid"),
        ({"type": "text", "quantity_per": 1}, "quantity_per", "invalid"),
        ({"type": "item", "no": "C1", "line_no": 10000}, "line_no", "already_exists"),
        ({"type": "item", "no": "C1", "line_no": 0}, "line_no", "invalid"),
    ],
)
def test_a_faulty_line_is_refused(api: Api, stand_alone: str, line: dict[str, Any], field: str, code: str) -> None:
    before = state()

    assert_refused(api.post(f"assembly-orders/{stand_alone}/lines/", line), before, (field, code))


def test_a_blocked_component_is_refused(api: Api, stand_alone: str) -> None:
    make_item("OLD", blocked=True)
    before = state()

    refused = api.post(f"assembly-orders/{stand_alone}/lines/", {"type": "item", "no": "OLD", "quantity_per": 1})

    assert_refused(refused, before, ("no", "blocked"))


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_is_an_object(api: Api, stand_alone: str, body: Any) -> None:
    before = state()
    below = f"assembly-orders/{stand_alone}"

    for path in ("assembly-orders/", f"{below}/release/", f"{below}/lines/", f"{below}/lines/10000/substitute/"):
        assert api.send("POST", path, raw=json.dumps(body).encode()).status_code == 400
        assert state() == before


def test_an_action_takes_nothing_that_it_does_not_know(api: Api, stand_alone: str) -> None:
    before = state()

    for path in ("release/", "reopen/", "refresh-lines/", "update-unit-cost/", "lines/10000/explode-bom/"):
        refused = api.post(f"assembly-orders/{stand_alone}/{path}", {"force": True})
        assert_refused(refused, before, ("force", "unknown_field"))


@pytest.mark.parametrize(
    "values",
    [
        {"quantity": "9999999999999", "unit_of_measure": "BOX"},
        {"unit_cost": "9999999999999", "quantity": "9999999999999"},
    ],
)
def test_what_no_column_can_hold_is_refused(api: Api, stand_alone: str, values: dict[str, Any]) -> None:
    before = state()

    refused = api.post("assembly-orders/", {"item": "KIT", **values})

    assert (refused.status_code, refused.body["code"]) == (400, "out_of_range")
    assert state() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "assembly-orders/NOPE/"),
        ("PATCH", "assembly-orders/NOPE/"),
        ("DELETE", "assembly-orders/NOPE/"),
        ("POST", "assembly-orders/NOPE/release/"),
        ("POST", "assembly-orders/NOPE/refresh-lines/"),
        ("GET", "assembly-orders/NOPE/lines/"),
        ("GET", "assembly-orders/{no}/lines/77/"),
        ("PATCH", "assembly-orders/{no}/lines/77/"),
        ("DELETE", "assembly-orders/{no}/lines/77/"),
        ("POST", "assembly-orders/{no}/lines/77/explode-bom/"),
        ("GET", "assembly-quotes/{no}/"),
        ("POST", "blanket-assembly-orders/{no}/release/"),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, stand_alone: str, method: str, path: str) -> None:
    before = state()

    refused = api.send(method, path.format(no=stand_alone), {} if method in ("POST", "PATCH") else None)

    assert (refused.status_code, refused.body["code"]) == (404, "not_found")
    assert state() == before


def test_an_item_without_components_makes_an_order_without_lines(api: Api, kit: Item) -> None:
    order = api.post("assembly-orders/", {"item": "C1", "quantity": 1}).body

    assert order["lines"] == []
    assert api.post(f"assembly-orders/{order['no']}/release/").body["code"] == "nothing_to_release"
