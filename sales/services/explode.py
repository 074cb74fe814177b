"""Put an item's components on the document in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backoffice.exceptions import Invalid
from backoffice.transactions import act, check_revision
from inventory.lookups import BomRow, current_setup, load_boms
from inventory.models import BomLineType
from inventory.rounding import round_quantity
from sales import exceptions
from sales.locks import lock_document, lock_lines
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesLineType, SalesStatus
from sales.services.lines import LINE_STEP, change_lines, enter_lines, require_line

#: A line of a bill of materials becomes a sales line of this type.
_TYPE_OF = {
    BomLineType.ITEM: SalesLineType.ITEM,
    BomLineType.RESOURCE: SalesLineType.RESOURCE,
    BomLineType.TEXT: SalesLineType.COMMENT,
}


@act
def explode_bom(
    *, document_type: SalesDocumentType, no: str, line_no: int, expected_rev: int | None = None
) -> SalesDocument:
    """Turn an item line into a comment with its components below it, one level (PRC-20). Cannot be taken back.

    A quote's or blanket order's assembly document goes with it; on an order the link is a reservation and
    stands in the way (TRP-40). Components are priced and assembled to order as if typed in.
    Raises: StaleRevision, Http404, DocumentReleased, DocumentClosed, AlreadyShipped, Reserved, Invalid (no item, no
    bill of materials, no room between the line numbers). Locks: header, lines, assembly documents.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    rows = lock_lines(document)
    parent = require_line(document, rows, line_no)
    _require_explodable(document, parent)
    assert parent.item_id is not None
    bom = load_boms([parent.item_id])[parent.item_id]
    if not bom:
        raise Invalid(detail=f"{parent.item_id} has no bill of materials.")
    numbers = room_below(rows, parent, len(bom))
    entries = [_entry(row, parent, number) for row, number in zip(bom, numbers, strict=True)]
    setup = current_setup()
    change_lines(
        document, [parent], {line_no: {"qty_to_assemble_to_order": 0, "type": SalesLineType.COMMENT}}, setup=setup
    )
    enter_lines(document, entries, setup=setup)
    return document


def _require_explodable(document: SalesDocument, parent: SalesLine) -> None:
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    if document.status == SalesStatus.RELEASED:
        raise exceptions.DocumentReleased(document=document.no)
    if parent.type != SalesLineType.ITEM:
        raise Invalid(detail="Only an item line can be exploded.")
    if parent.quantity_shipped:
        raise exceptions.AlreadyShipped(shipped=parent.quantity_shipped)
    held = parent.reserved_beyond_link + (parent.qty_to_assemble_to_order_base if document.is_order else 0)
    if held:
        raise exceptions.Reserved(reserved=held)


def _entry(row: BomRow, parent: SalesLine, line_no: int) -> dict[str, Any]:
    line = row.line
    entry: dict[str, Any] = {"line_no": line_no, "type": _TYPE_OF[BomLineType(line.type)]}
    if line.type == BomLineType.TEXT:
        return entry | {"description": line.description}
    entry |= {"no": line.no, "quantity": round_quantity(parent.quantity_base * line.quantity_per)}
    if line.type == BomLineType.ITEM:
        entry |= {
            "variant": line.variant_code,
            "unit_of_measure": line.unit_of_measure_id,
            "location": parent.location_id,
            "shipment_date": parent.shipment_date,
        }
    return entry | ({"description": line.description} if line.description else {})


def room_below(rows: Sequence[SalesLine], parent: SalesLine, count: int) -> list[int]:
    """Return so many numbers for lines between this one and the next. Raises Invalid where there is no room."""
    below = [row.line_no for row in rows if row.line_no > parent.line_no]
    if not below:
        return [parent.line_no + LINE_STEP * (index + 1) for index in range(count)]
    step = (min(below) - parent.line_no) // (count + 1)
    if not step:
        raise Invalid(detail="There is not enough space between the lines.")
    return [parent.line_no + step * (index + 1) for index in range(count)]
