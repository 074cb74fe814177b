"""Undoing what was assembled to stock, whatever became of its order since (UND-20 to UND-25)."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.exceptions import AlreadyReversed, LinesChanged, OutputNoLongerInInventory
from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services.documents import delete_assembly_document
from assembly.services.undo import undo_posted_assembly
from backoffice.exceptions import AlreadyExists
from inventory.models import BomLine, Item, PlannedMovement, TrackedSource, TrackingLine
from tests.factories import make_item, make_stock_kit, unit
from tests.posting import ledger, on_hand, post_assembly, ship, stock
from tests.support import (
    add_component,
    address,
    assemble,
    component,
    customise,
    d,
    fields,
    plan,
    recipe,
    refresh_lines,
    refused,
    reopen_assembly,
    sell,
    statements,
)

pytestmark = pytest.mark.usefixtures("house")

_HEADER = ("status", "quantity", "assembled_quantity", "remaining_quantity", "quantity_to_assemble")


def post_part(order: AssemblyDocument, quantity: str | int) -> PostedAssembly:
    """Assemble this much of the order."""
    plan(order, quantity_to_assemble=quantity)
    return post_assembly(order)


def delete(order: AssemblyDocument) -> None:
    """Delete the order, whatever is posted of it."""
    delete_assembly_document(**address(order))


def back(order: AssemblyDocument) -> AssemblyDocument:
    """Return the order of this number as it stands now."""
    return AssemblyDocument.objects.get(no=order.no)


def lines(order: AssemblyDocument) -> list[tuple[Any, ...]]:
    """Return number, quantity, consumed, remaining and quantity to consume of every line; texts by their words."""
    return [
        (
            row.no or row.description,
            row.quantity,
            row.consumed_quantity,
            row.remaining_quantity,
            row.quantity_to_consume,
        )
        for row in back(order).lines.order_by("line_no")
    ]


def planned(order: AssemblyDocument) -> list[tuple[Any, ...]]:
    """Return what the plan expects of the order: line number and quantity."""
    rows = PlannedMovement.objects.filter(document_no=order.no).order_by("line_no")
    return [(row.line_no, row.quantity) for row in rows]


# -- an order that was deleted -----------------------------------------------------------------------------------


def test_a_deleted_order_comes_back_about_what_was_undone(rich_kit: Item) -> None:
    stock("XA", 20, "2.5")
    stock("XB", 9, 1)
    order = assemble(rich_kit, 10, note="For the fair")
    before = recipe(order)
    posted = post_part(order, 4)
    delete(order)

    undo_posted_assembly(no=posted.no, recreate=True)

    made = back(order)
    assert made.pk != order.pk
    assert fields(made, *_HEADER) == ("open", 4, 0, 4, 4)
    assert fields(made, "note", "due_date", "starting_date", "ending_date", "unit_cost") == fields(
        order, "note", "due_date", "starting_date", "ending_date", "unit_cost"
    )
    assert made.cost_amount == made.unit_cost * 4
    assert lines(order) == [
        ("XA", 8, 0, 8, 8),
        ("XB", 1, 0, 1, 1),
        ("XR", 1, 0, 1, 1),
        ("XS", d("0.5"), 0, d("0.5"), d("0.5")),
        ("Handle with care", 0, 0, 0, 0),
    ]
    assert [row[:2] for row in recipe(made)] == [row[:2] for row in before]
    assert planned(order) == [(10000, -8), (20000, -1), (None, 4)]
    assert (on_hand("XA"), on_hand("XB"), on_hand("KX")) == (20, 9, 0)


def test_what_stays_assembled_counts_on_the_order_that_comes_back(rich_kit: Item) -> None:
    stock("XA", 20)
    stock("XB", 9)
    order = assemble(rich_kit, 10)
    first, second = post_part(order, 4), post_part(order, 3)
    delete(order)

    undo_posted_assembly(no=first.no, recreate=True)

    assert fields(back(order), *_HEADER) == ("open", 7, 3, 4, 4)
    assert lines(order)[:2] == [("XA", 14, 6, 8, 8), ("XB", 2, 1, 1, 1)]
    assert lines(order)[3] == ("XS", d("0.5"), 0, d("0.5"), d("0.5"))

    undo_posted_assembly(no=second.no)

    assert fields(back(order), *_HEADER) == ("open", 7, 0, 7, 7)
    assert lines(order)[:2] == [("XA", 14, 0, 14, 14), ("XB", 2, 0, 2, 2)]
    assert (on_hand("XA"), on_hand("KX")) == (20, 0)


def test_what_was_undone_before_the_deletion_does_not_come_back(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 5)
    first, second = post_part(order, 1), post_part(order, 2)
    undo_posted_assembly(no=first.no)
    delete(order)

    undo_posted_assembly(no=second.no, recreate=True)

    assert fields(back(order), *_HEADER) == ("open", 2, 0, 2, 2)
    with refused(AlreadyReversed):
        undo_posted_assembly(no=first.no, recreate=True)


def test_the_order_that_came_back_is_posted_again_and_undone_again(stock_kit: Item) -> None:
    stock("D", 30, 2)
    order = assemble(stock_kit, 5)
    first = post_part(order, 2)
    delete(order)
    undo_posted_assembly(no=first.no, recreate=True)

    again = post_assembly(order)

    assert (back(order).status, again.order_no) == ("closed", order.no)
    assert [row[2:] for row in ledger("STK")] == [(2, 12), (-2, -12), (2, 12)]
    undo_posted_assembly(no=again.no, recreate=True)
    assert fields(back(order), *_HEADER) == ("open", 2, 0, 2, 2)


def test_what_was_consumed_off_the_plan_is_asked_for_again(stock_kit: Item) -> None:
    stock("D", 30)
    closed, gone = assemble(stock_kit, 2), plan(assemble(stock_kit, 9), quantity_to_assemble=2)
    for order, used in ((closed, 5), (gone, 4)):
        customise(component(order, "D"), quantity_to_consume=used)
    posted = [post_assembly(order).no for order in (closed, gone)]
    delete(gone)

    for no in posted:
        undo_posted_assembly(no=no, recreate=True)

    assert lines(closed) == [("D", 5, 0, 5, 5)]
    assert lines(gone) == [("D", 4, 0, 4, 4)]


def test_base_quantities_are_those_of_the_whole_not_the_sum_of_rounded_parts() -> None:
    part = make_item("P", units={"THIRD": "0.33333"})
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": "0.5", "unit_of_measure": unit("THIRD")}])
    stock("P", 5)
    order = assemble(kit, 3)
    first, _ = post_part(order, 1), post_part(order, 1)
    assert fields(component(order, "P"), "consumed_quantity", "consumed_quantity_base") == (1, d("0.33334"))
    delete(order)

    undo_posted_assembly(no=first.no, recreate=True)

    line = component(back(order), "P")
    assert fields(line, "quantity", "quantity_base", "consumed_quantity_base") == (1, d("0.33333"), d("0.16667"))
    post_assembly(back(order))
    assert on_hand("P") == d("4.66667")


def test_without_recreate_only_the_ledger_is_reversed(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 5)
    first, second = post_part(order, 2), post_part(order, 1)
    delete(order)

    undo_posted_assembly(no=first.no)

    assert not AssemblyDocument.objects.exists()
    assert (on_hand("D"), on_hand("STK")) == (27, 1)

    undo_posted_assembly(no=second.no, recreate=True)
    assert fields(back(order), *_HEADER) == ("open", 1, 0, 1, 1)


def test_a_line_counts_what_was_consumed_of_it_not_of_another_in_its_place(stock_kit: Item) -> None:
    make_item("E")
    stock("D", 30)
    stock("E", 30)
    order = assemble(stock_kit, 5)
    post_part(order, 1)
    BomLine.objects.filter(parent=stock_kit).update(item="E")
    refresh_lines(reopen_assembly(order))
    second = post_part(order, 2)
    delete(order)

    undo_posted_assembly(no=second.no, recreate=True)

    assert fields(back(order), *_HEADER) == ("open", 3, 1, 2, 2)
    assert lines(order) == [("E", 6, 0, 6, 4)]


def test_another_posting_with_other_lines_brings_its_own_back_once_the_order_is_gone_again(stock_kit: Item) -> None:
    make_item("E")
    stock("D", 30)
    stock("E", 30)
    order = assemble(stock_kit, 5)
    first = post_part(order, 1)
    add_component(reopen_assembly(order), type="item", no="E", quantity_per=1)
    second = post_part(order, 2)
    delete(order)
    undo_posted_assembly(no=first.no, recreate=True)
    assert lines(order) == [("D", 9, 6, 3, 3)]

    with refused(LinesChanged):
        undo_posted_assembly(no=second.no, recreate=True)

    delete(back(order))
    undo_posted_assembly(no=second.no, recreate=True)
    assert lines(order) == [("D", 6, 0, 6, 6), ("E", 2, 0, 2, 2)]


def test_the_number_is_still_nobody_elses(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 5)
    posted = post_part(order, 2)
    delete(order)

    with refused(AlreadyExists, field="no"):
        assemble(stock_kit, 1, no=order.no)
    undo_posted_assembly(no=posted.no, recreate=True)
    with refused(AlreadyExists, field="no"):
        assemble(stock_kit, 1, no=order.no)


def test_what_was_sold_since_does_not_come_back(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 5)
    posted = post_part(order, 2)
    delete(order)
    ship(sell({"no": "STK", "quantity": 1}))

    with refused(OutputNoLongerInInventory):
        undo_posted_assembly(no=posted.no, recreate=True)


def test_what_is_blocked_by_now_comes_back_all_the_same(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 5)
    posted = post_part(order, 2)
    delete(order)
    Item.objects.update(blocked=True)

    undo_posted_assembly(no=posted.no, recreate=True)

    assert lines(order) == [("D", 6, 0, 6, 6)]


def test_lots_are_assigned_again_with_what_stays_posted_of_them(house: Any) -> None:
    raw = make_item("RAW", item_tracking="lot")
    kit = make_stock_kit("LOT", item_tracking="lot", bom=[{"item": raw, "quantity_per": 2}])
    stock("RAW", 20, lot_no="R1")
    order = assemble(kit, 6)
    plan(order, tracking=[number("L1", 4), number("L2", 2)])
    customise(component(order, "RAW"), tracking=[number("R1", 12)])
    plan(order, quantity_to_assemble=3, tracking=[number("L1", 4, 1), number("L2", 2, 2)])
    first = post_assembly(order)
    plan(order, quantity_to_assemble=2, tracking=[number("L1", 4, 2), number("L2", 2, 0)])
    second = post_assembly(order)
    delete(order)

    undo_posted_assembly(no=first.no, recreate=True)

    made = back(order)
    assert numbers(TrackedSource.ASSEMBLY_DOCUMENT, made.pk) == [("L1", 3, 2, 1), ("L2", 2, 0, 2)]
    assert numbers(TrackedSource.ASSEMBLY_LINE, component(made, "RAW").pk) == [("R1", 10, 4, 6)]

    undo_posted_assembly(no=second.no)
    assert numbers(TrackedSource.ASSEMBLY_DOCUMENT, made.pk) == [("L1", 3, 0, 3), ("L2", 2, 0, 2)]
    assert numbers(TrackedSource.ASSEMBLY_LINE, component(made, "RAW").pk) == [("R1", 10, 0, 10)]
    post_assembly(made)
    assert on_hand("LOT") == 5


def number(lot: str, quantity: int, now: int | None = None) -> dict[str, Any]:
    """Return a row of tracking, all of it to handle now unless said."""
    return {"lot_no": lot, "quantity": d(quantity), "quantity_to_handle": None if now is None else d(now)}


def numbers(kind: TrackedSource, source_id: int) -> list[tuple[Any, ...]]:
    """Return lot, quantity, what of it is posted and what of it is to be posted."""
    rows = TrackingLine.objects.filter(source_kind=kind, source_id=source_id).order_by("lot_no")
    return [(row.lot_no, row.quantity, row.quantity_handled, row.quantity_to_handle) for row in rows]


def test_the_statements_do_not_grow_with_lines_and_postings(rich_kit: Item) -> None:
    def statements_of(postings: int) -> int:
        order = assemble(rich_kit, 10)
        posted = [post_part(order, 1) for _ in range(postings)]
        delete(order)
        with statements() as found:
            undo_posted_assembly(no=posted[0].no, recreate=True)
        return len(found)

    stock("XA", 100)
    stock("XB", 100)

    assert statements_of(2) == statements_of(5)
