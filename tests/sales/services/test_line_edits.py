"""What an edit of a sales line does to its assembly: the trigger table, edit by edit (LNK-21)."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.exceptions import BelowAssembledQuantity, ExceedsOutstanding
from backoffice.exceptions import (
    Blocked,
    Invalid,
    NotFound,
    Required,
)
from inventory.models import Item, ItemVariant, Reservation
from sales import exceptions
from sales.models import SalesLine
from tests.factories import make_bom, make_item, make_kit, make_location, make_resource
from tests.support import (
    add_sales_line,
    assembly_of,
    change,
    component,
    customise,
    d,
    day,
    delete_line,
    fields,
    figures,
    fresh,
    has_assembly,
    plan,
    quantities_of,
    recipe,
    refused,
    release,
    release_assembly,
    reopen,
    reserved_for,
    sell,
    sell_kit,
    shipped,
)

# -- type and item --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("becomes", [{"type": "comment"}, {"type": "resource", "no": "R"}])
def test_a_line_that_sells_no_item_any_more_gives_its_assembly_up(kit: Item, becomes: dict[str, Any]) -> None:
    line = sell_kit(kit, 10)

    line = change(line, **becomes)

    assert line.qty_to_assemble_to_order == 0
    assert not has_assembly(line)
    assert not Reservation.objects.exists()


def test_a_shipped_line_keeps_its_type(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.AlreadyShipped, field="type"):
        change(line, type="comment")


def test_another_item_needs_the_assembly_taken_off_first(kit: Item, stock_kit: Item) -> None:
    line = sell_kit(kit, 5)

    with refused(exceptions.FieldLockedByLink, field="no"):
        change(line, no="STK")

    line = change(change(line, qty_to_assemble_to_order=0), no="STK")
    assert (figures(line), has_assembly(line)) == ((5, 0, 5), False)
    line = change(line, no="K")
    assert (figures(line), quantities_of(assembly_of(line))) == ((5, 5, 5), {"A": 10, "R": 5})


def test_both_in_one_request_is_one_act(kit: Item, stock_kit: Item) -> None:
    line = change(sell_kit(kit, 5), no="STK", qty_to_assemble_to_order=0)

    assert (line.item_id, figures(line), has_assembly(line)) == ("STK", (5, 0, 5), False)


def test_another_item_takes_the_unit_and_variant_that_the_request_states(kit: Item) -> None:
    other = make_item("O", units={"BOX": 4}, variants=["RED"], sales_unit_of_measure_id="PCS")
    line = change(sell_kit(kit, 5, variant="RED", unit_of_measure="BOX"), qty_to_assemble_to_order=0)

    line = change(line, no=other.no, variant="RED", unit_of_measure="BOX")

    assert fields(line, "item_id", "variant_code", "unit_of_measure_id", "quantity_base") == ("O", "RED", "BOX", 20)


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        ({"no": "NONE"}, NotFound),
        ({"no": ""}, Required),
        ({"no": "OLD"}, Blocked),
        ({"no": "UNSOLD"}, Blocked),
        ({"type": "resource", "no": "NONE"}, NotFound),
        ({"type": "resource", "no": "IDLE"}, Blocked),
        ({"type": "comment", "no": "K"}, Invalid),
    ],
)
def test_what_cannot_be_sold_is_refused(kit: Item, entry: dict[str, Any], refusal: type[Exception]) -> None:
    make_item("OLD", blocked=True)
    make_item("UNSOLD", sales_blocked=True)
    make_resource("IDLE", blocked=True)
    document = sell()

    with refused(refusal, field="no"):
        add_sales_line(document, quantity=1, **entry)


# -- variant --------------------------------------------------------------------------------------------------


def test_another_variant_renames_the_assembly_and_keeps_its_components(kit: Item) -> None:
    """TRP-09: customised or not."""
    line = sell_kit(kit, "3.5")
    document = assembly_of(line)
    customise(component(document, "A"), quantity_per="2.4")
    plan(document, unit_cost=99)

    line = change(line, variant="RED")

    assert fields(fresh(document), "variant_code", "description", "unit_cost") == ("RED", "Kit RED", 14)
    assert recipe(document)[0] == ("A", d("2.4"), d("8.4"), d("8.4"))
    assert Reservation.objects.get().demand.variant_code == "RED"


def test_an_unknown_or_blocked_variant_is_refused(kit: Item) -> None:
    ItemVariant.objects.filter(code="BLUE").update(blocked=True)
    line = sell_kit(kit, 3)

    with refused(NotFound, field="variant"):
        change(line, variant="GREEN")
    with refused(Blocked, field="variant"):
        change(line, variant="BLUE")


def test_the_variant_stays_once_shipped_and_not_invoiced(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.AlreadyShipped, field="variant"):
        change(line, variant="RED")


# -- location, bin, date --------------------------------------------------------------------------------------


def test_another_location_moves_the_assembly_and_its_components(kit: Item) -> None:
    make_location("BLUE")
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    customise(component(document, "A"), quantity_per=3)
    line = change(line, qty_to_ship=4)

    line = change(line, location="BLUE")

    assert fields(fresh(document), "location_id", "quantity_to_assemble") == ("BLUE", 4)
    assert fields(component(document, "A"), "location_id", "quantity_per", "quantity") == ("BLUE", 3, 30)
    assert component(document, "R").location_id is None
    assert Reservation.objects.get().demand.location_id == "BLUE"


def test_an_unknown_location_is_refused(kit: Item) -> None:
    with refused(NotFound, field="location"):
        change(sell_kit(kit, 10), location="NONE")


def test_an_item_line_needs_a_location(kit: Item) -> None:
    with refused(Required, field="location"):
        change(sell_kit(kit, 10), location=None)


def test_the_bin_follows_also_on_a_released_order(kit: Item) -> None:
    """TRP-25: a bin opens nothing."""
    make_location("WH", bins=["IN", "OUT", "DOCK"], bin_mandatory=True, to_assembly_bin="IN", from_assembly_bin="OUT")
    line = sell_kit(kit, 3, location="WH")
    document = assembly_of(line)
    assert (line.bin_code, document.bin_code, component(document, "A").bin_code) == ("OUT", "OUT", "IN")
    release(line.document)

    line = change(line, bin="DOCK")

    assert fields(fresh(document), "bin_code", "status") == ("DOCK", "released")
    assert component(document, "A").bin_code == "IN"
    with refused(NotFound, field="bin"):
        change(line, bin="NONE")


def test_another_shipment_date_moves_all_dates(rich_kit: Item) -> None:
    Item.objects.filter(no="KX").update(lead_time_days=2, safety_lead_time_days=1)
    line = sell_kit(rich_kit, 10)
    document = assembly_of(line)
    customise(component(document, "XA"), quantity_per=3)

    line = change(line, shipment_date=day(20))

    assert fields(fresh(document), "due_date", "ending_date", "starting_date") == (day(20), day(19), day(17))
    assert component(document, "XA").due_date == day(16)
    assert component(document, "XB").due_date == day(17)
    assert component(document, "XA").quantity_per == 3
    assert Reservation.objects.get().demand.due_date == day(20)


def test_the_shipment_date_cannot_be_taken_away(kit: Item) -> None:
    with refused(Required, field="shipment_date"):
        change(sell_kit(kit, 10), shipment_date=None)


# -- quantity against what is assembled -----------------------------------------------------------------------


def test_the_assembly_may_be_taken_off_after_a_part_was_assembled(kit: Item) -> None:
    """TRP-20: history stays; less than what is assembled, but not nothing, is refused."""
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(BelowAssembledQuantity):
        change(line, qty_to_assemble_to_order=3)

    line = change(line, qty_to_assemble_to_order=0)
    assert (figures(line), has_assembly(line), reserved_for(line)) == ((10, 0, 6), False, 0)


def test_the_unit_stays_once_shipped(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.AlreadyShipped, field="unit_of_measure"):
        change(line, unit_of_measure="BOX")


def test_less_than_what_remains_to_be_assembled_is_refused(kit: Item) -> None:
    """LNK-13: three from stock have left, seven are still to be assembled; eight in all cannot be."""
    line = sell_kit(kit, 10, qty_to_assemble_to_order=7)
    line = shipped(line, 3, assembled=0)

    with refused(ExceedsOutstanding):
        change(line, quantity=8)


# -- nothing to do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [{"unit_price": 3}, {"line_discount_percent": 10}, {"description": "Words"}, {"unit_cost": 2}],
)
def test_price_discount_and_words_leave_the_assembly_alone(kit: Item, edit: dict[str, Any]) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)

    change(line, **edit)

    assert fresh(document).rev == document.rev


def test_a_changed_bill_of_materials_does_not_reach_a_line_where_nothing_differs(kit: Item) -> None:
    line = sell_kit(kit, 10, qty_to_assemble_to_order=7)
    document = assembly_of(line)
    make_bom(make_kit("UNUSED"), [{"text": "Other"}])
    kit.bom_lines.all().delete()

    change(line, quantity=12)

    assert quantities_of(document) == {"A": 14, "R": 7}


# -- released assembly orders ---------------------------------------------------------------------------------


def test_a_change_opens_a_released_assembly_order(kit: Item) -> None:
    line = sell_kit(kit, 10)
    release_assembly(assembly_of(line))

    change(line, quantity=12)

    assert fields(assembly_of(line), "status", "quantity") == ("open", 12)


@pytest.mark.parametrize("edit", [{"quantity": 11}, {"variant": "RED"}, {"shipment_date": day(1)}, {"unit_price": 1}])
def test_a_released_sales_order_refuses_edits(kit: Item, edit: dict[str, Any]) -> None:
    line = sell_kit(kit, 10)
    release(line.document)

    with refused(exceptions.DocumentReleased, field=next(iter(edit))):
        change(line, **edit)


def test_a_released_sales_order_takes_no_new_line_and_loses_none(kit: Item) -> None:
    line = sell_kit(kit, 10)
    release(line.document)

    with refused(exceptions.DocumentReleased):
        add_sales_line(line.document, no="K", quantity=1)
    with refused(exceptions.DocumentReleased):
        delete_line(line)


def test_what_is_sent_back_unchanged_is_no_edit_of_a_released_order(kit: Item) -> None:
    line = sell_kit(kit, 10)
    release(line.document)

    line = change(line, quantity=10, variant="", qty_to_ship=4)

    assert figures(line) == (10, 10, 4)


def test_what_is_assembled_to_order_may_change_on_a_released_order(kit: Item) -> None:
    """EDT-23: it has no status test of its own; the assembly order is opened for it."""
    line = sell_kit(kit, 10)
    release(line.document)

    line = change(line, qty_to_assemble_to_order=4)

    assert fields(assembly_of(line), "quantity", "status") == (4, "open")
    reopen(line.document)


# -- deletion -------------------------------------------------------------------------------------------------


def test_deleting_a_line_takes_its_assembly_along(kit: Item) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)
    release_assembly(document)

    delete_line(line)

    assert not SalesLine.objects.exists()
    assert not type(document).objects.exists()
    assert not Reservation.objects.exists()


def test_a_shipped_line_is_not_deleted(kit: Item) -> None:
    line = shipped(sell_kit(kit, 10), 4, assembled=4)

    with refused(exceptions.AlreadyShipped):
        delete_line(line)


# -- blocked things -------------------------------------------------------------------------------------------


def test_a_blocked_component_keeps_the_line_from_being_entered(kit: Item) -> None:
    Item.objects.filter(no="A").update(blocked=True)
    document = sell()

    with refused(Blocked):
        add_sales_line(document, no="K", quantity=2)


def test_a_component_blocked_later_does_not_hinder_the_line(kit: Item) -> None:
    line = sell_kit(kit, 10)
    Item.objects.filter(no="A").update(blocked=True)

    assert quantities_of(assembly_of(change(line, quantity=12)))["A"] == 24
