"""Post assembly orders to stock: entries, quantities, refusals (section 7.1)."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from assembly.exceptions import DocumentClosed, LinkedToSalesOrder, NothingToPost, NothingToRelease
from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services.undo import undo_posted_assembly
from inventory.exceptions import NotEnoughInventory
from inventory.models import Item, ItemLedgerEntry, MovementSource, OrderCosting, PlannedMovement, StockBalance
from tests.factories import make_item, make_location, make_resource, make_stock_kit
from tests.posting import OUT, OUTPUT, last_entry, ledger, moved, nothing_posted, on_hand, post_assembly, stock, used
from tests.support import (
    add_component,
    assemble,
    assembly_of,
    component,
    customise,
    d,
    day,
    fields,
    fresh,
    plan,
    recipe,
    refused,
    remove_component,
    reopen_assembly,
    sell_kit,
    to_consume,
)

pytestmark = pytest.mark.usefixtures("house")


def test_components_and_resources_go_in_and_the_item_comes_out(rich_kit: Item) -> None:
    stock("XA", 20, "2.5")
    stock("XB", 9, 1)
    order = assemble(rich_kit, 4)
    before = last_entry()

    posted = post_assembly(order, on=day(2))

    assert ledger(since=before) == [(OUT, "XA", -8, -20), (OUT, "XB", -2, -2), (OUTPUT, "KX", 4, 67)]
    assert (used("XR"), used("XS")) == ([(1, 30, 30, 0)], [(d("0.5"), 15, 15, 0)])
    entries = ItemLedgerEntry.objects.filter(entry_no__gt=before)
    assert {(row.document_no, row.order_no, row.posting_date) for row in entries} == {(posted.no, order.no, day(2))}
    assert [row.order_line_no for row in entries] == [10000, 20000, 0]
    assert [(line.no or line.description, line.quantity) for line in posted.lines.order_by("line_no")] == [
        ("XA", 8),
        ("XB", 2),
        ("XR", 1),
        ("XS", d("0.5")),
        ("Handle with care", 0),
    ]
    assert fields(fresh(order), "status", "assembled_quantity", "quantity_to_assemble") == ("closed", 4, 0)


def test_of_a_part_the_lines_take_their_share_and_fixed_usage_all_at_once(rich_kit: Item) -> None:
    stock("XA", 20)
    stock("XB", 9)
    order = plan(assemble(rich_kit, 4), quantity_to_assemble=1)

    post_assembly(order)

    assert fields(fresh(order), "status", "assembled_quantity", "remaining_quantity", "quantity_to_assemble") == (
        "released",
        1,
        3,
        3,
    )
    assert to_consume(fresh(order)) == {"XA": 6, "XB": 1, "XR": d("0.75"), "XS": 0}
    assert fields(component(order, "XS"), "consumed_quantity", "remaining_quantity") == (d("0.5"), 0)


def test_what_a_part_left_of_fixed_usage_is_proposed_with_the_next(rich_kit: Item) -> None:
    """QTY-16: all that remains of it, also where somebody entered less for the first part."""
    stock("XA", 20)
    stock("XB", 9)
    order = plan(assemble(rich_kit, 4), quantity_to_assemble=1)
    customise(component(order, "XS"), quantity_to_consume="0.2")

    post_assembly(order)

    assert fields(component(order, "XS"), "consumed_quantity", "quantity_to_consume") == (d("0.2"), d("0.3"))
    post_assembly(order)
    assert [row[0] for row in used("XS")] == [d("0.2"), d("0.3")]


def test_parts_on_different_days_are_documents_of_their_own(stock_kit: Item) -> None:
    stock("D", 30)
    order = plan(assemble(stock_kit, 9), quantity_to_assemble=3)
    first = post_assembly(order, on=day(-2))
    plan(fresh(order), quantity_to_assemble=2)
    second = post_assembly(order, on=day(-1))
    third = post_assembly(order, on=day(0))

    assert [fields(row, "quantity", "posting_date") for row in (first, second, third)] == [
        (3, day(-2)),
        (2, day(-1)),
        (4, day(0)),
    ]
    assert moved("D")[1:] == [(OUT, "D", -9), (OUT, "D", -6), (OUT, "D", -12)]
    assert (on_hand("STK"), fresh(order).status) == (9, "closed")


def test_in_parts_or_at_once_comes_to_the_same(rich_kit: Item) -> None:
    stock("XA", 40)
    stock("XB", 9)
    at_once, in_parts = assemble(rich_kit, 5), assemble(rich_kit, 5)

    post_assembly(at_once)
    for quantity in (2, 2, 1):
        post_assembly(plan(fresh(in_parts), quantity_to_assemble=quantity))

    def came_to(no: str) -> list[tuple[object, ...]]:
        rows = ItemLedgerEntry.objects.filter(order_no=no)
        return sorted((item, sum(r.quantity for r in rows if r.item_id == item)) for item in {r.item_id for r in rows})

    assert came_to(at_once.no) == came_to(in_parts.no) == [("KX", 5), ("XA", -10), ("XB", -2)]
    uses = {name: [use[0] for use in used(name)] for name in ("XR", "XS")}
    assert uses == {"XR": [d("1.25"), d("0.5"), d("0.5"), d("0.25")], "XS": [d("0.5"), d("0.5")]}


def test_rounding_in_one_part_is_made_good_in_the_last() -> None:
    part = make_item("P")
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": "38.19715"}])
    stock(part, 120)
    order = plan(assemble(kit, "3.08"), quantity_to_assemble="0.77")

    post_assembly(order)
    post_assembly(order)

    assert moved("P")[1:] == [(OUT, "P", d("-29.41181")), (OUT, "P", d("-88.23541"))]


def test_what_is_left_on_the_lines_is_dropped_with_the_finished_order(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 3)
    customise(component(order, "D"), quantity_to_consume=5)

    post_assembly(order)

    assert (fresh(order).status, on_hand("D")) == ("closed", 25)
    assert not PlannedMovement.objects.filter(source_kind=MovementSource.ASSEMBLY_ORDER_LINE).exists()


def test_a_component_can_come_from_another_location(stock_kit: Item) -> None:
    make_location("BLUE")
    stock("D", 9, location="BLUE")
    order = assemble(stock_kit, 2)
    customise(component(order, "D"), location="BLUE")

    post_assembly(order)

    assert (on_hand("D", "BLUE"), on_hand("STK", "MAIN")) == (3, 2)


@pytest.fixture
def glued(house: object) -> AssemblyDocument:
    """An order of one M, of one P in stock and two SRV that are not kept in inventory."""
    rows = [
        {"item": make_item("SRV", type="non_inventory", unit_cost=7, costing_method="average"), "quantity_per": 2},
        {"item": make_item("P"), "quantity_per": 1},
    ]
    stock("P", 1)
    return assemble(make_stock_kit("M", bom=rows), 1)


def test_what_is_not_kept_in_inventory_has_an_entry_that_moves_nothing(glued: AssemblyDocument) -> None:
    before = last_entry()

    posted = post_assembly(glued)

    assert ledger(since=before) == [(OUT, "SRV", -2, 0), (OUT, "P", -1, 0), (OUTPUT, "M", 1, 14)]
    entry = ItemLedgerEntry.objects.get(item="SRV")
    assert fields(entry, "document_no", "order_no", "order_line_no", "location_id", "remaining_quantity") == (
        posted.no,
        glued.no,
        10000,
        "MAIN",
        0,
    )
    assert not entry.applied_to.exists()
    assert not StockBalance.objects.filter(item="SRV").exists()
    assert component(glued, "SRV").consumed_quantity == 2


def test_undoing_it_leaves_nothing_used(glued: AssemblyDocument) -> None:
    posted = post_assembly(glued)
    before = last_entry()

    undo_posted_assembly(no=posted.no)

    assert ledger(since=before) == [(OUTPUT, "M", -1, -14), (OUT, "SRV", 2, 0), (OUT, "P", 1, 0)]
    assert ItemLedgerEntry.objects.filter(item="SRV").aggregate(Sum("remaining_quantity")) == {
        "remaining_quantity__sum": 0
    }
    assert not StockBalance.objects.filter(item="SRV").exists()


def test_it_is_used_where_the_order_is_where_its_line_names_no_location(glued: AssemblyDocument) -> None:
    add_component(glued, type="item", no="SRV", quantity_per=1)

    post_assembly(glued)

    used = ItemLedgerEntry.objects.filter(item="SRV").order_by("entry_no")
    assert list(used.values_list("order_line_no", "quantity", "location_id")) == [
        (10000, -2, "MAIN"),
        (30000, -1, "MAIN"),
    ]


def test_what_is_not_kept_in_inventory_counts_in_the_cost_and_no_more_once_undone() -> None:
    bom = [
        {"item": make_item("P", unit_cost=5), "quantity_per": 1},
        {"item": make_item("SRV", type="non_inventory", unit_cost=7), "quantity_per": 2},
    ]
    stock("P", 4)
    order = plan(assemble(make_stock_kit("M", indirect_cost_percent=10, bom=bom), 4), quantity_to_assemble=1)
    first = post_assembly(order)
    plan(order, quantity_to_assemble=3)
    customise(component(order, "SRV"), quantity_to_consume=2)

    second = post_assembly(order)

    assert [row[2:] for row in ledger("M")] == [(1, d("13.2")), (3, d("39.6"))]
    undo_posted_assembly(no=second.no)
    assert OrderCosting.objects.get().non_inventory_cost == 14
    undo_posted_assembly(no=first.no)
    assert OrderCosting.objects.get().non_inventory_cost == 0


def test_a_kit_of_resources_alone_can_be_posted() -> None:
    kit = make_stock_kit("M", bom=[{"resource": make_resource("H", unit_cost=d(10)), "quantity_per": "0.5"}])

    post_assembly(assemble(kit, 3))

    assert ledger() == [(OUTPUT, "M", 3, 15)]


# -- refusals: nothing moves -----------------------------------------------------------------------------------


def test_a_linked_order_is_posted_with_its_sale(kit: Item) -> None:
    stock("A", 20)
    with refused(LinkedToSalesOrder):
        post_assembly(assembly_of(sell_kit(kit, 2)))


def test_without_quantity_lines_or_use_there_is_nothing_to_post(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 3)

    plan(order, quantity_to_assemble=0)
    with refused(NothingToPost):
        post_assembly(order)

    plan(fresh(order), quantity_to_assemble=3)
    customise(component(order, "D"), quantity_to_consume=0)
    with refused(NothingToPost):
        post_assembly(order)

    remove_component(component(order, "D"))
    with refused(NothingToPost):
        post_assembly(order)
    add_component(order, type="text", description="Only words")
    with refused(NothingToPost):
        post_assembly(order)
    assert nothing_posted()


def test_an_order_without_quantity_is_not_posted() -> None:
    with refused((NothingToPost, NothingToRelease)):  # type: ignore[arg-type]
        post_assembly(assemble(make_stock_kit("EMPTY"), 1))


def test_one_missing_component_refuses_all_with_its_figures() -> None:
    first, second = make_item("P"), make_item("Q")
    kit = make_stock_kit("M", bom=[{"item": first, "quantity_per": 1}, {"item": second, "quantity_per": 2}])
    stock(first, 9)
    stock(second, 5)
    order = assemble(kit, 4)

    with refused(NotEnoughInventory) as caught:
        post_assembly(order)

    assert caught.value.params == {"item": "Q", "location": "MAIN", "available": 5, "required": 8}
    assert (fresh(order).status, PostedAssembly.objects.count()) == ("open", 0)


def test_a_finished_order_is_not_posted_again(stock_kit: Item) -> None:
    stock("D", 30)
    order = assemble(stock_kit, 3)
    post_assembly(order)

    with refused(DocumentClosed):
        post_assembly(order)


def test_a_partly_assembled_order_can_be_opened_and_made_smaller(stock_kit: Item) -> None:
    stock("D", 30)
    order = plan(assemble(stock_kit, 9), quantity_to_assemble=4)
    post_assembly(order)
    reopen_assembly(fresh(order))

    plan(fresh(order), quantity=5)

    assert recipe(fresh(order)) == [("D", 3, 15, 3)]
    post_assembly(order)
    assert fields(fresh(order), "status", "assembled_quantity") == ("closed", 5)
