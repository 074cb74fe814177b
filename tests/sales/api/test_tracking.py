"""Lots and serial numbers of sales lines, by address: what is written is what is shown, also on mixed lines."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.models import Item
from tests.factories import make_kit
from tests.rest import Api, errors_of


@pytest.fixture
def mixed(api: Api, kit: Item) -> str:
    """Return the line of an order of six LOTS, four of them assembled to order; five lie in stock as lot K0."""
    make_kit("LOTS", item_tracking="lot", bom=[{"item": Item.objects.get(no="C1"), "quantity_per": 2}])
    api.post("inventory-adjustments/", {**_in("LOTS", 5), "lot_no": "K0"})
    entered = {"no": "LOTS", "quantity": 6, "qty_to_assemble_to_order": 4}
    order = api.post("sales-orders/", {"customer": "CUST", "lines": [entered]}).body["no"]
    return f"sales-orders/{order}/lines/10000/"


def _in(item: str, quantity: int) -> dict[str, Any]:
    return {"entry_type": "positive_adjustment", "item": item, "location": "MAIN", "quantity": quantity}


def lots(answer: Any) -> list[tuple[str, str]]:
    """Return the lots that the answer shows, with their quantities."""
    return [(row["lot_no"], row["quantity"]) for row in answer.body["tracking"]]


def made_lots(api: Api, line: str) -> list[tuple[str, str]]:
    """Return the lots of what is assembled for the line."""
    return lots(api.get(f"{line}assembly/"))


def test_a_list_for_both_parts_tells_stock_and_assembly_apart_by_what_lies_there(api: Api, mixed: str) -> None:
    changed = api.patch(mixed, {"tracking": [{"lot_no": "NEW", "quantity": 4}, {"lot_no": "K0", "quantity": 2}]})

    assert lots(changed) == [("NEW", "4"), ("K0", "2")]
    assert made_lots(api, mixed) == [("NEW", "4")]


def test_what_is_shown_of_both_parts_can_be_sent_back(api: Api, mixed: str) -> None:
    shown = [("NEW", "4"), ("K0", "2")]
    rows = [{"lot_no": lot, "quantity": quantity} for lot, quantity in shown]
    api.patch(mixed, {"tracking": rows})

    assert lots(api.patch(mixed, {"tracking": rows})) == shown


def test_a_list_for_the_part_from_stock_leaves_the_assembly_alone(api: Api, mixed: str) -> None:
    api.patch(mixed, {"tracking": [{"lot_no": "NEW", "quantity": 4}, {"lot_no": "K0", "quantity": 2}]})

    assert lots(api.patch(mixed, {"tracking": [{"lot_no": "K0", "quantity": 1}]})) == [("NEW", "4"), ("K0", "1")]


def test_neither_part_takes_more_than_its_quantity(api: Api, mixed: str) -> None:
    refused = api.patch(mixed, {"tracking": [{"lot_no": "NEW", "quantity": 4}, {"lot_no": "K0", "quantity": 3}]})

    assert errors_of(refused) == [("tracking", "exceeds_quantity")]
    assert made_lots(api, mixed) == []


def test_a_number_comes_with_its_quantity_in_a_change_too(api: Api, mixed: str) -> None:
    refused = api.patch(mixed, {"tracking": [{"lot_no": "NEW", "quantity": 1}, {"lot_no": "K0"}]})

    assert errors_of(refused) == [("tracking[1].quantity", "required")]


def test_a_change_of_numbers_is_a_change_of_the_document(api: Api, mixed: str) -> None:
    seen = api.get(mixed)["ETag"]
    entered = [{"lot_no": "K0", "quantity": 2}]

    changed = api.patch(mixed, {"tracking": entered}, if_match=seen)
    again = api.patch(mixed, {"tracking": entered}, if_match=changed["ETag"])

    assert changed["ETag"] != seen
    assert again["ETag"] == changed["ETag"]  # nothing differs
    assert api.patch(mixed, {"tracking": []}, if_match=seen).status_code == 412
    assert lots(api.get(mixed)) == [("K0", "2")]


def test_numbers_of_what_is_assembled_are_a_change_of_both_documents(api: Api, mixed: str) -> None:
    order, assembly = (
        mixed.split("lines/", maxsplit=1)[0],
        f"assembly-orders/{api.get(f'{mixed}assembly/').body['no']}/",
    )
    seen = [api.get(address)["ETag"] for address in (order, assembly)]

    api.patch(assembly, {"tracking": [{"lot_no": "NEW", "quantity": 4}]})

    assert [
        api.patch(address, {"note": "x"}, if_match=tag).status_code
        for address, tag in zip((order, assembly), seen, strict=True)
    ] == [412, 412]


def test_numbers_of_a_component_are_a_change_of_its_document(api: Api, mixed: str) -> None:
    assembly = f"assembly-orders/{api.get(f'{mixed}assembly/').body['no']}/"
    api.patch("items/C1/", {"item_tracking": "lot"})
    line = f"{assembly}lines/10000/"
    seen = api.get(line)["ETag"]

    changed = api.patch(line, {"tracking": [{"lot_no": "C0", "quantity": 1}]}, if_match=seen)

    assert changed["ETag"] == api.get(assembly)["ETag"] != seen
    assert api.patch(line, {"tracking": []}, if_match=seen).status_code == 412


def test_an_order_keeps_the_numbers_that_were_chosen_on_the_quote(api: Api, mixed: str) -> None:
    line = {"no": "LOTS", "quantity": 3, "qty_to_assemble_to_order": 0, "tracking": [{"lot_no": "K0", "quantity": 3}]}
    quote = api.post("sales-quotes/", {"customer": "CUST", "lines": [line]}).body["no"]

    order = api.post(f"sales-quotes/{quote}/make-order/").body["sales_order"]

    assert lots(api.get(f"sales-orders/{order}/lines/10000/")) == [("K0", "3")]
