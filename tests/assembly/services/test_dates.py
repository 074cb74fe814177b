"""The dates of an assembly document: they follow each other, and those of its sale (LNK-60)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assembly import exceptions
from assembly.models import AssemblyDocument
from backoffice.exceptions import Required
from inventory.models import Item, Setup
from tests.factories import make_item, make_stock_kit
from tests.support import (
    assemble,
    assembly_of,
    change_header,
    component,
    day,
    fields,
    plan,
    refused,
    sell_kit,
    settle_setup,
)


@pytest.fixture
def slow_kit(house: Setup) -> Item:
    """Three days to assemble, two more to be safe; its component is needed a day earlier."""
    return make_stock_kit(
        "SLOW",
        lead_time_days=3,
        safety_lead_time_days=2,
        bom=[{"item": make_item("E"), "quantity_per": 1, "lead_time_offset_days": 1}],
    )


def _dates(document: AssemblyDocument) -> tuple[dt.date, ...]:
    return fields(document, "due_date", "ending_date", "starting_date")


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        ({"due_date": day(30)}, (30, 28, 25)),
        ({"ending_date": day(28)}, (30, 28, 25)),
        ({"starting_date": day(24)}, (29, 27, 24)),
        ({"starting_date": day(35)}, (40, 38, 35)),
        ({"starting_date": day(20), "ending_date": day(22)}, (24, 22, 20)),
        ({"due_date": day(30), "starting_date": day(20)}, (30, 23, 20)),
    ],
)
def test_the_dates_of_a_document_to_stock_follow_each_other(
    slow_kit: Item, edit: dict[str, Any], after: tuple[int, int, int]
) -> None:
    document = assemble(slow_kit, 5, due_date=day(20))
    assert _dates(document) == (day(20), day(18), day(15))

    document = plan(document, **edit)

    assert _dates(document) == tuple(day(days) for days in after)
    assert component(document, "E").due_date == day(after[2] - 1)


@pytest.mark.parametrize(
    ("given", "dates"),
    [
        ({}, (0, -2, -5)),
        ({"ending_date": day(9)}, (11, 9, 6)),
        ({"starting_date": day(8)}, (13, 11, 8)),
        ({"starting_date": day(5), "ending_date": day(9)}, (11, 9, 5)),
        ({"due_date": day(10), "starting_date": day(4)}, (10, 7, 4)),
    ],
)
def test_a_new_order_takes_the_dates_that_go_with_the_given_one(
    slow_kit: Item, given: dict[str, Any], dates: tuple[int, int, int]
) -> None:
    document = assemble(slow_kit, 5, **{"due_date": None, **given})

    assert _dates(document) == tuple(day(days) for days in dates)
    assert component(document, "E").due_date == day(dates[2] - 1)


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        ({"ending_date": day(17)}, (20, 17, 14)),
        ({"ending_date": day(20)}, (20, 20, 17)),
        ({"starting_date": day(10)}, (20, 13, 10)),
    ],
)
def test_the_due_date_of_a_linked_document_stays(
    slow_kit: Item, edit: dict[str, Any], after: tuple[int, int, int]
) -> None:
    line = sell_kit(slow_kit, 5, qty_to_assemble_to_order=5, shipment_date=day(20))

    document = plan(assembly_of(line), **edit)

    assert _dates(document) == tuple(day(days) for days in after)


@pytest.mark.parametrize("edit", [{"ending_date": day(21)}, {"starting_date": day(18)}])
def test_a_linked_document_does_not_end_after_it_is_due(slow_kit: Item, edit: dict[str, Any]) -> None:
    document = assembly_of(sell_kit(slow_kit, 5, qty_to_assemble_to_order=5, shipment_date=day(20)))

    with refused(exceptions.DueDateConflict, field="ending_date"):
        plan(document, **edit)


@pytest.mark.parametrize(
    ("edit", "quantity", "to_assemble"),
    [
        ({"quantity": 12, "quantity_to_assemble": 10}, 12, 10),
        ({"quantity": 12}, 12, 12),
        ({"item": "STK", "quantity_to_assemble": 10}, 10, 10),
    ],
)
def test_what_a_request_states_stands(masters: Item, edit: dict[str, Any], quantity: int, to_assemble: int) -> None:
    """LNK-32: also where it repeats what the document says."""
    document = plan(assemble(masters, 10), **edit)

    assert fields(document, "quantity", "quantity_to_assemble") == (quantity, to_assemble)


def test_it_does_not_start_after_it_ends(slow_kit: Item) -> None:
    with refused(exceptions.DueDateConflict, field="starting_date"):
        plan(assemble(slow_kit, 5), starting_date=day(5), ending_date=day(4))


@pytest.mark.parametrize("name", ["due_date", "starting_date", "ending_date", "posting_date"])
def test_a_date_is_not_taken_away(slow_kit: Item, name: str) -> None:
    with refused(Required, field=name):
        plan(assemble(slow_kit, 5), **{name: None})


def test_without_a_safety_lead_time_of_its_own_the_setups_counts(kit: Item) -> None:
    settle_setup(default_safety_lead_time_days=4)
    assert _dates(assemble(kit, 1, due_date=day(10))) == (day(10), day(6), day(6))

    Item.objects.filter(no="K").update(safety_lead_time_days=0)
    assert _dates(assemble(kit, 1, due_date=day(10))) == (day(10), day(10), day(10))


def test_a_linked_assembly_is_posted_no_later_than_its_sale(kit: Item) -> None:
    line = sell_kit(kit, 10)
    document = assembly_of(line)

    with refused(exceptions.PostingDateAfterSalesOrder, field="posting_date"):
        plan(document, posting_date=day(1))
    change_header(line.document, posting_date=day(3))
    assert plan(document, posting_date=day(1)).posting_date == day(1)
    assert plan(assemble(kit, 1), posting_date=day(99)).posting_date == day(99)
