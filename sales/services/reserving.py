"""Reserve for a sales order line."""

from __future__ import annotations

from decimal import Decimal

from backoffice.exceptions import Invalid
from backoffice.transactions import act, check_revision
from inventory.models import MovementSource
from inventory.rounding import base_quantity
from inventory.services.reservations import Side, reserve_automatically
from sales import exceptions
from sales.locks import lock_document, lock_lines
from sales.models import SalesDocumentType, SalesLineType, SalesStatus
from sales.services.lines import require_line


@act
def reserve_line(*, no: str, line_no: int, quantity: Decimal | None = None, expected_rev: int | None = None) -> None:
    """Reserve what there is for what is left of a line, first from stock, or a quantity in the line's unit (RES-03).

    What is assembled to order is reserved by its link already. Raises: Http404, StaleRevision, DocumentClosed,
    Invalid, ReservationNotAllowed, ExceedsRemainingQuantity, NotEnoughInventory. Locks: header, line, stock balance.
    """
    document = lock_document(SalesDocumentType.ORDER, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    line = require_line(document, lock_lines(document, [line_no]), line_no)
    if line.type != SalesLineType.ITEM:
        raise Invalid(detail="Only item lines can be reserved.")
    base = None
    if quantity is not None:
        base = base_quantity(quantity, factor=line.qty_per_unit_of_measure, precision=line.qty_rounding_precision_base)
    side = Side(type=MovementSource.SALES_ORDER_LINE, document_no=document.no, line_no=line_no)
    reserve_automatically(demand=side, quantity=base)
