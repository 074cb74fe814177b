"""The delivery note and the invoice as papers. Statements: one a document, one its lines, one the lots of a shipment.

Name and address are the customer's of the day of posting, as the document keeps them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from backoffice.pages.formats import day, money, price, quantity
from backoffice.printing import Column, Paper, Section
from inventory.models import ItemLedgerEntry, LedgerDocumentType
from inventory.rounding import ZERO
from sales.models import (
    SalesInvoice,
    SalesInvoiceLine,
    SalesLineType,
    SalesShipment,
    SalesShipmentLine,
)

_DELIVERED = (
    Column(label="No.", width=22),
    Column(label="Description", width=60),
    Column(label="Quantity", width=16, number=True),
    Column(label="Unit", width=12),
)
_CHARGED = (
    Column(label="No.", width=20),
    Column(label="Description", width=42),
    Column(label="Quantity", width=14, number=True),
    Column(label="Unit", width=10),
    Column(label="Unit price", width=16, number=True),
    Column(label="Discount %", width=14, number=True),
    Column(label="Amount", width=18, number=True),
)


def delivery_note(no: str) -> Paper | None:
    """Return what left with the shipment; None where there is no such shipment. What was undone did not leave."""
    shipment = SalesShipment.objects.filter(no=no).first()
    if shipment is None:
        return None
    lines = shipment.lines.filter(correction=False).order_by("line_no")
    numbers = _lots_and_serials(shipment.no)
    return Paper(
        kind="Delivery note",
        no=shipment.no,
        code=shipment.no,
        address=_address(shipment),
        facts=_facts(shipment, "Shipped"),
        sections=[
            Section(
                columns=_DELIVERED,
                rows=[_delivered_row(line, numbers.get(line.line_no, ())) for line in lines if _leaves(line)],
                empty="The whole shipment was undone.",
            )
        ],
    )


def invoice(no: str) -> Paper | None:
    """Return what the customer is asked to pay; None where there is no such invoice."""
    document = SalesInvoice.objects.filter(no=no).first()
    if document is None:
        return None
    lines = [line for line in document.lines.order_by("line_no") if line.quantity or _is_comment(line)]
    return Paper(
        kind="Invoice",
        no=document.no,
        code=document.no,
        address=_address(document),
        facts=_facts(document, "Date"),
        sections=[Section(columns=_CHARGED, rows=[_charged_row(line) for line in lines])],
        total=("Total", money(sum((line.line_amount for line in lines), ZERO))),
    )


def _address(document: SalesShipment | SalesInvoice) -> str:
    return "\n".join(part for part in (document.customer_name, document.customer_address) if part)


def _facts(document: SalesShipment | SalesInvoice, dated: str) -> list[tuple[str, str]]:
    return [
        (dated, day(document.posting_date)),
        ("Customer", document.customer_id),
        ("Order", document.order_no),
        ("Your reference", document.external_document_no),
    ]


def _lots_and_serials(shipment_no: str) -> Mapping[int, Sequence[str]]:
    """Return by line number what left of each lot and serial number. One statement."""
    entries = ItemLedgerEntry.objects.filter(
        document_type=LedgerDocumentType.SALES_SHIPMENT,
        document_no=shipment_no,
        reversal_of__isnull=True,
        quantity__lt=0,
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    columns = ("document_line_no", "lot_no", "serial_no", "quantity")
    for line_no, lot, serial, moved in entries.order_by("lot_no", "serial_no").values_list(*columns):
        name = ", ".join(part for part in (lot and f"lot {lot}", serial and f"serial no. {serial}") if part)
        if name:
            found[line_no][name] = found[line_no].get(name, ZERO) - moved
    return {line_no: [_told(name, left) for name, left in names.items()] for line_no, names in found.items()}


def _told(name: str, left: Decimal) -> str:
    """A serial number is one piece; of a lot it is told how much, in base units."""
    return name if "serial no." in name else f"{name}: {quantity(left)}"


def _leaves(line: SalesShipmentLine) -> bool:
    return bool(line.quantity) or _is_comment(line)


def _is_comment(line: SalesShipmentLine | SalesInvoiceLine) -> bool:
    return line.type == SalesLineType.COMMENT


def _delivered_row(line: SalesShipmentLine, numbers: Sequence[str]) -> list[str]:
    words = "\n".join([line.description, *numbers])
    if _is_comment(line):
        return ["", words, "", ""]
    return [_number_of(line), words, quantity(line.quantity), line.unit_of_measure_id or ""]


def _charged_row(line: SalesInvoiceLine) -> list[str]:
    if _is_comment(line):
        return ["", line.description, *[""] * 5]
    return [
        _number_of(line),
        line.description,
        quantity(line.quantity),
        line.unit_of_measure_id or "",
        price(line.unit_price),
        quantity(line.line_discount_percent) if line.line_discount_percent else "",
        money(line.line_amount),
    ]


def _number_of(line: SalesShipmentLine | SalesInvoiceLine) -> str:
    return f"{line.no} {line.variant_code}".strip()
