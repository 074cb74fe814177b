"""Stock and assembly on one line: take what is free and assemble the rest, and part the two."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from inventory.exceptions import Missing
from inventory.models import Item, LedgerEntryType, Location
from inventory.services.adjusting import post_adjustments
from sales import exceptions
from sales.models import SalesDocumentType, SalesLine
from sales.services import mixing, reserving
from tests.factories import make_item, make_resource
from tests.support import (
    add_sales_line,
    assembly_of,
    change,
    component,
    customise,
    d,
    day,
    fields,
    figures,
    has_assembly,
    line_of,
    quantities_of,
    quote_kit,
    refused,
    release,
    reserved_for,
    sell,
    sell_kit,
    shipped,
)


def stock(item: str, quantity: int | str) -> None:
    row = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "item": item, "location": "MAIN"}
    post_adjustments([{**row, "quantity": d(quantity)}])


def take_free(line: SalesLine) -> Any:
    return mixing.take_free_assemble_rest(no=line.document.no, line_no=line.line_no)


def split(line: SalesLine) -> SalesLine:
    return mixing.split_line(no=line.document.no, line_no=line.line_no)


def with_bins(**given: Any) -> None:
    from inventory.models import Bin

    location = Location.objects.get(code="MAIN")
    for code in ("ATO", "PICK", "MINE"):
        Bin.objects.create(location=location, code=code)
    Location.objects.filter(code="MAIN").update(
        **{"bin_mandatory": True, "from_assembly_bin": "ATO", "default_bin": "PICK", **given}
    )


# --- The proposal


@pytest.mark.parametrize(
    ("in_stock", "assembled", "said"),
    [
        (0, 10, "Nothing of K is free on 2031-03-13: 10 to assemble."),
        (4, 6, "4 of K are free on 2031-03-13: these from stock, 6 to assemble."),
        (10, 0, "10 of K are free on 2031-03-13: nothing to assemble."),
        (40, 0, "10 of K are free on 2031-03-13: nothing to assemble."),
    ],
)
def test_what_is_free_is_taken_and_the_rest_assembled(kit: Item, in_stock: int, assembled: int, said: str) -> None:
    if in_stock:
        stock("K", in_stock)
    line = sell_kit(kit)

    mix = take_free(line)

    assert (mix.from_stock, mix.qty_to_assemble_to_order, mix.reason) == (10 - assembled, assembled, said)
    assert figures(line_of(line.document)) == (10, assembled, 10)
    assert has_assembly(line) == bool(assembled)


def test_a_second_time_it_proposes_the_same(kit: Item) -> None:
    stock("K", 4)
    line = sell_kit(kit)

    assert take_free(line) == take_free(line)
    assert figures(line_of(line.document)) == (10, 6, 10)


def test_what_others_take_is_not_free(kit: Item) -> None:
    stock("K", 6)
    sell_kit(kit, 4, qty_to_assemble_to_order=0)
    line = sell_kit(kit)

    assert take_free(line).from_stock == 2


def test_what_is_reserved_for_the_line_is_free_for_it(kit: Item) -> None:
    stock("K", 4)
    line = sell_kit(kit, qty_to_assemble_to_order=6)
    reserving.reserve_line(no=line.document.no, line_no=10000, quantity=d(4))

    assert take_free(line).from_stock == 4


def test_stocked_item_is_assembled_as_far_as_it_is_short(stock_kit: Item) -> None:
    stock("STK", 4)
    line = sell_kit(stock_kit)
    assert not has_assembly(line)

    assert take_free(line).qty_to_assemble_to_order == 6
    assert assembly_of(line).quantity == 6


def test_boxes_are_taken_whole(kit: Item) -> None:
    stock("K", 20)
    line = sell_kit(kit, 10, unit_of_measure="BOX")
    SalesLine.objects.filter(pk=line.pk).update(qty_rounding_precision=1)

    assert fields(take_free(line), "from_stock", "qty_to_assemble_to_order") == (3, 7)


def test_what_was_assembled_before_stays(kit: Item) -> None:
    line = shipped(sell_kit(kit), 3, assembled=3)
    # The helper has put ten into stock, of which three are shipped out of the assembly.
    free = 10 if not line.quantity_shipped else 7

    mix = take_free(line)

    assert mix.from_stock == free
    assert mix.qty_to_assemble_to_order == 3
    assert figures(line_of(line.document))[:2] == (10, 3)


def test_what_is_not_kept_in_stock_has_nothing_to_balance(kit: Item) -> None:
    make_resource("R9")
    order = sell({"type": "resource", "no": "R9", "quantity": 1})

    with refused(exceptions.AssemblyNotAllowed, field="qty_to_assemble_to_order"):
        take_free(line_of(order))


def test_line_that_there_is_not(kit: Item) -> None:
    line = sell_kit(kit)

    with pytest.raises(Http404):
        mixing.take_free_assemble_rest(no=line.document.no, line_no=77)


def test_quotes_are_not_balanced(kit: Item) -> None:
    line = quote_kit(kit)

    with refused(Missing):
        take_free(line)
    assert line.document.document_type == SalesDocumentType.QUOTE


# --- Two lines


def test_mixed_line_is_split_with_its_customised_assembly(kit: Item) -> None:
    with_bins()
    line = sell_kit(
        kit, qty_to_assemble_to_order=7, unit_price="88", line_discount_percent=5, shipment_date=day(12), variant="RED"
    )
    customise(component(assembly_of(line), "A"), quantity_per=3)
    add_sales_line(line.document, no="A", quantity=1)

    part = split(line)

    line = line_of(line.document)
    assert figures(line) == (7, 7, 7)
    assert quantities_of(assembly_of(line)) == {"A": 21, "R": 7}
    assert part.line_no == 15000
    assert figures(part) == (3, 0, 3)
    names = ("item_id", "variant_code", "unit_price", "line_discount_percent", "shipment_date", "description")
    assert fields(part, *names) == fields(line, *names)
    assert (line.bin_code, part.bin_code) == ("ATO", "PICK")
    assert not has_assembly(part)
    assert line.line_amount + part.line_amount == d("836.00")


def test_each_part_calls_off_from_the_same_agreement(kit: Item) -> None:
    agreed = sell({"no": "K", "quantity": 50}, document_type=SalesDocumentType.BLANKET_ORDER)
    line = sell_kit(kit, qty_to_assemble_to_order=7, blanket_order_no=agreed.no, blanket_order_line_no=10000)

    assert split(line).blanket_line == line_of(agreed)


@pytest.mark.parametrize("assembled", [0, 10])
def test_line_of_one_kind_is_not_split(kit: Item, assembled: int) -> None:
    line = sell_kit(kit, qty_to_assemble_to_order=assembled)

    with refused(Exception):
        split(line)


def test_released_order_is_not_split(kit: Item) -> None:
    line = sell_kit(kit, qty_to_assemble_to_order=7)
    release(line.document)

    with refused(exceptions.DocumentReleased):
        split(line)


def test_what_was_shipped_is_not_split(kit: Item) -> None:
    line = shipped(sell_kit(kit, qty_to_assemble_to_order=7), 1, assembled=1)

    with refused(exceptions.AlreadyShipped):
        split(line)


def test_reservation_by_hand_stands_in_the_way(kit: Item) -> None:
    stock("K", 3)
    line = sell_kit(kit, qty_to_assemble_to_order=7)
    reserving.reserve_line(no=line.document.no, line_no=10000, quantity=d(3))

    with refused(exceptions.Reserved):
        split(line)


def test_what_is_always_reserved_is_reserved_for_both_parts(kit: Item) -> None:
    Item.objects.filter(no="K").update(reserve="always")
    stock("K", 3)
    line = sell_kit(kit, qty_to_assemble_to_order=7)
    assert reserved_for(line) == 10

    part = split(line)

    assert (reserved_for(line), reserved_for(part)) == (7, 3)


def test_no_room_between_the_lines(kit: Item) -> None:
    order = sell(
        {"no": "K", "quantity": 10, "qty_to_assemble_to_order": 7, "line_no": 1},
        {"no": make_item("B").no, "quantity": 1, "line_no": 2},
    )

    with refused(Exception):
        split(line_of(order, 1))


def test_changed_line_keeps_its_own_bin_until_it_is_split(kit: Item) -> None:
    with_bins()
    line = change(sell_kit(kit), bin="MINE", qty_to_assemble_to_order=7)
    assert line.bin_code == "MINE"

    assert split(line).bin_code == "PICK"
    assert line_of(line.document).bin_code == "ATO"
