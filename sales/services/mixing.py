"""Stock and assembly on one line of an order: take what is free and assemble the rest, or part the two."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from backoffice.exceptions import Invalid
from backoffice.transactions import act, check_revision
from inventory.lookups import current_setup
from inventory.models import ReservePolicy
from inventory.rounding import ZERO
from sales import availability, exceptions, reading
from sales.line_tracking import stock_numbers
from sales.locks import lock_document, lock_lines
from sales.mixing import Mix, propose_mix
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesStatus
from sales.services.explode import room_below
from sales.services.lines import change_lines, edit_lines, enter_lines, require_line


@act
def take_free_assemble_rest(*, no: str, line_no: int, expected_rev: int | None = None) -> Mix:
    """Assemble of an order line what stock leaves open on its shipment date, and say why just that.

    The stock that is free is looked up without a lock: it is a proposal that the clerk takes over, and as such true
    when it is made. Raises: StaleRevision, Http404, AssemblyNotAllowed, DocumentClosed, and what a line refuses.
    Locks: as edit_lines.
    """
    document = lock_document(SalesDocumentType.ORDER, no)
    check_revision(document, expected_rev)
    line = reading.shown_lines().filter(document=document, line_no=line_no).first()
    if line is None:
        raise Http404(f"{no} has no line {line_no}.")
    mix = _mix_of(document, line)
    changes = {line_no: {"qty_to_assemble_to_order": mix.qty_to_assemble_to_order}}
    edit_lines(document_type=SalesDocumentType.ORDER, no=no, changes=changes)
    return mix


def _mix_of(document: SalesDocument, line: reading.ShownLine) -> Mix:
    availability.attach(document, [line])
    seen = line.availability
    if seen is None or line.item_id is None or line.shipment_date is None:
        raise exceptions.AssemblyNotAllowed(field="qty_to_assemble_to_order", no=line.no or "the line")
    return propose_mix(
        item=line.item_id,
        date=line.shipment_date,
        outstanding=line.outstanding_quantity,
        qty_to_assemble_to_order=line.qty_to_assemble_to_order,
        remaining_to_assemble=seen.to_assemble,
        free=seen.free,
        precision=line.qty_rounding_precision,
    )


@act
def split_line(*, no: str, line_no: int, expected_rev: int | None = None) -> SalesLine:
    """Put the part of an order line that comes from stock on a line of its own below it, and return that line.

    The line itself keeps what is assembled to order, with its customised assembly. Price, discount, date, blanket order
    and what is assigned of lots and serial numbers from stock are those of the line; each part leaves from the bin that
    is proposed for its kind (WHS-03).
    Raises: StaleRevision, Http404, DocumentReleased, DocumentClosed, AlreadyShipped, Reserved, Invalid (not mixed, no
    room between the line numbers). Locks: header, lines, assembly documents.
    """
    document = lock_document(SalesDocumentType.ORDER, no)
    check_revision(document, expected_rev)
    rows = lock_lines(document)
    line = require_line(document, rows, line_no)
    _require_splittable(document, line)
    (number,) = room_below(rows, line, 1)
    entry = {**_stock_part(line, number), "tracking": stock_numbers(line)}
    setup = current_setup()
    change_lines(document, [line], {line_no: {"quantity": line.qty_to_assemble_to_order, "bin": ""}}, setup=setup)
    (stock_line,) = enter_lines(document, [entry], setup=setup, path=False)
    return stock_line


def _require_splittable(document: SalesDocument, line: SalesLine) -> None:
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    if document.status == SalesStatus.RELEASED:
        raise exceptions.DocumentReleased(document=document.no)
    if not line.is_mixed:
        raise Invalid(detail="Only a line that takes from stock and assembles can be split.")
    if line.quantity_shipped:
        raise exceptions.AlreadyShipped(shipped=line.quantity_shipped)
    assert line.item is not None
    # What is always reserved is reserved anew for both parts; what somebody reserved by hand is theirs to cancel.
    if line.reserved_beyond_link and line.item.reserve != ReservePolicy.ALWAYS:
        raise exceptions.Reserved(reserved=line.reserved_beyond_link)


def _stock_part(line: SalesLine, line_no: int) -> dict[str, Any]:
    location = line.location
    return {
        "line_no": line_no,
        "type": line.type,
        "no": line.no,
        "variant": line.variant_code,
        "description": line.description,
        "location": line.location_id,
        "bin": location.default_bin if location is not None and location.bin_mandatory else "",
        "unit_of_measure": line.unit_of_measure_id,
        "quantity": line.quantity - line.qty_to_assemble_to_order,
        "qty_to_assemble_to_order": ZERO,
        "shipment_date": line.shipment_date,
        "unit_price": line.unit_price,
        "line_discount_percent": line.line_discount_percent,
        "unit_cost": line.unit_cost,
        "blanket_order_no": line.blanket_no,
        "blanket_order_line_no": line.blanket_line_no,
    }
