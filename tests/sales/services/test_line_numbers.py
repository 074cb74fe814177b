"""Lots and serial numbers of sales lines whose quantities change (RES-12, RES-20)."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.exceptions import ExceedsQuantity
from inventory.models import Item, TrackedSource, TrackingLine
from sales.models import SalesLine
from sales.services.mixing import split_line
from tests.factories import make_item, make_kit
from tests.posting import ship, stock
from tests.rest import counted
from tests.support import (
    add_sales_line,
    assembly_of,
    change,
    d,
    figures,
    has_assembly,
    line_of,
    refused,
    reopen,
    sell,
    sell_kit,
)

pytestmark = pytest.mark.usefixtures("house")


def lots(**quantities: int | str) -> list[dict[str, Any]]:
    """Return a list to be assigned: lots with their quantities."""
    return [{"lot_no": lot, "quantity": d(quantity)} for lot, quantity in quantities.items()]


def assigned(line: SalesLine, kind: TrackedSource = TrackedSource.SALES_LINE) -> list[tuple[Any, ...]]:
    """Return what is assigned to the line, or to the output of its assembly: lot, quantity, to handle, handled."""
    source = line.pk if kind == TrackedSource.SALES_LINE else assembly_of(line).pk
    rows = TrackingLine.objects.filter(source_kind=kind, source_id=source).order_by("pk")
    return list(rows.values_list("lot_no", "quantity", "quantity_to_handle", "quantity_handled"))


@pytest.fixture
def lot_item(house: Item) -> Item:
    return make_item("LOTS", item_tracking="lot")


@pytest.fixture
def lot_kit(house: Item) -> Item:
    return make_kit("LOTKIT", item_tracking="lot", bom=[{"item": make_item("PART"), "quantity_per": 1}])


@pytest.fixture
def line(lot_item: Item) -> SalesLine:
    """Ten LOTS from stock, four of lot A and six of lot B."""
    return change(sell_kit(lot_item, 10), tracking=lots(A=4, B=6))


@pytest.mark.parametrize(
    ("quantity", "left"),
    [
        (12, [("A", 4, 4, 0), ("B", 6, 6, 0)]),
        (10, [("A", 4, 4, 0), ("B", 6, 6, 0)]),
        (7, [("A", 4, 4, 0), ("B", 3, 3, 0)]),
        (4, [("A", 4, 4, 0)]),
        (1, [("A", 1, 1, 0)]),
        (0, []),
    ],
)
def test_a_smaller_quantity_takes_the_last_numbers_first(
    line: SalesLine, quantity: int, left: list[tuple[Any, ...]]
) -> None:
    change(line, quantity=quantity)

    assert assigned(line) == left


def test_what_was_to_be_left_for_later_is_left_for_later(line: SalesLine) -> None:
    change(line, tracking=[*lots(A=4), {"lot_no": "B", "quantity": d(6), "quantity_to_handle": d(1)}])

    change(line, quantity=7)

    assert assigned(line) == [("A", 4, 4, 0), ("B", 3, 1, 0)]


def test_what_was_posted_of_a_number_stays(line: SalesLine) -> None:
    stock("LOTS", 5, lot_no="B")
    held = [{"lot_no": "A", "quantity": d(4), "quantity_to_handle": d(0)}]
    change(line, qty_to_ship=5, tracking=[*held, {"lot_no": "B", "quantity": d(6), "quantity_to_handle": d(5)}])
    ship(line.document)
    reopen(line.document)

    change(line, quantity=7)

    assert assigned(line) == [("A", 2, 0, 0), ("B", 5, 0, 5)]


def test_numbers_given_with_a_smaller_quantity_are_taken_as_they_are(line: SalesLine) -> None:
    change(line, quantity=5, tracking=lots(B=3, C=2))

    assert assigned(line) == [("B", 3, 3, 0), ("C", 2, 2, 0)]


def test_another_item_takes_no_numbers_along(line: SalesLine) -> None:
    make_item("OTHER", item_tracking="lot")

    change(line, no="OTHER")

    assert not TrackingLine.objects.exists()


def test_assembling_more_of_a_line_leaves_less_from_stock(lot_kit: Item) -> None:
    mixed = change(sell_kit(lot_kit, 10, qty_to_assemble_to_order=4), tracking=lots(A=4, B=2))

    change(mixed, qty_to_assemble_to_order=7)

    assert assigned(mixed) == [("A", 3, 3, 0)]
    change(mixed, qty_to_assemble_to_order=10)
    assert assigned(mixed) == []


@pytest.mark.parametrize("edit", [{"qty_to_assemble_to_order": 5}, {"quantity": 5}])
def test_assembling_less_than_has_numbers_is_refused(lot_kit: Item, edit: dict[str, int]) -> None:
    whole = change(sell_kit(lot_kit, 10), tracking=lots(A=4, B=3))

    with refused(ExceedsQuantity, field="tracking"):
        change(whole, **edit)

    assert figures(line_of(whole.document)) == (10, 10, 10)
    assert assigned(whole, TrackedSource.ASSEMBLY_DOCUMENT) == [("A", 4, 4, 0), ("B", 3, 3, 0)]


def test_assembling_as_much_as_has_numbers_is_not(lot_kit: Item) -> None:
    whole = change(sell_kit(lot_kit, 10), tracking=lots(A=4, B=3))

    change(whole, quantity=7)

    assert assigned(whole, TrackedSource.ASSEMBLY_DOCUMENT) == [("A", 4, 4, 0), ("B", 3, 3, 0)]


def test_assembling_nothing_any_more_takes_the_numbers_along(lot_kit: Item) -> None:
    whole = change(sell_kit(lot_kit, 10), tracking=lots(A=4, B=3))

    change(whole, qty_to_assemble_to_order=0)

    assert not has_assembly(whole)
    assert not TrackingLine.objects.exists()


def test_an_assembly_for_another_item_takes_no_numbers_along(lot_kit: Item) -> None:
    make_kit("OTHER", item_tracking="lot", bom=[{"item": Item.objects.get(no="PART"), "quantity_per": 1}])
    whole = change(sell_kit(lot_kit, 10), tracking=lots(A=10))

    change(whole, qty_to_assemble_to_order=0, no="OTHER")
    change(whole, qty_to_assemble_to_order=4, quantity=4)

    assert not TrackingLine.objects.exists()


def test_a_split_gives_the_part_from_stock_its_numbers(lot_kit: Item) -> None:
    mixed = change(sell_kit(lot_kit, 10, qty_to_assemble_to_order=4), tracking=lots(A=4, B=2))

    part = split_line(no=mixed.document.no, line_no=mixed.line_no)

    assert assigned(part) == [("A", 4, 4, 0), ("B", 2, 2, 0)]
    assert assigned(mixed) == []


def test_a_serial_number_goes_whole(house: Item) -> None:
    make_item("PIECES", item_tracking="serial")
    pieces = [{"serial_no": f"S{number}", "quantity": d(1)} for number in (1, 2, 3)]
    line = change(line_of(sell({"no": "PIECES", "quantity": 3})), tracking=pieces)

    change(line, quantity="1.5")

    assert TrackingLine.objects.values_list("serial_no", "quantity").get() == ("S1", 1)


@pytest.mark.parametrize("tracking", ["lot", "none"])
def test_only_tracked_lines_are_looked_at(house: Item, tracking: str) -> None:
    make_item("ANY", item_tracking=tracking)
    document = sell({"no": "ANY", "quantity": 5})
    add_sales_line(document, no="ANY", quantity=5)

    with counted() as statements:
        change(line_of(document), quantity=4)

    assert sum("inventory_trackingline" in statement for statement in statements) == (1 if tracking == "lot" else 0)


def test_a_line_that_was_shipped_whole_keeps_its_numbers(lot_kit: Item) -> None:
    line = sell_kit(lot_kit, 3)
    change(line, tracking=lots(A=3))

    stock("PART", 3)
    ship(line.document)

    assert assigned(line, TrackedSource.ASSEMBLY_DOCUMENT) == [("A", 3, 0, 3)]
