"""What a new quantity does to a line and to its assembly (LNK-04, LNK-21, LNK-30, QTY-02, QTY-05)."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.exceptions import ExceedsOutstanding
from backoffice.exceptions import Invalid, NotFound
from inventory.exceptions import QuantityRoundsToZero
from inventory.models import AssemblyPolicy, Item, ItemType
from sales import exceptions
from tests.factories import make_item, make_kit, make_location, make_resource
from tests.support import (
    assembly_of,
    change,
    fields,
    figures,
    has_assembly,
    line_of,
    plan,
    quantities_of,
    refused,
    release,
    reserved_for,
    sell,
    sell_kit,
    settle_setup,
    shipped,
)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ((10, 10), {"quantity": 12}, 12),
        ((10, 10), {"quantity": 6}, 6),
        ((10, 7), {"quantity": 12}, 7),
        ((10, 7), {"quantity": 8}, 7),
        ((10, 7), {"quantity": 5}, 5),
        ((10, 0), {"quantity": 11}, 11),
        ((10, 0), {"variant": "RED"}, 10),
        ((10, 0), {"location": "BLUE"}, 10),
        ((10, 0), {"unit_of_measure": "BOX"}, 10),
        ((10, 7), {"variant": "RED"}, 7),
        ((10, 7), {"location": "BLUE"}, 7),
        ((10, 10), {"quantity": 0}, 0),
        ((10, 0), {"description": "Other words"}, 0),
        ((10, 0), {"qty_to_ship": 4}, 0),
        ((10, 7), {"unit_price": 3}, 7),
    ],
)
def test_the_default_of_what_is_assembled_to_order(
    kit: Item, before: tuple[int, int], edit: dict[str, Any], after: int
) -> None:
    make_location("BLUE")
    quantity, to_assemble = before
    line = sell_kit(kit, quantity, qty_to_assemble_to_order=to_assemble)
    assert line.qty_to_assemble_to_order == to_assemble

    line = change(line, **edit)

    assert line.qty_to_assemble_to_order == after
    assert has_assembly(line) == bool(after)
    if after:
        assert assembly_of(line).quantity == after


def test_an_item_assembled_to_stock_starts_without_assembly(stock_kit: Item) -> None:
    line = sell_kit(stock_kit, 10)

    assert figures(line) == (10, 0, 10)
    assert not has_assembly(line)
    assert figures(change(line, quantity=12)) == (12, 0, 12)


def test_an_item_assembled_to_stock_keeps_its_whole_or_its_part(stock_kit: Item) -> None:
    whole = change(sell_kit(stock_kit, 10), qty_to_assemble_to_order=10)
    part = change(sell_kit(stock_kit, 10), qty_to_assemble_to_order=4)

    assert figures(change(whole, quantity=12)) == (12, 12, 12)
    assert figures(change(part, quantity=12)) == (12, 4, 12)


def test_nothing_is_proposed_again_once_something_is_shipped(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10, qty_to_assemble_to_order=0), 2)

    assert figures(change(line, quantity=11)) == (11, 0, 9)


def test_a_partly_assembled_line_shrinks_with_its_assembly(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    line = change(line, quantity=8)

    assert figures(line) == (8, 8, 4)
    assert fields(assembly_of(line), "quantity", "assembled_quantity") == (8, 4)
    assert reserved_for(line) == 4


def test_a_line_entered_with_a_part_is_made_for_that_part(kit: Item) -> None:
    line = sell_kit(kit, 10, qty_to_assemble_to_order=4)

    assert figures(line) == (10, 4, 10)
    assert (quantities_of(assembly_of(line)), reserved_for(line)) == ({"A": 8, "R": 4}, 4)


@pytest.mark.parametrize(
    ("edit", "figures_after"),
    [
        ({"quantity": 12, "qty_to_assemble_to_order": 10}, (12, 10, 12)),
        ({"quantity": 12, "qty_to_ship": 10}, (12, 12, 10)),
        ({"quantity": 12, "qty_to_assemble_to_order": 0}, (12, 0, 12)),
        ({"quantity": 12, "qty_to_assemble_to_order": 7, "qty_to_ship": 3}, (12, 7, 3)),
        ({"variant": "RED", "qty_to_assemble_to_order": 10, "qty_to_ship": 10}, (10, 10, 10)),
        ({"quantity": 10, "qty_to_assemble_to_order": 10}, (10, 10, 10)),
    ],
)
def test_what_a_request_says_stands_over_what_would_be_proposed(
    kit: Item, edit: dict[str, Any], figures_after: tuple[int, int, int]
) -> None:
    """Also where the line says the same before: the quantity's edit would propose something else."""
    assert figures(change(sell_kit(kit, 10), **edit)) == figures_after


# -- refusals -------------------------------------------------------------------------------------------------


def test_more_to_assemble_than_the_quantity_is_refused(kit: Item) -> None:
    line = sell_kit(kit, 10)

    with refused(exceptions.ExceedsQuantity, field="qty_to_assemble_to_order"):
        change(line, qty_to_assemble_to_order=11)


def test_more_to_assemble_than_is_assembled_and_outstanding_is_refused(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10, qty_to_assemble_to_order=7), 4, assembled=3)

    with refused(ExceedsOutstanding, field="qty_to_assemble_to_order") as caught:
        change(line, qty_to_assemble_to_order="9.5")

    assert caught.value.detail == "9.5 to assemble to order is more than the 3 assembled and the 6 outstanding."

    assert change(line, qty_to_assemble_to_order=9).qty_to_assemble_to_order == 9


@pytest.mark.parametrize("assembled", [0, 3])
def test_nothing_is_assembled_for_a_line_that_is_shipped_whole(kit: Item, assembled: int) -> None:
    line = shipped(sell_kit(kit, 10, qty_to_assemble_to_order=assembled), 10, assembled=assembled)

    with refused(ExceedsOutstanding, field="qty_to_assemble_to_order") as caught:
        change(line, qty_to_assemble_to_order=5)

    assert caught.value.detail == (
        f"5 to assemble to order is more than the {assembled} assembled and the 0 outstanding."
    )


@pytest.mark.parametrize("name", ["quantity", "qty_to_assemble_to_order"])
def test_a_negative_quantity_is_refused(kit: Item, name: str) -> None:
    line = sell_kit(kit, 10)

    with refused(Invalid, field=name):
        change(line, **{name: -1})


@pytest.mark.parametrize("qty_to_ship", [-1, 11])
def test_a_quantity_to_ship_outside_what_is_outstanding_is_refused(kit: Item, qty_to_ship: int) -> None:
    line = sell_kit(kit, 10)

    with refused(exceptions.QuantityToShipOutOfRange, field="qty_to_ship") as caught:
        change(line, qty_to_ship=qty_to_ship)
    assert caught.value.params == {"minimum": 0, "maximum": 10}


def test_a_quantity_below_what_is_shipped_is_refused(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.BelowShippedQuantity, field="quantity"):
        change(line, quantity=3)


def test_more_to_invoice_than_shipped_and_to_ship_is_refused(kit: Item) -> None:
    line = change(sell_kit(kit, 10), qty_to_ship=4)

    with refused(exceptions.ExceedsQuantity, field="qty_to_invoice"):
        change(line, qty_to_invoice=5)


@pytest.mark.parametrize("kind", ["resource", "service", "non_inventory"])
def test_what_cannot_be_kept_in_inventory_is_not_assembled(house: object, kind: str) -> None:
    if kind == "resource":
        make_resource("X")
        entry = {"type": "resource", "no": "X", "quantity": 3}
    else:
        make_item("X", type=ItemType(kind))
        entry = {"no": "X", "quantity": 3}
    line = line_of(sell(entry))

    with refused(exceptions.AssemblyNotAllowed, field="qty_to_assemble_to_order"):
        change(line, qty_to_assemble_to_order=1)
    assert figures(line) == (3, 0, 3)


def test_a_purchased_item_without_a_bill_may_be_assembled_by_hand(house: object) -> None:
    """LNK-01, TRP-45: neither policy nor bill of materials is asked for."""
    line = change(sell_kit(make_item("BOUGHT"), 4), qty_to_assemble_to_order=4)

    assert quantities_of(assembly_of(line)) == {}
    assert reserved_for(line) == 4


# -- precision and units --------------------------------------------------------------------------------------


def test_a_quantity_finer_than_its_unit_is_refused(house: object) -> None:
    whole = make_kit("WHOLE", units={"PCS": (1, 1)})
    line = sell_kit(whole, 3)

    for name in ("quantity", "qty_to_assemble_to_order", "qty_to_ship"):
        with refused(Invalid, field=name):
            change(line, **{name: "2.5"})


def test_a_part_that_does_not_fit_the_new_unit_is_refused(house: object) -> None:
    """QTY-02: the part that is assembled to order is a quantity like any other."""
    kit = make_kit("P", units={"BOX": (6, 1)})
    line = sell_kit(kit, 10, qty_to_assemble_to_order="7.5")

    with refused(Invalid, field="qty_to_assemble_to_order"):
        change(line, unit_of_measure="BOX")


def test_a_quantity_that_is_nothing_in_the_base_unit_is_refused(house: object) -> None:
    kit = make_kit("THIRD", units={"PCS": (1, 1), "THIRD": ("0.33333", 0)})
    line = sell_kit(kit, 3, unit_of_measure="THIRD")

    assert fields(line, "quantity", "quantity_base") == (3, 1)
    for name in ("quantity", "qty_to_assemble_to_order", "qty_to_ship"):
        with refused(QuantityRoundsToZero, field=name):
            change(line, **{name: 1})


def test_another_unit_counts_the_same_number_of_it(kit: Item) -> None:
    """The quantities per are converted, the link goes on."""
    line = sell_kit(kit, 3)
    before = assembly_of(line)

    line = change(line, unit_of_measure="BOX")

    document = assembly_of(line)
    assert document.pk == before.pk
    assert figures(line) == (3, 3, 3)
    assert fields(document, "quantity", "quantity_base", "unit_cost", "cost_amount") == (3, 18, 84, 252)
    assert (quantities_of(document), reserved_for(line)) == ({"A": 36, "R": 18}, 18)


def test_a_unit_that_the_item_does_not_have_is_refused(kit: Item) -> None:
    line = sell_kit(kit, 3)

    with refused(NotFound, field="unit_of_measure"):
        change(line, unit_of_measure="HOUR")


# -- quantity to ship -----------------------------------------------------------------------------------------


def test_a_blank_default_ships_nothing_by_itself(kit: Item) -> None:
    settle_setup(default_quantity_to_ship="blank")
    line = sell_kit(kit, 10)

    assert figures(line) == (10, 10, 0)
    assert assembly_of(line).quantity_to_assemble == 0
    assert figures(change(line, quantity=12)) == (12, 12, 0)


def test_where_shipments_are_prepared_in_the_warehouse_nothing_is_shipped_by_itself(kit: Item) -> None:
    make_location("WH", require_shipment=True)

    assert figures(sell_kit(kit, 10, location="WH")) == (10, 10, 0)


@pytest.mark.parametrize(
    ("qty_to_ship", "to_assemble", "consumed"),
    [(4, 4, {"A": 8, "R": 4}), (2, 2, {"A": 4, "R": 2}), (8, 7, {"A": 14, "R": 7}), (0, 0, {"A": 0, "R": 0})],
)
def test_what_is_shipped_next_steers_what_is_assembled_next(
    kit: Item, qty_to_ship: int, to_assemble: int, consumed: dict[str, int]
) -> None:
    """QTY-20, QTY-23, also on a released order."""
    line = sell_kit(kit, 10, qty_to_assemble_to_order=7)
    release(line.document)

    line = change(line, qty_to_ship=qty_to_ship)

    document = assembly_of(line)
    assert fields(document, "status", "quantity", "quantity_to_assemble") == ("released", 7, to_assemble)
    assert {row.no: row.quantity_to_consume for row in document.lines.all()} == consumed


def test_the_bounds_hold_when_the_quantity_to_ship_stays_by_chance(kit: Item) -> None:
    """I09: a smaller quantity may leave the quantity to ship as it was, and yet less of it in stock."""

    line = change(sell_kit(kit, 10, qty_to_assemble_to_order=7), qty_to_ship=8)
    plan(assembly_of(line), quantity_to_assemble=5)

    line = change(line, quantity=8)

    assert figures(line) == (8, 7, 8)
    assert assembly_of(line).quantity_to_assemble == 7


def test_a_policy_changed_later_touches_no_line(kit: Item) -> None:
    """LNK-50, TRP-01."""
    line = sell_kit(kit, 10)
    Item.objects.filter(no="K").update(assembly_policy=AssemblyPolicy.ASSEMBLE_TO_STOCK)

    assert has_assembly(change(line, unit_price=5))
    assert figures(change(line, quantity=12)) == (12, 12, 12)
    line = change(line, qty_to_assemble_to_order=0)
    assert figures(change(line, quantity=13)) == (13, 0, 13)
