"""Quotes and blanket orders: the same machinery, all or nothing, no plan and no reservation (BLK-01 to BLK-03)."""

from __future__ import annotations

import pytest

from assembly.exceptions import FieldLockedByLink, LinkedToSalesOrder, QuantityToAssembleOutOfRange
from assembly.services import documents as assembly_documents
from inventory.models import Item, PlannedMovement, Reservation
from sales import exceptions
from sales.models import SalesDocumentType, SalesLine
from tests.support import (
    address,
    assembly_of,
    change,
    component,
    customise,
    day,
    delete_line,
    fields,
    figures,
    has_assembly,
    line_of,
    plan,
    quantities_of,
    refused,
    release,
    sell,
)

BOTH = [SalesDocumentType.QUOTE, SalesDocumentType.BLANKET_ORDER]
MADE = {"sales_quote": "assembly_quote", "blanket_sales_order": "blanket_assembly_order"}


@pytest.fixture(params=BOTH)
def line(request: pytest.FixtureRequest, kit: Item) -> SalesLine:
    """A line of ten, on a quote and on a blanket order."""
    return line_of(sell({"no": "K", "quantity": 10}, document_type=request.param))


def test_it_has_an_assembly_of_its_kind_that_plans_and_reserves_nothing(line: SalesLine) -> None:
    document = assembly_of(line)

    assert document.document_type == MADE[line.document.document_type]
    assert figures(line) == (10, 10, 10)
    assert fields(document, "quantity", "quantity_to_assemble") == (10, 10)
    assert not PlannedMovement.objects.exists()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("part", [1, "9.99999", 11])
def test_nothing_but_the_whole_is_taken(line: SalesLine, part: int | str) -> None:
    with refused(exceptions.FullQuantityRequired, field="qty_to_assemble_to_order"):
        change(line, qty_to_assemble_to_order=part)


def test_nothing_or_the_whole_is_taken(line: SalesLine) -> None:
    line = change(line, qty_to_assemble_to_order=0)
    assert not has_assembly(line)

    line = change(line, qty_to_assemble_to_order=10)
    assert assembly_of(line).quantity == 10


def test_another_quantity_keeps_it_whole(line: SalesLine) -> None:
    document = assembly_of(line)
    customise(component(document, "A"), quantity_per="2.5")

    line = change(line, quantity=12)

    assert figures(line)[:2] == (12, 12)
    assert quantities_of(document) == {"A": 30, "R": 12}


def test_dates_and_variants_follow(line: SalesLine) -> None:
    line = change(line, shipment_date=day(20), variant="RED")

    assert fields(assembly_of(line), "due_date", "variant_code") == (day(20), "RED")
    assert not PlannedMovement.objects.exists()


def test_a_quote_assembles_the_whole_and_a_blanket_order_what_is_called_off(line: SalesLine) -> None:
    line = change(line, qty_to_ship=4)

    expected = 10 if line.document.document_type == SalesDocumentType.QUOTE else 4
    assert assembly_of(line).quantity_to_assemble == expected


def test_what_is_assembled_next_cannot_be_chosen(line: SalesLine) -> None:
    """BLK-03: an order made from it takes the components for just that quantity."""
    change(line, qty_to_ship=4)
    document = assembly_of(line)

    for other in (document.quantity_to_assemble - 1, document.quantity_to_assemble + 1):
        with refused(QuantityToAssembleOutOfRange, field="quantity_to_assemble"):
            plan(document, quantity_to_assemble=other)


def test_its_assembly_is_locked_and_not_deleted_by_itself(line: SalesLine) -> None:
    document = assembly_of(line)

    with refused(FieldLockedByLink, field="quantity"):
        plan(document, quantity=6)
    with refused(FieldLockedByLink, field="due_date"):
        plan(document, due_date=day(1))
    with refused(LinkedToSalesOrder):
        assembly_documents.delete_assembly_document(**address(document))


def test_deleting_the_line_deletes_the_assembly(line: SalesLine) -> None:
    document = assembly_of(line)

    delete_line(line)

    assert not type(document).objects.exists()


def test_a_released_one_refuses_edits(line: SalesLine) -> None:
    release(line.document)

    with refused(exceptions.DocumentReleased, field="quantity"):
        change(line, quantity=12)
    assert assembly_of(line).status == "released"
