"""A date before the work date is taken, and said (WRN-04)."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item
from tests.rest import Api
from tests.support import day

pytestmark = pytest.mark.django_db

_CODE = "due_date_before_work_date"


def _late(answer: Any) -> list[tuple[int | None, str]]:
    assert answer.status_code in (200, 201), answer.body
    warnings = [row for row in answer.body.get("warnings", []) if row["code"] == _CODE]
    assert all(row["work_date"] == day(0).isoformat() for row in warnings)
    return [(row["line_no"], row["due_date"]) for row in warnings]


def _on(days: int) -> str:
    return day(days).isoformat()


@pytest.mark.parametrize("kind", ["sales-orders", "sales-quotes", "blanket-sales-orders"])
def test_a_sales_document_says_it_once_and_a_line_where_its_date_is_its_own(api: Api, kit: Item, kind: str) -> None:
    lines = [{"no": kit.no, "quantity": "1"}, {"no": kit.no, "quantity": "1", "shipment_date": _on(-5)}]
    made = api.post(f"{kind}/", {"customer": "CUST", "shipment_date": _on(-2), "lines": lines})
    path = f"{kind}/{made.body['no']}/"

    assert _late(made) == [(None, _on(-2)), (20000, _on(-5))]
    assert _late(api.patch(path, {"note": "x"})) == []
    assert _late(api.patch(path, {"shipment_date": _on(0)})) == []
    assert _late(api.patch(f"{path}lines/10000/", {"shipment_date": _on(-1)})) == [(10000, _on(-1))]
    assert _late(api.patch(f"{path}lines/10000/", {"quantity": "2"})) == []
    assert "warnings" not in api.get(path).body


def test_a_new_line_takes_the_date_of_its_document(api: Api, kit: Item) -> None:
    made = api.post("sales-orders/", {"customer": "CUST", "shipment_date": _on(-2)})
    assert _late(api.post(f"sales-orders/{made.body['no']}/lines/", {"no": kit.no, "quantity": "1"})) == [
        (10000, _on(-2))
    ]


def test_an_assembly_order_says_it_of_itself_and_of_its_first_component(api: Api, kit: Item) -> None:
    made = api.post("assembly-orders/", {"item": kit.no, "quantity": "1", "due_date": _on(-1)})
    path = f"assembly-orders/{made.body['no']}/"

    assert _late(made) == [(None, _on(-1)), (10000, _on(-1))]
    assert _late(api.patch(path, {"quantity": "2"})) == []
    assert _late(api.patch(path, {"due_date": _on(1)})) == []
    assert _late(api.patch(f"{path}lines/10000/", {"due_date": _on(-3)})) == [(10000, _on(-3))]
    assert _late(api.patch(f"{path}lines/10000/", {"quantity_per": "3"})) == []
