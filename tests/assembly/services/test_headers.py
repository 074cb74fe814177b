"""Assembly headers: who may change what when, and what it does to the lines (EDT-01, LNK-60, LNK-61)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assembly import exceptions
from assembly.models import AssemblyDocument
from assembly.services import documents as assembly_documents
from backoffice.exceptions import AlreadyExists, Blocked, Invalid, NotFound, Required, StaleRevision
from inventory.exceptions import Missing, QuantityRoundsToZero
from inventory.models import Item, ItemVariant, PlannedMovement, Setup
from tests.factories import make_item, make_location, make_stock_kit
from tests.support import (
    TODAY,
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
    finished,
    fresh,
    plan,
    quantities_of,
    recipe,
    refused,
    release_assembly,
    reopen_assembly,
    sell_kit,
    to_consume,
)

LOCKED: dict[str, Any] = {
    "item": "STK",
    "variant": "RED",
    "location": "BLUE",
    "unit_of_measure": "BOX",
    "quantity": 12,
    "due_date": day(11),
    "bin": "B1",
}
DATES: dict[str, Any] = {"starting_date": day(8), "ending_date": day(9)}
FREE: dict[str, Any] = {
    "description": "Other words",
    "note": "Mind the edge",
    "indirect_cost_percent": 5,
    "overhead_rate": 2,
    "unit_cost": 9,
    "posting_date": day(-1),
    "quantity_to_assemble": 10,
}


def _document(kit: Item, *, linked: bool, released: bool) -> AssemblyDocument:
    document = assembly_of(sell_kit(kit, 10)) if linked else assemble(kit, 10)
    if released:
        release_assembly(document)
    return document


# -- the matrix -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize("released", [False, True])
def test_a_linked_document_leaves_what_the_sales_line_decides(masters: Item, name: str, released: bool) -> None:
    document = _document(masters, linked=True, released=released)

    with refused(exceptions.FieldLockedByLink, field=name):
        plan(document, **{name: LOCKED[name]})


@pytest.mark.parametrize("name", LOCKED | DATES)
def test_a_released_document_to_stock_refuses_what_needs_it_open(masters: Item, name: str) -> None:
    document = _document(masters, linked=False, released=True)

    with refused(exceptions.DocumentReleased, field=name):
        plan(document, **{name: (LOCKED | DATES)[name]})


@pytest.mark.parametrize("name", DATES)
def test_a_released_linked_document_keeps_its_dates(masters: Item, name: str) -> None:
    document = _document(masters, linked=True, released=True)

    with refused(exceptions.DocumentReleased, field=name):
        plan(document, **{name: DATES[name]})


@pytest.mark.parametrize("name", LOCKED | DATES)
def test_an_open_document_to_stock_takes_them_all(masters: Item, name: str) -> None:
    document = plan(_document(masters, linked=False, released=False), **{name: (LOCKED | DATES)[name]})

    columns = {"item": "item_id", "variant": "variant_code", "location": "location_id", "bin": "bin_code"}
    columns["unit_of_measure"] = "unit_of_measure_id"
    assert getattr(document, columns.get(name, name)) == (LOCKED | DATES)[name]


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("released", [False, True])
def test_words_costs_and_the_next_posting_are_free(masters: Item, name: str, linked: bool, released: bool) -> None:
    document = plan(_document(masters, linked=linked, released=released), **{name: FREE[name]})

    assert getattr(document, name) == FREE[name]


@pytest.mark.parametrize("linked", [False, True])
def test_a_closed_document_is_history(masters: Item, linked: bool) -> None:
    document = _document(masters, linked=linked, released=False)
    if linked:
        finished(document.link.sales_line)
    else:
        assembled(document, 10)
    assert fresh(document).status == "closed"

    with refused(exceptions.DocumentClosed):
        plan(document, note="x")
    with refused(exceptions.DocumentClosed):
        release_assembly(document)
    with refused(exceptions.DocumentClosed):
        reopen_assembly(document)
    with refused(exceptions.DocumentClosed):
        assembly_documents.refresh_lines(**address(document))


def test_what_is_sent_back_unchanged_is_no_edit(masters: Item) -> None:
    document = _document(masters, linked=True, released=True)

    plan(document, quantity=10, item="K", due_date=document.due_date, starting_date=document.starting_date)

    assert fresh(document).rev == document.rev + 1  # by the release alone


def test_an_unknown_one_and_a_stale_one(masters: Item) -> None:
    document = _document(masters, linked=False, released=False)

    with refused(Missing):
        assembly_documents.edit_assembly_document(**{**address(document), "no": "AO-0"}, values={})
    with refused(StaleRevision):
        assembly_documents.edit_assembly_document(**address(document), values={"note": "x"}, expected_rev=99)


# -- entering -------------------------------------------------------------------------------------------------


def test_an_assembly_order_to_stock_takes_its_lines_from_the_bill(rich_kit: Item) -> None:
    document = assemble(rich_kit, 5)

    assert fields(document, "location_id", "posting_date", "status", "description") == (
        "MAIN",
        TODAY,
        "open",
        "Item KX",
    )
    assert recipe(document) == [
        ("XA", 2, 10, 10),
        ("XB", d("0.3"), 2, 2),
        ("XR", d("0.25"), d("1.25"), d("1.25")),
        ("XS", d("0.5"), d("0.5"), d("0.5")),
        ("Handle with care", 0, 0, 0),
    ]
    assert component(document, "XA").due_date == day(9)
    assert PlannedMovement.objects.get(source_kind="assembly_order").quantity == 5


def test_defaults_of_an_assembly_order(kit: Item) -> None:
    document = assembly_documents.create_assembly_order(values={"item": "K"})

    assert fields(document, "quantity", "due_date", "unit_of_measure_id") == (0, TODAY, "PCS")
    assert not document.lines.exists()


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"item": None}, Required, "item"),
        ({"item": "NONE"}, NotFound, "item"),
        ({"item": "OLD"}, Blocked, "item"),
        ({"item": "SERVICE"}, Invalid, "item"),
        ({"variant": "GREEN"}, NotFound, "variant"),
        ({"variant": "BLUE"}, Blocked, "variant"),
        ({"unit_of_measure": "HOUR"}, NotFound, "unit_of_measure"),
        ({"location": "NONE"}, NotFound, "location"),
        ({"quantity": -1}, Invalid, "quantity"),
        ({"no": "AO-TAKEN"}, AlreadyExists, "no"),
        ({"bin": "NONE"}, NotFound, "bin"),
    ],
)
def test_an_assembly_order_that_cannot_be_is_refused(
    kit: Item, values: dict[str, Any], refusal: type[Exception], field: str
) -> None:
    make_item("OLD", blocked=True)
    make_item("SERVICE", type="service")
    ItemVariant.objects.filter(code="BLUE").update(blocked=True)
    assemble(kit, 1, no="AO-TAKEN")

    with refused(refusal, field=field):
        assemble(kit, 2, **values)


def test_the_number_of_a_posted_order_stays_used_when_the_order_is_deleted(kit: Item) -> None:
    order = assembled(assemble(kit, 5, no="AO-USED"), 2)
    assembly_documents.delete_assembly_document(**address(order))

    with refused(AlreadyExists, field="no"):
        assemble(kit, 1, no="AO-USED")


def test_a_blocked_component_keeps_it_from_being_made(kit: Item) -> None:
    Item.objects.filter(no="A").update(blocked=True)

    with refused(Blocked):
        assemble(kit, 2)


# -- quantities -----------------------------------------------------------------------------------------------


def test_the_lines_scale_with_the_quantity_customised_or_not(kit: Item) -> None:
    document = assemble(kit, 10)
    customise(component(document, "A"), quantity_per="2.5")

    plan(document, quantity=12)

    assert recipe(document) == [("A", d("2.5"), 30, 30), ("R", 1, 12, 12)]


def test_from_nothing_the_lines_come_and_to_nothing_they_go(kit: Item) -> None:
    document = assemble(kit, 0)
    assert recipe(document) == []

    plan(document, quantity=3)
    assert quantities_of(document) == {"A": 6, "R": 3}
    plan(document, quantity=0)
    assert recipe(document) == []
    assert not PlannedMovement.objects.exists()


def test_another_unit_converts_the_quantities_per_but_fixed_usage(rich_kit: Item) -> None:
    document = assemble(rich_kit, 2)

    document = plan(document, unit_of_measure="BOX")

    assert fields(document, "quantity", "quantity_base", "unit_cost") == (2, 12, 84)
    assert [row[:3] for row in recipe(document)] == [
        ("XA", 12, 24),
        ("XB", d("1.8"), 4),
        ("XR", d("1.5"), 3),
        ("XS", d("0.5"), d("0.5")),
        ("Handle with care", 0, 0),
    ]


def test_unit_and_quantity_may_change_in_one_request(kit: Item) -> None:
    document = plan(assemble(kit, 12), unit_of_measure="BOX", quantity=2)

    assert fields(document, "quantity", "quantity_base", "quantity_to_assemble") == (2, 12, 2)
    assert quantities_of(document) == {"A": 24, "R": 12}


def test_another_item_replaces_the_lines(masters: Item) -> None:
    document = plan(assemble(masters, 10), item="STK")

    assert fields(document, "item_id", "quantity", "description") == ("STK", 10, "Item STK")
    assert quantities_of(document) == {"D": 30}


def test_another_variant_keeps_the_lines(masters: Item) -> None:
    document = assemble(masters, 10)
    customise(component(document, "A"), quantity_per=3)

    assert plan(document, variant="RED", unit_cost=5).unit_cost == 5
    assert quantities_of(document)["A"] == 30


def test_the_quantity_to_assemble_to_stock_goes_up_to_what_remains(kit: Item) -> None:
    document = assemble(kit, 10)

    assert plan(document, quantity_to_assemble=4).quantity_to_assemble == 4
    assert to_consume(document) == {"A": 8, "R": 4}
    with refused(exceptions.ExceedsRemainingQuantity, field="quantity_to_assemble"):
        plan(document, quantity_to_assemble=11)
    with refused(Invalid, field="quantity_to_assemble"):
        plan(document, quantity_to_assemble=-1)


@pytest.mark.parametrize(
    ("qty_to_ship", "low", "high"),
    [(4, 1, 4), (2, 0, 2), (8, 5, 7), (10, 7, 7), (0, 0, 0)],
)
def test_the_bounds_of_a_linked_order(kit: Item, qty_to_ship: int, low: int, high: int) -> None:
    """QTY-22, the rule book's own table."""
    line = change(sell_kit(kit, 10, qty_to_assemble_to_order=7), qty_to_ship=qty_to_ship)
    document = assembly_of(line)

    assert document.quantity_to_assemble == high
    for outside in (low - 1, high + 1):
        if outside < 0:
            continue
        with refused(exceptions.QuantityToAssembleOutOfRange, field="quantity_to_assemble") as caught:
            plan(document, quantity_to_assemble=outside)
        assert caught.value.params == {"minimum": low, "maximum": high}
    assert plan(document, quantity_to_assemble=low).quantity_to_assemble == low


def test_a_new_quantity_to_ship_overwrites_what_was_chosen_by_hand(kit: Item) -> None:
    """TRP-05."""
    line = change(sell_kit(kit, 10, qty_to_assemble_to_order=7), qty_to_ship=4)
    plan(assembly_of(line), quantity_to_assemble=2)

    line = change(line, qty_to_ship=5)

    assert assembly_of(line).quantity_to_assemble == 5


def test_quantities_fit_their_unit(house: Setup) -> None:
    kit = make_stock_kit("WHOLE", units={"PCS": (1, 1), "THIRD": ("0.33333", 0)})
    document = assemble(kit, 3)

    for name in ("quantity", "quantity_to_assemble"):
        with refused(Invalid, field=name):
            plan(document, **{name: "2.5"})
    with refused(QuantityRoundsToZero, field="quantity"):
        plan(document, unit_of_measure="THIRD", quantity=1)


# -- location and costs ---------------------------------------------------------------------------------------


def test_another_location_moves_the_lines_and_takes_its_bins(kit: Item) -> None:
    make_location("WH", bins=["IN", "OUT"], bin_mandatory=True, to_assembly_bin="IN", from_assembly_bin="OUT")
    document = assemble(kit, 10)

    document = plan(document, location="WH")

    assert document.bin_code == "OUT"
    assert fields(component(document, "A"), "location_id", "bin_code") == ("WH", "IN")


def test_the_unit_cost_is_refreshed_by_unit_variant_and_location(masters: Item) -> None:
    """TRP-43: over one set by hand."""
    for edit, cost in (({"unit_of_measure": "BOX"}, 84), ({"variant": "RED"}, 14), ({"location": "BLUE"}, 14)):
        document = plan(assemble(masters, 10), unit_cost=99)
        assert document.cost_amount == 990

        document = plan(document, **edit)

        assert fields(document, "unit_cost", "cost_amount") == (cost, cost * 10)


def test_an_item_at_standard_cost_accepts_no_other(house: Setup) -> None:
    make_stock_kit("STD", costing_method="standard", standard_cost=Decimal(7), unit_cost=Decimal(7))
    document = assembly_documents.create_assembly_order(values={"item": "STD", "quantity": Decimal(2)})

    assert document.cost_amount == 14
    with refused(Invalid, field="unit_cost"):
        plan(document, unit_cost=8)
    with refused(Invalid, field="unit_cost"):
        assembly_documents.update_unit_cost(**address(document))


@pytest.mark.parametrize("name", ["unit_cost", "overhead_rate", "indirect_cost_percent"])
def test_costs_are_not_negative(kit: Item, name: str) -> None:
    with refused(Invalid, field=name):
        plan(assemble(kit, 1), **{name: -1})


def test_the_unit_cost_can_be_rolled_up_from_the_lines(kit: Item) -> None:
    """PRC-04: (10 A at 5 + 5 h at 30) / 5 = 40, and 10 % and 2 on top."""
    document = plan(assemble(kit, 5), indirect_cost_percent=10, overhead_rate=2)

    document = assembly_documents.update_unit_cost(**address(document))

    assert document.unit_cost == 46
    with refused(Invalid, field="quantity"):
        assembly_documents.update_unit_cost(**address(assemble(kit, 0)))
