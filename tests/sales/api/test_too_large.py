"""Numbers that come out larger than a column holds: refused at the field that they came from, and nothing moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backoffice.exceptions import OutOfRange
from inventory.models import Item
from inventory.rounding import round_to
from tests.rest import Api, errors_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"quantity": "9999999999999"}, "lines[0].quantity"),
        ({"quantity": "9999999999999", "unit_of_measure": "BOX"}, "lines[0].quantity"),
        ({"quantity": "999999999999", "unit_price": "99999999"}, "lines[0].unit_price"),
    ],
)
def test_an_order_is_refused_at_the_field(api: Api, kit: Item, line: dict[str, Any], field: str) -> None:
    answer = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": kit.no, **line}]})
    assert answer.status_code == 400
    assert errors_of(answer) == [(field, "out_of_range")]


@pytest.mark.parametrize(("name", "value"), [("quantity_per", "99999999999"), ("unit_cost", "9999999999999")])
def test_a_component_is_refused_at_the_field(api: Api, kit: Item, name: str, value: str) -> None:
    order = api.post("assembly-orders/", {"item": kit.no, "quantity": "100000"}).body["no"]
    answer = api.patch(f"assembly-orders/{order}/lines/10000/", {name: value})
    assert answer.status_code == 400
    assert errors_of(answer) == [(name, "out_of_range")]


@pytest.mark.parametrize("value", ["1e13", "-1e13", "1e31"])
def test_rounding_refuses_what_no_column_holds(value: str) -> None:
    with pytest.raises(OutOfRange):
        round_to(Decimal(value), Decimal("0.01"))
