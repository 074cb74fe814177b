"""The words that tests of sales and assembly tell their stories in.

Documents are entered and changed through the services, as clerks and planners do; what is read back is fresh.
Numbers may be written as int or text; dates as days from the work date with `day(3)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyLine
from assembly.services import documents as assembly_documents
from assembly.services import lines as assembly_lines
from assembly.services import release as assembly_release
from assembly.services.posting import post_assembly_order
from inventory.models import Item, LedgerEntryType, MovementSource, Reservation, Setup
from inventory.services.adjusting import post_adjustments
from sales.models import SalesDocument, SalesDocumentType, SalesLine
from sales.services import documents as sales_documents
from sales.services import lines as sales_lines
from sales.services import release as sales_release
from sales.services.posting import post_sales_order

#: The work date of tests.
TODAY = dt.date(2031, 3, 3)

#: Fields of requests that hold quantities or amounts.
_NUMBERS = frozenset(
    {
        "quantity",
        "qty_to_assemble_to_order",
        "qty_to_ship",
        "qty_to_invoice",
        "unit_price",
        "unit_cost",
        "line_discount_percent",
        "quantity_per",
        "quantity_to_consume",
        "quantity_to_assemble",
        "indirect_cost_percent",
        "overhead_rate",
    }
)


def day(days: int) -> dt.date:
    """Return the date so many days after the work date."""
    return TODAY + dt.timedelta(days=days)


def d(number: str | int) -> Decimal:
    """Return the exact decimal."""
    return Decimal(number)


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the edge would hand to a service: numbers as decimals."""
    return {
        name: Decimal(value) if name in _NUMBERS and isinstance(value, (int, str)) else value
        for name, value in given.items()
    }


def fields(row: object, *names: str) -> tuple[Any, ...]:
    """Return these attributes of a row, to be compared with plain numbers at once."""
    return tuple(getattr(row, name) for name in names)


# -- sales ----------------------------------------------------------------------------------------------------


def sell(
    *lines: Mapping[str, Any],
    document_type: SalesDocumentType = SalesDocumentType.ORDER,
    **header: Any,
) -> SalesDocument:
    """Enter a sales document of CUST with these lines, to be shipped in ten days."""
    return sales_documents.create_sales_document(
        document_type=document_type,
        values={"customer": "CUST", "shipment_date": day(10), **header},
        lines=[values(line) for line in lines],
    )


def sell_kit(item: Item, quantity: str | int = 10, **line: Any) -> SalesLine:
    """Enter a sales order with one line and return the line."""
    return line_of(sell({"no": item.no, "quantity": quantity, **line}))


def quote_kit(item: Item, quantity: str | int = 10, **line: Any) -> SalesLine:
    """Enter a sales quote with one line and return the line."""
    return line_of(sell({"no": item.no, "quantity": quantity, **line}, document_type=SalesDocumentType.QUOTE))


def line_of(document: SalesDocument, line_no: int = 10000) -> SalesLine:
    """Return a line of a document, fresh."""
    return SalesLine.objects.select_related("document", "item").get(document=document, line_no=line_no)


def add_sales_line(document: SalesDocument, **given: Any) -> SalesLine:
    """Enter a line on a document and return it."""
    (line,) = sales_lines.add_lines(
        document_type=SalesDocumentType(document.document_type), no=document.no, lines=[values(given)]
    )
    return line


def change(line: SalesLine, **given: Any) -> SalesLine:
    """Change fields of a sales line and return it, fresh."""
    document = line.document
    sales_lines.edit_lines(
        document_type=SalesDocumentType(document.document_type),
        no=document.no,
        changes={line.line_no: values(given)},
    )
    return line_of(document, line.line_no)


def change_header(document: SalesDocument, **given: Any) -> SalesDocument:
    """Change fields of a sales header and return it."""
    return sales_documents.edit_sales_document(
        document_type=SalesDocumentType(document.document_type), no=document.no, values=given
    )


def delete_line(line: SalesLine) -> None:
    """Delete a sales line."""
    sales_lines.delete_lines(
        document_type=SalesDocumentType(line.document.document_type), no=line.document.no, line_nos=[line.line_no]
    )


def delete_document(document: SalesDocument) -> None:
    """Delete a sales document."""
    sales_documents.delete_sales_document(document_type=SalesDocumentType(document.document_type), no=document.no)


def release(document: SalesDocument) -> SalesDocument:
    """Release a sales document."""
    return sales_release.release(document_type=SalesDocumentType(document.document_type), no=document.no)


def reopen(document: SalesDocument) -> SalesDocument:
    """Open a sales document again."""
    return sales_release.reopen(document_type=SalesDocumentType(document.document_type), no=document.no)


def figures(line: SalesLine) -> tuple[Any, ...]:
    """Return quantity, quantity to assemble to order and quantity to ship, as the rule book's tables show them."""
    return line.quantity, line.qty_to_assemble_to_order, line.qty_to_ship


def shipped(line: SalesLine, quantity: str | int, *, assembled: str | int = 0) -> SalesLine:
    """Ship this much of the line, this much of it assembled and the rest from stock, and open the order again.

    What it takes is put in stock before. Returns the line, fresh.
    """
    document = line.document
    change(line, qty_to_ship=quantity)
    if has_assembly(line):
        made_for = assembly_of(line)
        if fields(made_for, "quantity_to_assemble") != (Decimal(assembled),):
            plan(made_for, quantity_to_assemble=assembled)
        for row in made_for.lines.exclude(item=None):
            _stock(row.item_id, row.quantity_base, row.location_id)
    assert line.item_id is not None
    _stock(line.item_id, line.quantity_base, line.location_id)
    post_sales_order(no=document.no, ship=True, invoice=False)
    if figures(line_of(document, line.line_no))[0] != Decimal(quantity):
        reopen(document)
    return line_of(document, line.line_no)


def finished(line: SalesLine) -> SalesLine:
    """Ship and invoice the whole line, all of it assembled; with its order and assembly order closed."""
    shipped(line, str(line.quantity), assembled=str(line.qty_to_assemble_to_order))
    post_sales_order(no=line.document.no, ship=False, invoice=True)
    return line_of(line.document, line.line_no)


def _stock(item: str | None, quantity: Decimal, location: str | None) -> None:
    if item and quantity:
        row = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "item": item, "location": location}
        post_adjustments([{**row, "quantity": quantity}])


# -- assembly -------------------------------------------------------------------------------------------------


def assembly_of(line: SalesLine) -> AssemblyDocument:
    """Return the assembly document of a sales line, fresh."""
    return AssemblyDocument.objects.get(link__sales_line=line)


def has_assembly(line: SalesLine) -> bool:
    """Tell whether the line has an assembly document."""
    return AssembleToOrderLink.objects.filter(sales_line=line).exists()


def fresh(document: AssemblyDocument) -> AssemblyDocument:
    """Return an assembly document as it stands now."""
    return AssemblyDocument.objects.get(pk=document.pk)


def assemble(item: Item, quantity: str | int = 10, /, **given: Any) -> AssemblyDocument:
    """Enter an assembly order to stock, due in ten days."""
    entered = {"item": item.no, "quantity": quantity, "due_date": day(10), **given}
    document = assembly_documents.create_assembly_order(values=values(entered))
    return fresh(document)


def assembled(document: AssemblyDocument, quantity: str | int) -> AssemblyDocument:
    """Assemble this much of an order to stock, and open the order again. What it takes is put in stock before."""
    plan(document, quantity_to_assemble=quantity)
    for row in document.lines.exclude(item=None):
        _stock(row.item_id, row.quantity_base, row.location_id)
    post_assembly_order(no=document.no)
    return fresh(document) if fresh(document).status == "closed" else reopen_assembly(document)


def plan(document: AssemblyDocument, **given: Any) -> AssemblyDocument:
    """Change fields of an assembly header and return it, fresh."""
    assembly_documents.edit_assembly_document(**address(document), values=values(given))
    return fresh(document)


def component(document: AssemblyDocument, no: str) -> AssemblyLine:
    """Return the first line of this item or resource, fresh."""
    return next(line for line in document.lines.all() if line.no == no)


def add_component(document: AssemblyDocument, **given: Any) -> AssemblyLine:
    """Enter a line on an assembly document."""
    return assembly_lines.add_line(**address(document), values=values(given))


def customise(line: AssemblyLine, **given: Any) -> AssemblyLine:
    """Change a line of an assembly document and return it, fresh."""
    assembly_lines.edit_line(**address(line.document), line_no=line.line_no, values=values(given))
    return AssemblyLine.objects.select_related("document").get(pk=line.pk)


def remove_component(line: AssemblyLine) -> None:
    """Delete a line of an assembly document."""
    assembly_lines.delete_line(**address(line.document), line_no=line.line_no)


def refresh_lines(document: AssemblyDocument) -> AssemblyDocument:
    """Put the bill of materials in place of the lines."""
    assembly_documents.refresh_lines(**address(document))
    return fresh(document)


def release_assembly(document: AssemblyDocument) -> AssemblyDocument:
    """Release an assembly document by itself."""
    return assembly_release.release(**address(document))


def reopen_assembly(document: AssemblyDocument) -> AssemblyDocument:
    """Open an assembly document by itself."""
    return assembly_release.reopen(**address(document))


def address(document: AssemblyDocument) -> dict[str, Any]:
    """Return how services are told which assembly document is meant."""
    return {"document_type": AssemblyDocumentType(document.document_type), "no": document.no}


def recipe(document: AssemblyDocument) -> list[tuple[Any, ...]]:
    """Return number, quantity per, quantity and quantity to consume of every line; texts by their words."""
    return [
        (line.no or line.description, line.quantity_per, line.quantity, line.quantity_to_consume)
        for line in document.lines.order_by("line_no")
    ]


def quantities_of(document: AssemblyDocument) -> dict[str, Any]:
    """Return the quantity of each component and resource."""
    return {line.no: line.quantity for line in document.lines.all() if not line.is_text}


def to_consume(document: AssemblyDocument) -> dict[str, Any]:
    """Return what the next posting is to consume of each component and resource."""
    return {line.no: line.quantity_to_consume for line in document.lines.all() if not line.is_text}


def reserved_for(line: SalesLine) -> Any:
    """Return what stands reserved for a sales line, base units."""
    rows = Reservation.objects.filter(demand__source_kind=MovementSource.SALES_ORDER_LINE, demand__source_id=line.pk)
    return sum((row.quantity for row in rows), Decimal(0))


def settle_setup(**given: Any) -> Setup:
    """Change the company's settings."""
    Setup.objects.filter(pk=1).update(**given)
    return Setup.objects.get(pk=1)


# -- refusals -------------------------------------------------------------------------------------------------


@contextmanager
def refused(refusal: type[Exception], *, field: str | None = None) -> Iterator[pytest.ExceptionInfo[Any]]:
    """Expect the refusal, at the field where one is given; nothing in the database may have moved.

    Undoes what was done before it as the edge does, with the whole unit of work.
    """
    before = state()
    with pytest.raises(refusal) as caught, transaction.atomic():
        yield caught
    assert state() == before
    if field is not None:
        assert getattr(caught.value, "field", None) == field


def state() -> dict[str, str]:
    """Return a fingerprint of the rows of every table but the sessions', by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('SELECT %L AS name, (SELECT md5(coalesce(string_agg(t::text, %L ORDER BY "
            "t::text), %L)) FROM %I t) AS rows', c.relname, '|', '', c.relname), ' UNION ALL ')"
            " FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        )
        (query,) = cursor.fetchone()
        cursor.execute(query)
        return dict(cursor.fetchall())


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL of the block."""
    from django.test.utils import CaptureQueriesContext

    found: list[str] = []
    with CaptureQueriesContext(connection) as caught:
        yield found
    found += [query["sql"] for query in caught.captured_queries]


def writes(found: list[str]) -> list[str]:
    """Return the statements that insert, update or delete."""
    return [sql for sql in found if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
