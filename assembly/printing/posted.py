"""The posted assembly order as a paper: what was made, of what. Statements: one the document, one its lines, one the
lots and serial numbers, whatever their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assembly import posted_reading as reading
from assembly.models import PostedAssemblyLine
from backoffice.pages.formats import day, quantity
from backoffice.printing import Column, Paper, Section
from inventory.tracing import MovedNumber, numbers_of_document

if TYPE_CHECKING:
    from assembly.posted_reading import ShownPostedAssembly

_USED = (
    Column(label="Pos.", width=9),
    Column(label="No.", width=20),
    Column(label="Description", width=42),
    Column(label="Per unit", width=12, number=True),
    Column(label="Used", width=13, number=True),
    Column(label="Unit", width=9),
    Column(label="Location", width=13),
    Column(label="Bin", width=13),
)


def posted_assembly(no: str) -> Paper | None:
    """Return what one posting made and used; None where there is no such document. What was undone used nothing.

    Quantities are those of the ledgers, which a posted document never departs from.
    """
    document = reading.with_lines(reading.shown_posted_assemblies(cost=False)).filter(no=no).first()
    if document is None:
        return None
    numbers = numbers_of_document(document.no)
    lines = [line for line in document.lines.all() if line.is_text or line.quantity]
    return Paper(
        kind="Posted assembly order",
        no=document.no,
        code=document.no,
        facts=_facts(document),
        sections=[
            Section(
                columns=_USED,
                rows=[] if document.reversed else [_row(line, numbers.get(line.line_no, ())) for line in lines],
                heading="What was used",
                empty="This assembly was undone: the item left the stock again, and what was used came back.",
            )
        ],
        notes=_notes(document, numbers.get(0, ())),
    )


def _facts(document: ShownPostedAssembly) -> list[tuple[str, str]]:
    item = " ".join(part for part in (document.item_id, document.variant_code, document.description) if part)
    made = f"{quantity(document.quantity)} {document.unit_of_measure_id}"
    return [
        ("Item", item),
        ("Undone" if document.reversed else "Assembled", made),
        ("Posted", day(document.posting_date)),
        ("Order", document.order_no),
        ("Made for", document.sales_order_no or "Stock"),
        ("Shipment", document.sales_shipment_no or ""),
        ("Location", document.location_id),
        ("Put into bin", document.bin_code),
    ]


def _notes(document: ShownPostedAssembly, put_out: Sequence[MovedNumber]) -> list[str]:
    numbers = ", ".join(_told(number) for number in put_out)
    return [note for note in (f"Put out: {numbers}" if numbers else "", document.note) if note]


def _row(line: PostedAssemblyLine, numbers: Sequence[MovedNumber]) -> list[str]:
    if line.is_text:
        return [line.position, "", line.description, *[""] * 5]
    words = ", ".join(_told(number) for number in numbers)
    return [
        line.position,
        f"{line.no} {line.variant_code}".strip(),
        f"{line.description}\n{words}" if words else line.description,
        quantity(line.quantity_per),
        quantity(line.quantity),
        line.unit_of_measure_id or "",
        line.location_id or "",
        line.bin_code,
    ]


def _told(number: MovedNumber) -> str:
    """A serial number is one piece; of a lot it is told how much, in base units."""
    name = " ".join(part for part in (number.lot_no, number.serial_no) if part)
    return name if number.serial_no else f"{name}: {quantity(number.quantity)}"
