"""How many SQL statements a request runs, signing in, transaction and answer included: the same for 1 line and for 40.

The numbers are pinned. One that goes up is a finding; one that goes down is pinned anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inventory.models import Item
from tests.rest import Api, counted
from tests.support import day

Ask = Callable[[Api, str], Any]

#: What is asked of an order of n lines, and the statements that it costs.
REQUESTS: dict[str, tuple[int, Ask]] = {
    "enter a line": (21, lambda api, no: api.post(f"sales-orders/{no}/lines/", {"no": "KIT", "quantity": 2})),
    "change a quantity": (26, lambda api, no: api.patch(f"sales-orders/{no}/lines/10000/", {"quantity": 6})),
    "change a note": (11, lambda api, no: api.patch(f"sales-orders/{no}/", {"note": "x"})),
    "move all lines": (
        26,
        lambda api, no: api.patch(f"sales-orders/{no}/", {"shipment_date": day(20).isoformat()}),
    ),
    "show": (6, lambda api, no: api.get(f"sales-orders/{no}/")),
    "show a line": (6, lambda api, no: api.get(f"sales-orders/{no}/lines/10000/")),
    "list lines": (3, lambda api, no: api.get(f"sales-orders/{no}/lines/")),
    "list": (2, lambda api, no: api.get("sales-orders/")),
    "list with lines and a count": (4, lambda api, no: api.get("sales-orders/?expand=lines&count=true")),
    "show the assembly": (5, lambda api, no: api.get(f"sales-orders/{no}/lines/10000/assembly/")),
    "list reservations": (2, lambda api, no: api.get("reservations/?item=KIT")),
    "release": (15, lambda api, no: api.post(f"sales-orders/{no}/release/")),
    "delete a line": (24, lambda api, no: api.delete(f"sales-orders/{no}/lines/10000/")),
    "delete": (25, lambda api, no: api.delete(f"sales-orders/{no}/")),
}
#: What entering an order costs, however many lines it has.
STATEMENTS_TO_ENTER = 22


def enter(api: Api, lines: int, kind: str = "sales-orders") -> str:
    """Enter an order of so many KIT lines and return its number."""
    made = api.post(f"{kind}/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 5}] * lines})
    assert made.status_code == 201, made.body
    return str(made.body["no"])


@pytest.fixture(autouse=True)
def _token_was_used(api: Api) -> None:
    """Note the use of the token, which happens hourly at most, before anything is counted."""
    api.get("customers/")


@pytest.mark.parametrize("lines", [1, 10, 100])
def test_entering_an_order(api: Api, kit: Item, lines: int) -> None:
    with counted() as statements:
        enter(api, lines)

    assert len(statements) == STATEMENTS_TO_ENTER, "\n".join(statements)


@pytest.mark.parametrize("lines", [1, 40])
@pytest.mark.parametrize(("kind", "less"), [("sales-quotes", 3), ("blanket-sales-orders", 3)])
def test_entering_what_reserves_nothing_costs_less(api: Api, kit: Item, kind: str, less: int, lines: int) -> None:
    with counted() as statements:
        enter(api, lines, kind)

    assert len(statements) == STATEMENTS_TO_ENTER - less, "\n".join(statements)


@pytest.mark.parametrize("lines", [1, 40])
@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_request(api: Api, kit: Item, request_name: str, lines: int) -> None:
    pinned, ask = REQUESTS[request_name]
    no = enter(api, lines)

    with counted() as statements:
        answer = ask(api, no)

    assert answer.status_code < 300, answer.body
    assert len(statements) == pinned, "\n".join(statements)


def test_reading_opens_no_transaction(api: Api, kit: Item) -> None:
    no = enter(api, 2)

    with counted() as statements:
        api.get(f"sales-orders/{no}/")

    assert [statement.lstrip("(").split()[0] for statement in statements] == ["SELECT"] * 6
