"""The lines of an assembly document: how a kit is customised (EDT-03, QTY-15 to QTY-18, QTY-30, PRC-21, PRC-22)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import Http404

from assembly import exceptions
from assembly.models import AssemblyDocument
from assembly.services import lines as assembly_lines
from backoffice.exceptions import AlreadyExists, Blocked, DomainError, Invalid, NotFound, Required
from inventory.exceptions import QuantityRoundsToZero
from inventory.models import Item, PlannedMovement
from tests.factories import make_item, make_resource
from tests.support import (
    add_component,
    address,
    assemble,
    assembled,
    assembly_of,
    change,
    component,
    customise,
    d,
    day,
    fields,
    plan,
    quantities_of,
    refused,
    release_assembly,
    remove_component,
    sell_kit,
    shipped,
    to_consume,
)

# -- the matrix -----------------------------------------------------------------------------------------------

NEEDS_OPEN: dict[str, Any] = {
    "type": "text",
    "no": "C",
    "location": "BLUE",
    "quantity_per": 3,
    "due_date": day(5),
    "lead_time_offset_days": 2,
}
FREE: dict[str, Any] = {
    "quantity_to_consume": 7,
    "unit_cost": 9,
    "description": "Words",
    "position": "P7",
}


@pytest.mark.parametrize("name", NEEDS_OPEN)
def test_a_released_document_refuses_what_needs_it_open(document: AssemblyDocument, name: str) -> None:
    release_assembly(document)

    with refused(exceptions.DocumentReleased):
        customise(component(document, "A"), **{name: NEEDS_OPEN[name]})


@pytest.mark.parametrize("name", NEEDS_OPEN)
def test_an_open_document_takes_it(document: AssemblyDocument, name: str) -> None:
    line = customise(component(document, "A"), **{name: NEEDS_OPEN[name]})

    column = {"no": "item_id", "location": "location_id"}.get(name, name)
    assert getattr(line, column) == NEEDS_OPEN[name]


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("released", [False, True])
def test_consumption_cost_and_words_are_free(document: AssemblyDocument, name: str, released: bool) -> None:
    if released:
        release_assembly(document)

    assert getattr(customise(component(document, "A"), **{name: FREE[name]}), name) == FREE[name]


def test_a_released_document_takes_texts_and_no_components(document: AssemblyDocument) -> None:
    text = add_component(document, type="text", description="Before")
    release_assembly(document)

    customise(text, description="After")
    other = add_component(document, type="text", description="More")
    remove_component(other)
    remove_component(text)
    with refused(exceptions.DocumentReleased):
        add_component(document, type="item", no="C", quantity_per=1)
    with refused(exceptions.DocumentReleased):
        remove_component(component(document, "A"))


def test_the_usage_of_a_resource_may_change_on_a_released_document(document: AssemblyDocument) -> None:
    release_assembly(document)

    line = customise(component(document, "R"), resource_usage_type="fixed")

    assert fields(line, "quantity_per", "quantity", "quantity_to_consume") == (1, 1, 1)


def test_a_closed_document_is_history(kit: Item) -> None:
    document = assemble(kit, 10)
    text = add_component(document, type="text", description="Words")
    assembled(document, 10)

    with refused(exceptions.DocumentClosed):
        customise(text, description="x")
    with refused(exceptions.DocumentClosed):
        remove_component(text)
    with refused(exceptions.DocumentClosed):
        add_component(document, type="text", description="x")


# -- entering -------------------------------------------------------------------------------------------------


def test_a_new_component_takes_what_its_document_and_item_say(document: AssemblyDocument) -> None:
    line = add_component(document, type="item", no="C", quantity_per="1.5")

    assert fields(line, "line_no", "location_id", "due_date", "description") == (30000, "MAIN", day(10), "Item C")
    assert fields(line, "quantity", "quantity_to_consume", "unit_cost", "cost_amount") == (15, 15, 3, 45)
    assert PlannedMovement.objects.get(item="C").quantity == -15


def test_without_a_quantity_per_there_is_none(document: AssemblyDocument) -> None:
    assert add_component(document, type="item", no="C").quantity == 0
    assert not PlannedMovement.objects.filter(item="C").exists()


def test_a_late_component_waits_for_what_remains(kit: Item) -> None:
    """QEX-10: entered after 4 of 10: nothing consumed, six proposed."""
    make_item("C")
    document = assembly_of(shipped(sell_kit(kit, 10), 4, assembled=4))

    line = add_component(document, type="item", no="C", quantity_per=1)

    assert fields(line, "quantity", "consumed_quantity", "remaining_quantity") == (10, 0, 10)
    assert line.quantity_to_consume == 6


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"type": "item"}, Required, "no"),
        ({"type": "resource"}, Required, "no"),
        ({"no": "NONE"}, NotFound, "no"),
        ({"type": "resource", "no": "NONE"}, NotFound, "no"),
        ({"no": "OLD"}, Blocked, "no"),
        ({"type": "resource", "no": "IDLE"}, Blocked, "no"),
        ({"no": "SERVICE"}, Invalid, "no"),
        ({"no": "C", "variant": "X"}, NotFound, "variant"),
        ({"no": "C", "unit_of_measure": "HOUR"}, NotFound, "unit_of_measure"),
        ({"no": "C", "quantity_per": -1}, Invalid, "quantity_per"),
        ({"no": "C", "location": "NONE"}, NotFound, "location"),
        ({"no": "C", "location": "BLUE", "bin": "NONE"}, NotFound, "bin"),
        ({"no": "C", "due_date": day(11)}, exceptions.DueDateConflict, "due_date"),
        ({"no": "C", "resource_usage_type": "fixed"}, Invalid, "resource_usage_type"),
        ({"no": "C", "line_no": 10000}, AlreadyExists, "line_no"),
        ({"type": "resource", "no": "R", "variant": "V"}, Invalid, "variant"),
        ({"type": "resource", "no": "R", "location": "BLUE"}, Invalid, "location"),
        ({"type": "resource", "no": "R", "lead_time_offset_days": 1}, Invalid, "lead_time_offset_days"),
        ({"type": "text", "no": "C"}, Invalid, "no"),
        ({"type": "text", "quantity_per": 1}, Invalid, "quantity_per"),
        ({"type": "text", "unit_cost": 1}, Invalid, "unit_cost"),
    ],
)
def test_a_line_that_cannot_be_is_refused(
    document: AssemblyDocument, values: dict[str, Any], refusal: type[DomainError], field: str
) -> None:
    make_item("OLD", blocked=True)
    make_item("SERVICE", type="service")
    make_resource("IDLE", blocked=True)

    with refused(refusal, field=field):
        add_component(document, **values)


# -- type and number ------------------------------------------------------------------------------------------


def test_another_type_clears_what_belonged_to_the_old_one(document: AssemblyDocument) -> None:
    """EDT-10; and the plan forgets it."""
    line = customise(component(document, "A"), lead_time_offset_days=2)

    line = customise(line, type="resource", no="R")
    assert fields(line, "item_id", "location_id", "lead_time_offset_days", "resource_usage_type") == (
        None,
        None,
        0,
        "direct",
    )
    line = customise(line, type="text", description="Words")
    assert fields(line, "resource_id", "resource_usage_type", "quantity_per", "quantity") == (None, "", 0, 0)
    assert not PlannedMovement.objects.filter(source_kind="assembly_order_line").exists()


def test_another_number_keeps_the_quantity_per(document: AssemblyDocument) -> None:
    line = customise(component(document, "A"), quantity_per=3)

    line = customise(line, no="C")

    assert fields(line, "description", "unit_cost", "quantity_per", "quantity") == ("Item C", 3, 3, 30)


def test_another_number_is_due_when_assembly_starts(document: AssemblyDocument) -> None:
    line = customise(component(document, "A"), lead_time_offset_days=2)
    assert line.due_date is not None
    assert document.starting_date is not None
    assert line.due_date < document.starting_date

    line = customise(line, no="C")
    assert fields(line, "lead_time_offset_days", "due_date") == (0, document.starting_date)

    line = customise(line, no="A", lead_time_offset_days=3)
    assert fields(line, "lead_time_offset_days", "due_date") == (3, document.starting_date - dt.timedelta(days=3))


def test_what_was_consumed_fixes_the_component(kit: Item) -> None:
    make_item("C", variants=["V"])
    document = assembly_of(shipped(sell_kit(kit, 10), 4, assembled=4))
    line = component(document, "A")

    for edit in ({"no": "C"}, {"type": "text"}, {"variant": "V"}):
        with refused(exceptions.AlreadyAssembled):
            customise(line, **edit)
    with refused(exceptions.AlreadyAssembled):
        assembly_lines.substitute(**address(document), line_no=line.line_no, substitute="C")
    remove_component(line)  # DM-41: deleting asks nothing of what was consumed


def test_a_variant_of_the_component(document: AssemblyDocument) -> None:
    line = add_component(document, no="C", variant="V", quantity_per=1)

    assert fields(line, "variant_code", "description") == ("V", "Item C V")
    assert customise(line, variant="").description == "Item C"
    with refused(Invalid, field="variant"):
        customise(component(document, "R"), variant="V")


# -- quantities -----------------------------------------------------------------------------------------------


def test_a_quantity_per_is_kept_as_entered_and_its_quantity_rounded_up(rich_kit: Item) -> None:
    """QTY-13, QTY-15: 0.35 each of ten, in whole pieces."""
    document = assemble(rich_kit, 10)

    line = customise(component(document, "XB"), quantity_per="0.35")

    assert fields(line, "quantity_per", "quantity", "quantity_to_consume") == (d("0.35"), 4, 4)


def test_a_quantity_per_below_what_is_consumed_leaves_nothing(kit: Item) -> None:
    """QEX-3."""
    document = assembly_of(shipped(sell_kit(kit, 10), 4, assembled=4))
    line = component(document, "A")
    shown = ("quantity", "remaining_quantity", "quantity_to_consume")

    assert fields(customise(line, quantity_per=3), *shown) == (30, 22, 18)
    assert customise(line, quantity_to_consume=22).quantity_to_consume == 22
    assert fields(customise(line, quantity_per=1), *shown) == (10, 2, 2)
    assert fields(customise(line, quantity_per="0.5"), *shown) == (5, 0, 0)


@pytest.mark.parametrize("typed", [0, "7.12345", 20])
def test_what_is_consumed_next_need_not_be_proportional(document: AssemblyDocument, typed: int | str) -> None:
    assert customise(component(document, "A"), quantity_to_consume=typed).quantity_to_consume == d(typed)


@pytest.mark.parametrize(
    ("typed", "refusal"), [(21, exceptions.ExceedsRemainingQuantity), (-1, Invalid), ("0.000001", Invalid)]
)
def test_no_more_is_consumed_than_remains(
    document: AssemblyDocument, typed: int | str, refusal: type[DomainError]
) -> None:
    with refused(refusal, field="quantity_to_consume"):
        customise(component(document, "A"), quantity_to_consume=typed)


def test_what_is_consumed_fits_the_unit(rich_kit: Item) -> None:
    document = assemble(rich_kit, 10)

    with refused(Invalid, field="quantity_to_consume"):
        customise(component(document, "XB"), quantity_to_consume="1.5")


def test_a_new_quantity_to_assemble_overwrites_what_was_entered(document: AssemblyDocument) -> None:
    customise(component(document, "A"), quantity_to_consume=7)
    line = document.link.sales_line if hasattr(document, "link") else None

    if line is not None:
        change(line, qty_to_ship=4)
    else:
        plan(document, quantity_to_assemble=4)

    assert to_consume(document) == {"A": 8, "R": 4}


def test_both_quantities_in_one_request(document: AssemblyDocument) -> None:
    """LNK-32: what the request states to consume stands, also where it repeats what the line says."""
    line = customise(component(document, "A"), quantity_per=3, quantity_to_consume=20)

    assert fields(line, "quantity", "quantity_to_consume") == (30, 20)


def test_another_unit_keeps_the_number(document: AssemblyDocument) -> None:
    """QTY-30."""
    line = add_component(document, no="C", quantity_per=1)

    line = customise(line, unit_of_measure="BOX")

    assert fields(line, "quantity", "quantity_base", "unit_cost", "cost_amount") == (10, 40, 12, 120)
    with refused(Invalid, field="unit_of_measure"):
        customise(component(document, "R"), unit_of_measure="PCS")


def test_a_consumption_that_is_nothing_in_the_base_unit_is_refused(kit: Item) -> None:
    make_item("T", units={"PCS": (1, 1), "THIRD": ("0.33333", 0)})
    document = assemble(kit, 10)
    line = add_component(document, no="T", unit_of_measure="THIRD", quantity_per=1)

    with refused(QuantityRoundsToZero, field="quantity_to_consume"):
        customise(line, quantity_to_consume=1)


def test_fixed_usage_goes_in_whole_and_once(rich_kit: Item) -> None:
    """QTY-12, QTY-16, TRP-10."""
    line = sell_kit(rich_kit, 10)
    document = assembly_of(line)

    change(line, qty_to_ship=4)
    assert to_consume(document) == {"XA": 8, "XB": 1, "XR": 1, "XS": d("0.5")}
    change(line, qty_to_ship=0)
    assert to_consume(document) == {"XA": 0, "XB": 0, "XR": 0, "XS": 0}
    change(line, quantity=20)
    assert quantities_of(document)["XS"] == d("0.5")


# -- dates and costs ------------------------------------------------------------------------------------------


def test_a_component_may_be_due_earlier_and_not_later(document: AssemblyDocument) -> None:
    line = component(document, "A")

    assert customise(line, due_date=day(3)).due_date == day(3)
    with refused(exceptions.DueDateConflict, field="due_date"):
        customise(line, due_date=day(11))
    line = customise(line, lead_time_offset_days=2)
    assert line.due_date == day(8)
    with refused(exceptions.DueDateConflict, field="due_date"):
        customise(line, due_date=day(9))
    with refused(Required, field="due_date"):
        customise(line, due_date=None)


def test_a_component_at_standard_cost_accepts_no_other(document: AssemblyDocument) -> None:
    make_item("STD", costing_method="standard", standard_cost=7, unit_cost=7)
    line = add_component(document, no="STD", quantity_per=1)

    assert line.unit_cost == 7
    with refused(Invalid, field="unit_cost"):
        customise(line, unit_cost=8)
    assert customise(line, unit_cost=7, quantity_per=2).cost_amount == 140


# -- deletion -------------------------------------------------------------------------------------------------


def test_deleting_a_line_forgets_its_plan(document: AssemblyDocument) -> None:
    remove_component(component(document, "A"))

    assert quantities_of(document) == {"R": 10}
    assert not PlannedMovement.objects.filter(item="A").exists()


def test_a_line_that_is_not_there(document: AssemblyDocument) -> None:
    with refused(Http404):
        assembly_lines.delete_line(**address(document), line_no=5)
    with refused(Http404):
        assembly_lines.edit_line(**address(document), line_no=5, values={})
