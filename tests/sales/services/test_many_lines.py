"""Many sales lines in one request: an assembly order each, all refusals at once, numbers and revisions."""

from __future__ import annotations

from django.http import Http404

from backoffice.exceptions import (
    AlreadyExists,
    NeverRenamed,
    Refusals,
    StaleRevision,
)
from inventory.models import Item
from sales.models import SalesDocumentType
from sales.services import lines as sales_lines
from tests.support import (
    add_sales_line,
    assembly_of,
    change,
    day,
    delete_line,
    has_assembly,
    line_of,
    refused,
    sell,
)


def test_every_line_has_an_assembly_order_of_its_own(kit: Item, stock_kit: Item) -> None:
    document = sell(
        {"no": "K", "quantity": 4},
        {"no": "STK", "quantity": 3},
        {"no": "K", "quantity": 6, "shipment_date": day(7)},
    )
    first, second, third = (line_of(document, no) for no in (10000, 20000, 30000))

    assert (has_assembly(first), has_assembly(second), has_assembly(third)) == (True, False, True)
    assert assembly_of(first).no != assembly_of(third).no
    assert assembly_of(third).due_date == day(7)

    delete_line(first)
    assert assembly_of(third).quantity == 6


def test_the_refusals_of_all_lines_are_told_at_once(kit: Item) -> None:
    with refused(Refusals) as caught:
        sell({"no": "K", "quantity": -1}, {"no": "K", "quantity": 1}, {"no": "NONE", "quantity": 1})

    assert [error.field for error in caught.value.errors] == ["lines[0].quantity", "lines[2].no"]


def test_a_number_of_a_line_is_used_once_and_never_changed(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 1, "line_no": 5})

    assert add_sales_line(document, no="K", quantity=1).line_no == 10005
    with refused(AlreadyExists, field="line_no"):
        add_sales_line(document, no="K", quantity=1, line_no=5)
    with refused(NeverRenamed, field="line_no"):
        change(line_of(document, 5), line_no=6)


def test_a_line_that_is_not_there_cannot_be_changed(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 1})

    with refused(Http404):
        sales_lines.edit_lines(
            document_type=SalesDocumentType.ORDER, no=document.no, changes={20000: {"description": "x"}}
        )
    with refused(Http404):
        sales_lines.delete_lines(document_type=SalesDocumentType.ORDER, no=document.no, line_nos=[20000])


def test_a_stale_revision_is_refused(kit: Item) -> None:
    document = sell({"no": "K", "quantity": 1})

    with refused(StaleRevision):
        sales_lines.edit_lines(
            document_type=SalesDocumentType.ORDER,
            no=document.no,
            changes={10000: {"description": "x"}},
            expected_rev=99,
        )
