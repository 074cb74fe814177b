"""Until when a quote stands: a field of quotes alone."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item
from tests.rest import Api, errors_of
from tests.support import day


def enter(api: Api, kind: str, **header: Any) -> Any:
    return api.post(f"{kind}/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 1}], **header})


def test_quote_is_entered_found_and_extended(api: Api, kit: Item) -> None:
    date = day(5).isoformat()
    made = enter(api, "sales-quotes", expiration_date=date)
    assert (made.status_code, made.body["expiration_date"]) == (201, date)

    found = api.get(f"sales-quotes/?expiration_date__lte={date}").body["results"]
    assert [row["no"] for row in found] == [made.body["no"]]

    address = f"sales-quotes/{made.body['no']}/"
    assert api.post(f"{address}release/", {}).status_code == 200
    later = api.patch(address, {"expiration_date": day(9).isoformat()})
    assert (later.status_code, later.body["expiration_date"]) == (200, day(9).isoformat())
    assert api.patch(address, {"expiration_date": None}).body["expiration_date"] is None


@pytest.mark.parametrize("kind", ["sales-orders", "blanket-sales-orders"])
def test_nothing_else_expires(api: Api, kit: Item, kind: str) -> None:
    refused = enter(api, kind, expiration_date=day(5).isoformat())

    assert refused.status_code == 400
    assert errors_of(refused) == [("expiration_date", "unknown_field")]


def test_copy_of_a_quote_says_that_it_has_no_date(api: Api, kit: Item) -> None:
    no = enter(api, "sales-quotes", expiration_date=day(5).isoformat()).body["no"]

    made = api.post(f"sales-quotes/{no}/copy/", {"to": "sales_quote"})

    assert made.status_code == 201
    assert made.body["expiration_date"] is None
