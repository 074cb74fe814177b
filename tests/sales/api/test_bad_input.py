"""What sales does not take: refused by name at the field, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assembly.models import AssemblyDocument
from inventory.models import Item, PlannedMovement, Reservation
from inventory.services.items import change_item
from sales.models import SalesDocument, SalesLine
from tests.rest import Api, errors_of

#: No quantity at all, whatever the field.
NO_NUMBERS = ["NaN", "Infinity", "1e3", "1.123456", "1,5", " 1", "+1", "٣", "0x1", "", "10000000000000", True, [], {}]
#: What is no date.
NO_DATES = ["", "today", "2031-02-30", "2031-3-3", "20310303", "1899-12-31", "3000-01-01", 20310303, True, [], {}]
#: What is no code.
NO_CODES = ["X" * 50, " KIT", "KIT\t", "KI\u202eT", 7, True, [], {}]


def state() -> list[Any]:
    """Return all that sales and assembly hold, to be compared."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (SalesDocument, SalesLine, AssemblyDocument, PlannedMovement, Reservation)
    ]


@pytest.fixture
def order(api: Api, kit: Item) -> str:
    """Return the number of an order of five KIT."""
    made = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 5}]})
    return str(made.body["no"])


def assert_refused(answer: Any, before: list[Any], fault: tuple[str | None, str]) -> None:
    """Assert that the answer names the fault, and only it, and that nothing has changed."""
    assert answer.status_code in (400, 409), answer.body
    assert errors_of(answer) == [fault], answer.body
    assert state() == before


@pytest.mark.parametrize("field", ["quantity", "qty_to_assemble_to_order", "unit_price", "line_discount_percent"])
def test_a_line_takes_exact_decimals_only(api: Api, order: str, field: str) -> None:
    before = state()

    for value in NO_NUMBERS:
        changed = api.patch(f"sales-orders/{order}/lines/10000/", {field: value})
        entered = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", field: value}]})

        assert_refused(changed, before, (field, "invalid"))
        assert_refused(entered, before, (f"lines[0].{field}", "invalid"))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"quantity": -1}, "quantity", "invalid"),
        ({"quantity": None}, "quantity", "required"),
        ({"qty_to_assemble_to_order": -1}, "qty_to_assemble_to_order", "invalid"),
        ({"qty_to_assemble_to_order": 6}, "qty_to_assemble_to_order", "exceeds_quantity"),
        ({"qty_to_ship": 6}, "qty_to_ship", "qty_to_ship_out_of_range"),
        ({"qty_to_ship": -1}, "qty_to_ship", "qty_to_ship_out_of_range"),
        ({"qty_to_invoice": 6}, "qty_to_invoice", "exceeds_quantity"),
        ({"unit_price": "-0.01"}, "unit_price", "invalid"),
        ({"unit_cost": -1}, "unit_cost", "invalid"),
        ({"line_discount_percent": "100.01"}, "line_discount_percent", "invalid"),
        ({"line_discount_percent": -1}, "line_discount_percent", "invalid"),
        ({"variant": "GREEN"}, "variant", "not_found"),
        ({"location": "NOWHERE"}, "location", "not_found"),
        ({"location": None}, "location", "required"),
        ({"bin": "B-01"}, "bin", "not_found"),
        ({"unit_of_measure": "TON"}, "unit_of_measure", "not_found"),
        ({"shipment_date": None}, "shipment_date", "required"),
        ({"type": "service"}, "type", "invalid"),
        ({"line_no": 20000}, "line_no", "read_only_field"),
        ({"line_no": 0}, "line_no", "invalid"),
        ({"line_no": "1.5"}, "line_no", "invalid"),
        ({"line_amount": 5}, "line_amount", "read_only_field"),
        ({"reserved_quantity": 5}, "reserved_quantity", "read_only_field"),
        ({"assembly_document": None}, "assembly_document", "read_only_field"),
        ({"quantity_shipped": 5}, "quantity_shipped", "read_only_field"),
        ({"qty": 5}, "qty", "unknown_field"),
        ({"tracking": [{"lot_no": "L", "quantity": 1, "lot": 1}]}, "tracking[0].lot", "unknown_field"),
        ({"description": "bell\u0007"}, "description", "invalid"),
        ({"description": "x" * 201}, "description", "invalid"),
    ],
)
def test_a_faulty_change_of_a_line_is_refused(
    api: Api, order: str, values: dict[str, Any], field: str, code: str
) -> None:
    before = state()

    assert_refused(api.patch(f"sales-orders/{order}/lines/10000/", values), before, (field, code))


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ({}, "no", "required"),
        ({"no": ""}, "no", "required"),
        ({"no": "NOPE"}, "no", "not_found"),
        ({"no": "NOPE", "type": "resource"}, "no", "not_found"),
        ({"no": "KIT", "type": "comment"}, "no", "invalid"),
        ({"type": "comment", "quantity": 1}, "quantity", "invalid"),
        (
            {"type": "resource", "no": "R1", "quantity": 2, "qty_to_assemble_to_order": 2},
            "qty_to_assemble_to_order",
            "assembly_not_allowed",
        ),
        ({"no": "KIT", "quantity": -3}, "quantity", "invalid"),
        ({"no": "KIT", "line_no": -1}, "line_no", "invalid"),
        ({"no": "KIT", "line_no": 10**9}, "line_no", "invalid"),
    ],
)
def test_a_faulty_line_is_refused_alone_and_within_its_order(
    api: Api, order: str, line: dict[str, Any], field: str, code: str
) -> None:
    before = state()

    alone = api.post(f"sales-orders/{order}/lines/", line)
    within = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "C1", "quantity": 1}, line]})

    assert_refused(alone, before, (field, code))
    assert_refused(within, before, (f"lines[1].{field}", code))


def test_all_faults_of_an_order_are_told_at_once(api: Api, order: str) -> None:
    before = state()

    refused = api.post(
        "sales-orders/",
        {"customer": "CUST", "lines": [{"no": "NOPE"}, {"no": "KIT", "quantity": 1}, {"no": "KIT", "quantity": -1}]},
    )

    assert errors_of(refused) == [("lines[0].no", "not_found"), ("lines[2].quantity", "invalid")]
    assert state() == before


@pytest.mark.parametrize("blocked", ["blocked", "sales_blocked"])
def test_a_blocked_item_is_not_sold(api: Api, order: str, blocked: str) -> None:
    change_item("KIT", {blocked: True})
    before = state()

    refused = api.post(f"sales-orders/{order}/lines/", {"no": "KIT", "quantity": 1})

    assert_refused(refused, before, ("no", "blocked"))


def test_a_blocked_customer_buys_nothing(api: Api, order: str) -> None:
    api.patch("customers/CUST/", {"blocked": True})
    before = state()

    assert_refused(api.post("sales-orders/", {"customer": "CUST"}), before, ("customer", "blocked"))


@pytest.mark.parametrize("field", ["shipment_date", "posting_date", "requested_delivery_date"])
def test_a_header_takes_dates_only(api: Api, order: str, field: str) -> None:
    before = state()

    for value in NO_DATES:
        assert_refused(api.patch(f"sales-orders/{order}/", {field: value}), before, (field, "invalid"))


@pytest.mark.parametrize("field", ["no", "customer", "location"])
def test_a_header_takes_codes_only(api: Api, order: str, field: str) -> None:
    before = state()

    for value in NO_CODES:
        refused = api.post("sales-orders/", {"customer": "CUST", field: value})

        assert_refused(refused, before, (field, "invalid"))


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"customer": ""}, "customer", "required"),
        ({"customer": None}, "customer", "required"),
        ({"customer": "NOBODY"}, "customer", "not_found"),
        ({"location": "NOWHERE"}, "location", "not_found"),
        ({"order_date": None}, "order_date", "required"),
        ({"no": "SO-999999"}, "no", "read_only_field"),
        ({"shipping_advice": "soon"}, "shipping_advice", "invalid"),
        ({"external_document_no": "x" * 51}, "external_document_no", "invalid"),
        ({"status": "released"}, "status", "read_only_field"),
        ({"amount": 1}, "amount", "read_only_field"),
        ({"quote_no": "SQ-1"}, "quote_no", "read_only_field"),
        ({"lines": []}, "lines", "read_only_field"),
        ({"costumer": "CUST"}, "costumer", "unknown_field"),
    ],
)
def test_a_faulty_change_of_a_header_is_refused(
    api: Api, order: str, values: dict[str, Any], field: str, code: str
) -> None:
    before = state()

    assert_refused(api.patch(f"sales-orders/{order}/", values), before, (field, code))


@pytest.mark.parametrize("body", [[], "text", 7, None, True, [{"customer": "CUST"}]])
def test_an_order_is_an_object(api: Api, order: str, body: Any) -> None:
    before = state()

    for path in ("sales-orders/", f"sales-orders/{order}/lines/", f"sales-orders/{order}/release/"):
        assert api.send("POST", path, raw=json.dumps(body).encode()).status_code == 400
        assert state() == before


@pytest.mark.parametrize("lines", [{}, "text", 7, None, [[]], ["KIT"], [None], [7]])
def test_lines_are_a_list_of_objects(api: Api, order: str, lines: Any) -> None:
    before = state()

    refused = api.post("sales-orders/", {"customer": "CUST", "lines": lines})

    assert refused.status_code == 400
    assert all(field.startswith("lines") for field, _ in errors_of(refused) if field)
    assert state() == before


@pytest.mark.parametrize(
    "raw",
    [
        b'{"customer": "CUST", "note": "a\\u0000b"}',
        b'{"customer": "CUST", "note": "\\ud800"}',
        b'{"customer": "CUST", "customer": "CUST"}',
        b'{"customer": "CUST", "lines": [{"no": "KIT", "quantity": NaN}]}',
        b'{"customer": "CUST", "lines": [{"no": "KIT", "quantity": 1e400}]}',
        b'{"customer": "CUST", "lines": [{"no": "KIT", "quantity": 0.000001}]}',
        b'{"customer": "\xff"}',
        b"{",
        b"[" * 40 + b"]" * 40,
    ],
)
def test_a_body_that_is_no_strict_json_is_refused(api: Api, order: str, raw: bytes) -> None:
    before = state()

    assert api.send("POST", "sales-orders/", raw=raw).status_code == 400
    assert state() == before


@pytest.mark.parametrize(
    "line",
    [
        {"quantity": "9999999999999", "unit_price": "9999999999999"},
        {"quantity": "9999999999999", "unit_of_measure": "BOX"},
        {"quantity": "9999999999999.99999", "unit_cost": "9999999999999.99999"},
    ],
)
def test_what_no_column_can_hold_is_refused(api: Api, order: str, line: dict[str, Any]) -> None:
    before = state()

    refused = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", **line}]})

    assert (refused.status_code, refused.body["code"]) == (400, "out_of_range")
    assert state() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "sales-orders/NOPE/"),
        ("PATCH", "sales-orders/NOPE/"),
        ("DELETE", "sales-orders/NOPE/"),
        ("POST", "sales-orders/NOPE/release/"),
        ("POST", "sales-orders/NOPE/reopen/"),
        ("GET", "sales-orders/NOPE/lines/"),
        ("POST", "sales-orders/NOPE/lines/"),
        ("GET", "sales-orders/{order}/lines/77/"),
        ("PATCH", "sales-orders/{order}/lines/77/"),
        ("DELETE", "sales-orders/{order}/lines/77/"),
        ("POST", "sales-orders/{order}/lines/77/explode-bom/"),
        ("GET", "sales-orders/{order}/lines/77/assembly/"),
        ("GET", "sales-orders/{order}/lines/99999999999999999999/assembly/"),
        ("GET", "sales-orders/{order}/lines/abc/"),
        ("GET", "sales-orders/{order}/lines/99999999999999999999/"),
        ("GET", "sales-orders/%00/"),
        ("GET", "sales-orders/a%0ab/"),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, order: str, method: str, path: str) -> None:
    before = state()
    body = {"no": "KIT"} if path.endswith("NOPE/lines/") else {} if method in ("POST", "PATCH") else None

    refused = api.send(method, path.format(order=order), body)

    assert (refused.status_code, refused.body["code"]) == (404, "not_found")
    assert state() == before


@pytest.mark.parametrize("tag", ["1", 'W/"1"', '"-1"', '"99"', '"1x"'])
def test_a_stale_or_strange_tag_changes_nothing(api: Api, order: str, tag: str) -> None:
    before = state()

    for method, path, body in (
        ("PATCH", f"sales-orders/{order}/", {"note": "x"}),
        ("PATCH", f"sales-orders/{order}/lines/10000/", {"quantity": 6}),
        ("DELETE", f"sales-orders/{order}/lines/10000/", None),
        ("DELETE", f"sales-orders/{order}/", None),
        ("POST", f"sales-orders/{order}/lines/", {"no": "C1", "quantity": 1}),
    ):
        assert api.send(method, path, body, If_Match=tag).status_code == 412
        assert state() == before


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "cursor=zzz",
        "ordering=note",
        "fields=colour",
        "expand=links",
        "status=lost",
        "shipment_date=soon",
        "colour=red",
        "created_at__gte=yesterday",
        "no=a&no=b",
        "count=yes",
    ],
)
def test_a_faulty_question_is_refused(api: Api, order: str, query: str) -> None:
    refused = api.get(f"sales-orders/?{query}")

    assert refused.status_code == 400
    assert errors_of(refused)[0][0] == query.partition("=")[0]
