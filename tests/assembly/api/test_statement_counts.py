"""How many SQL statements a request runs, signing in, transaction and answer included, however many lines there are.

The numbers are pinned. One that goes up is a finding; one that goes down is pinned anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inventory.models import Item
from tests.factories import make_item, make_stock_kit
from tests.rest import Api, counted
from tests.support import day

Ask = Callable[[Api, str], Any]

#: What is asked of an order to stock with n components, and the statements that it costs.
REQUESTS: dict[str, tuple[int, Ask]] = {
    "enter": (15, lambda api, no: api.post("assembly-orders/", {"item": "BIG", "quantity": 2})),
    "change the quantity": (16, lambda api, no: api.patch(f"assembly-orders/{no}/", {"quantity": 6})),
    "change the date": (
        16,
        lambda api, no: api.patch(f"assembly-orders/{no}/", {"due_date": day(30).isoformat()}),
    ),
    "change the note": (14, lambda api, no: api.patch(f"assembly-orders/{no}/", {"note": "x"})),
    "show": (5, lambda api, no: api.get(f"assembly-orders/{no}/")),
    "show a line": (5, lambda api, no: api.get(f"assembly-orders/{no}/lines/10000/")),
    "list": (2, lambda api, no: api.get("assembly-orders/")),
    "list with lines and a count": (6, lambda api, no: api.get("assembly-orders/?expand=lines&count=true")),
    "enter a line": (
        18,
        lambda api, no: api.post(f"assembly-orders/{no}/lines/", {"type": "item", "no": "P0", "quantity_per": 1}),
    ),
    "change a line": (15, lambda api, no: api.patch(f"assembly-orders/{no}/lines/10000/", {"quantity_per": 3})),
    "delete a line": (14, lambda api, no: api.delete(f"assembly-orders/{no}/lines/10000/")),
    "refresh the lines": (20, lambda api, no: api.post(f"assembly-orders/{no}/refresh-lines/")),
    "release": (13, lambda api, no: api.post(f"assembly-orders/{no}/release/")),
    "delete": (18, lambda api, no: api.delete(f"assembly-orders/{no}/")),
}


@pytest.mark.parametrize("components", [1, 40])
@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_request(api: Api, kit: Item, request_name: str, components: int) -> None:
    pinned, ask = REQUESTS[request_name]
    make_stock_kit("BIG", bom=[{"item": make_item(f"P{i}"), "quantity_per": 1} for i in range(components)])
    no = str(api.post("assembly-orders/", {"item": "BIG", "quantity": 5}).body["no"])

    with counted() as statements:
        answer = ask(api, no)

    assert answer.status_code < 300, answer.body
    assert len(statements) == pinned, "\n".join(statements)


@pytest.mark.parametrize("orders", [1, 30])
def test_a_list_of_linked_orders(api: Api, kit: Item, orders: int) -> None:
    made = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 1}] * orders})
    assert made.status_code == 201

    with counted() as statements:
        shown = api.get("assembly-orders/?expand=lines&assemble_to_order=true").body["results"]

    assert len(shown) == orders
    assert len(statements) == 5, "\n".join(statements)
