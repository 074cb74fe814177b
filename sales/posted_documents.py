"""Write shipments and invoices: copies of what was posted of an order's lines, as they were on the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from backoffice.changes import insert_rows, snapshot, write_changes
from inventory.rounding import ZERO, round_quantity
from sales import quantities
from sales.made_to_order import MadeGoods
from sales.models import (
    SalesDocument,
    SalesInvoice,
    SalesInvoiceLine,
    SalesLine,
    SalesShipment,
    SalesShipmentLine,
)
from sales.shipping import LinePosting

#: Shipment lines by the id of their order line.
ShipmentLines: TypeAlias = dict[int, SalesShipmentLine]

_COPIED = [
    "line_no",
    "type",
    "item_id",
    "resource_id",
    "variant_code",
    "description",
    "location_id",
    "bin_code",
    "unit_of_measure_id",
    "qty_per_unit_of_measure",
    "unit_price",
    "line_discount_percent",
]


def write_shipment(
    no: str,
    document: SalesDocument,
    planned: Sequence[LinePosting],
    made: Mapping[int, MadeGoods],
    *,
    comments: Sequence[SalesLine],
) -> tuple[SalesShipment, ShipmentLines]:
    """Write a shipment of these lines, with the order's comments for the reader. Two statements."""
    shipment = SalesShipment.objects.create(no=no, **_header(document))
    lines = [
        SalesShipmentLine(
            shipment=shipment,
            quantity=plan.to_ship,
            quantity_base=plan.to_ship_base,
            quantity_invoiced=plan.invoiced_of_this,
            assemble_to_order_quantity=made[plan.line.pk].quantity if plan.line.pk in made else ZERO,
            assemble_to_order_quantity_base=made[plan.line.pk].quantity_base if plan.line.pk in made else ZERO,
            **_line(plan.line),
        )
        for plan in planned
    ]
    lines += [SalesShipmentLine(shipment=shipment, **_line(comment)) for comment in comments]
    insert_rows(SalesShipmentLine, lines)
    return shipment, {line.order_line_id: line for line in lines}


def write_invoice(
    no: str, document: SalesDocument, planned: Sequence[LinePosting], *, comments: Sequence[SalesLine]
) -> SalesInvoice:
    """Write an invoice of these lines, with the order's comments for the reader. Two statements."""
    invoice = SalesInvoice.objects.create(no=no, **_header(document))
    lines = [
        SalesInvoiceLine(
            invoice=invoice,
            quantity=plan.to_invoice,
            quantity_base=round_quantity(plan.to_invoice * plan.line.qty_per_unit_of_measure),
            line_amount=_invoiced_amount(plan),
            **_line(plan.line),
        )
        for plan in planned
    ]
    lines += [SalesInvoiceLine(invoice=invoice, **_line(comment)) for comment in comments]
    insert_rows(SalesInvoiceLine, lines)
    return invoice


def count_invoiced_of_earlier(planned: Sequence[LinePosting]) -> None:
    """Count on earlier shipments what of them is invoiced now: assembled goods first, then the oldest (PST-30).

    At most two statements.
    """
    wanted = {plan.line.pk: plan.invoiced_of_earlier for plan in planned if plan.invoiced_of_earlier}
    if not wanted:
        return
    rows = SalesShipmentLine.objects.filter(order_line_id__in=wanted, correction=False, quantity__gt=0)
    by_line: dict[int, list[SalesShipmentLine]] = {}
    for row in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        by_line.setdefault(row.order_line_id, []).append(row)
    changed = []
    for order_line, quantity in wanted.items():
        changed += _invoice(by_line.get(order_line, []), quantity)
    write_changes(SalesShipmentLine, changed)


def _invoice(rows: Sequence[SalesShipmentLine], quantity: Decimal) -> list[tuple[SalesShipmentLine, dict[str, Any]]]:
    """Go through the rows twice: what was assembled in each of them, then the rest of each."""
    before = [snapshot(row) for row in rows]
    for part in ("assemble_to_order_quantity", "quantity"):
        for row in rows:
            taken = min(max(getattr(row, part) - row.quantity_invoiced, ZERO), quantity)
            row.quantity_invoiced += taken
            quantity -= taken
    return list(zip(rows, before, strict=True))


def _invoiced_amount(plan: LinePosting) -> Decimal:
    """The amount of what is invoiced so far less the amount of what was before: the parts add up to the line's."""
    line = plan.line
    return _amount(line, line.quantity_invoiced + plan.to_invoice) - _amount(line, line.quantity_invoiced)


def _amount(line: SalesLine, quantity: Decimal) -> Decimal:
    return quantities.line_amount(
        quantity=quantity, unit_price=line.unit_price, line_discount_percent=line.line_discount_percent
    )


def _header(document: SalesDocument) -> dict[str, Any]:
    return {
        "order_no": document.no,
        "customer_id": document.customer_id,
        "customer_name": document.customer.name,
        "customer_address": document.customer.address,
        "posting_date": document.posting_date,
        "order_date": document.order_date,
        "external_document_no": document.external_document_no,
    }


def _line(line: SalesLine) -> dict[str, Any]:
    return {"order_line_id": line.pk, **{name: getattr(line, name) for name in _COPIED}}
