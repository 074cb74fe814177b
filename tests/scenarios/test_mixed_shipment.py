"""A line that is partly assembled to order and partly taken from stock, shipped and invoiced in parts (PST-22)."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from inventory.models import Item, ItemApplication, ItemLedgerEntry, ValueEntry
from sales.models import SalesLine
from tests.posting import (
    OUT,
    OUTPUT,
    SALE,
    invoice,
    last_entry,
    moved,
    on_hand,
    ship,
    ship_and_invoice,
    shipment_lines,
    stock,
    used,
)
from tests.support import assembly_of, change, fields, fresh, line_of, plan, reopen, reserved_for, sell_kit


@pytest.fixture
def mixed_line(kit: Item) -> SalesLine:
    """Ten kits, seven of them assembled to order; three kits and the components are in stock."""
    stock("A", 14)
    stock(kit, 3)
    return change(sell_kit(kit, 10, qty_to_assemble_to_order=7), qty_to_ship=4)


def progress(line: SalesLine) -> tuple[object, ...]:
    """Return shipped, invoiced and outstanding of the line, and assembled and remaining of its assembly order."""
    document = assembly_of(line)
    row = line_of(line.document, line.line_no)
    return (
        *fields(row, "quantity_shipped", "quantity_invoiced", "outstanding_quantity"),
        *fields(document, "assembled_quantity", "remaining_quantity"),
    )


def test_what_is_shipped_comes_from_assembly_first_and_only_then_from_stock(mixed_line: SalesLine) -> None:
    """The rule book's example (PST-26), entry by entry."""
    before = last_entry()

    posted = ship(mixed_line.document)

    assert moved(since=before) == [(OUT, "A", -8), (OUTPUT, "K", 4), (SALE, "K", -4)]
    assert [use[0] for use in used("R")] == [4]
    assert shipment_lines(posted) == [("K", 4, 0, 4)]
    assert progress(mixed_line) == (4, 0, 6, 4, 3)
    assert (reserved_for(mixed_line), on_hand("K"), on_hand("A")) == (3, 3, 6)

    before = last_entry()
    second = ship(mixed_line.document)

    assert moved(since=before) == [(OUT, "A", -6), (OUTPUT, "K", 3), (SALE, "K", -3), (SALE, "K", -3)]
    assert [use[0] for use in used("R")] == [4, 3]
    assert shipment_lines(second) == [("K", 6, 0, 3)]
    assert progress(mixed_line) == (10, 0, 0, 7, 0)
    assert (reserved_for(mixed_line), on_hand("K"), on_hand("A")) == (0, 0, 0)


def test_what_is_assembled_is_sold_from_its_own_output(mixed_line: SalesLine) -> None:
    ship(mixed_line.document)
    ship(mixed_line.document)

    sales = ItemLedgerEntry.objects.filter(entry_type=SALE).order_by("pk")
    outputs = list(ItemLedgerEntry.objects.filter(entry_type=OUTPUT).order_by("pk"))
    assert [(row.assemble_to_order, row.applies_to_entry) for row in sales] == [
        (True, outputs[0]),
        (True, outputs[1]),
        (False, None),
    ]
    assert [row.remaining_quantity for row in outputs] == [0, 0]
    assert list(
        ItemApplication.objects.filter(inbound_entry__in=outputs).order_by("pk").values_list("quantity", flat=True)
    ) == [4, 3]


def test_what_is_invoiced_with_a_shipment_is_an_entry_of_its_own(mixed_line: SalesLine) -> None:
    ship(mixed_line.document)
    change(line_of(mixed_line.document), qty_to_invoice=2)
    before = last_entry()

    posted = ship_and_invoice(mixed_line.document)

    assert moved(since=before) == [
        (OUT, "A", -6),
        (OUTPUT, "K", 3),
        (SALE, "K", -2),
        (SALE, "K", -1),
        (SALE, "K", -3),
    ]
    assert shipment_lines(posted) == [("K", 6, 2, 3)]
    assert progress(mixed_line) == (10, 2, 0, 7, 0)


@pytest.mark.parametrize(
    ("invoiced", "sold"),
    [
        (1, [-1, -2, -3]),
        (3, [-3, -3]),
        (5, [-3, -2, -1]),
        (6, [-3, -3]),
        (8, [-3, -3]),
    ],
)
def test_the_invoiced_part_is_told_apart_within_the_assembled_part_and_within_the_part_from_stock(
    mixed_line: SalesLine, invoiced: int, sold: list[int]
) -> None:
    ship(mixed_line.document)
    change(line_of(mixed_line.document), qty_to_invoice=invoiced)
    before = last_entry()

    ship_and_invoice(mixed_line.document)

    assert [quantity for kind, _, quantity in moved("K", since=before) if kind == SALE] == sold


def test_what_was_shipped_before_is_invoiced_assembled_goods_first(mixed_line: SalesLine) -> None:
    """PST-30: three from stock left first, four assembled ones after them."""
    document = mixed_line.document
    change(mixed_line, qty_to_ship=3)
    plan(assembly_of(mixed_line), quantity_to_assemble=0)
    first = ship(document)
    reopen(document)
    change(line_of(document), qty_to_ship=4)
    second = ship(document)
    assert (shipment_lines(first), shipment_lines(second)) == ([("K", 3, 0, 0)], [("K", 4, 0, 4)])

    for quantity, of_first, of_second in ((3, 0, 3), (2, 1, 4)):
        change(line_of(document), qty_to_invoice=quantity)
        invoice(document)
        assert (shipment_lines(first), shipment_lines(second)) == (
            [("K", 3, of_first, 0)],
            [("K", 4, of_second, 4)],
        )

    # More than is shipped now: the rest is taken from what left before.
    change(line_of(document), qty_to_invoice=5)
    third = ship_and_invoice(document)
    assert (shipment_lines(first), shipment_lines(third)) == ([("K", 3, 3, 0)], [("K", 3, 3, 3)])
    assert line_of(document).document.status == "closed"


def test_of_two_mixed_shipments_the_assembled_part_of_both_is_invoiced_first(mixed_line: SalesLine) -> None:
    """PST-30 goes by entries, not by shipments: 1 assembled and 3 from stock, then 6 assembled."""
    document = mixed_line.document
    change(mixed_line, qty_to_ship=4)
    plan(assembly_of(mixed_line), quantity_to_assemble=1)
    first = ship(document)
    second = ship(document)
    assert (shipment_lines(first), shipment_lines(second)) == ([("K", 4, 0, 1)], [("K", 6, 0, 6)])

    for quantity, of_first, of_second in ((5, 1, 4), (3, 2, 6), (2, 4, 6)):
        change(line_of(document), qty_to_invoice=quantity)
        invoice(document)
        assert (shipment_lines(first), shipment_lines(second)) == (
            [("K", 4, of_first, 1)],
            [("K", 6, of_second, 6)],
        )


def test_order_and_assembly_order_are_closed_with_the_last_invoice_and_not_before(mixed_line: SalesLine) -> None:
    document = mixed_line.document
    assembly = assembly_of(mixed_line)
    ship(document)
    assert (line_of(document).document.status, fresh(assembly).status) == ("released", "open")

    ship(document)
    assert (line_of(document).document.status, fresh(assembly).status) == ("released", "open")

    invoice(document)
    assert (line_of(document).document.status, fresh(assembly).status) == ("closed", "closed")


def test_in_parts_or_at_once_comes_to_the_same(kit: Item) -> None:
    stock("A", 40)
    stock(kit, 6)
    at_once = sell_kit(kit, 10, qty_to_assemble_to_order=7)
    in_parts = sell_kit(kit, 10, qty_to_assemble_to_order=7)

    ship_and_invoice(at_once.document)
    for quantity in (1, 4, 5):
        change(line_of(in_parts.document), qty_to_ship=quantity)
        ship_and_invoice(in_parts.document)

    assert progress(at_once) == progress(in_parts) == (10, 10, 0, 7, 0)
    assert _consumed(at_once) == _consumed(in_parts) == {"A": -14}
    assert _cost_of_output(at_once) == _cost_of_output(in_parts)
    assert line_of(at_once.document).document.status == line_of(in_parts.document).document.status == "closed"
    assert (on_hand("A"), on_hand("K")) == (12, 0)


def _consumed(line: SalesLine) -> dict[str, object]:
    rows = ItemLedgerEntry.objects.filter(entry_type=OUT, order_no=assembly_of(line).no)
    return {row.item_id: sum(other.quantity for other in rows if other.item_id == row.item_id) for row in rows}


def _cost_of_output(line: SalesLine) -> object:
    rows = ValueEntry.objects.filter(item_ledger_entry__entry_type=OUTPUT, order_no=assembly_of(line).no)
    return rows.aggregate(total=Sum("cost_amount"))["total"]
