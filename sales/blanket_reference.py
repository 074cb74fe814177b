"""An order line's reference to the blanket line that it calls off from, typed in by hand."""

from __future__ import annotations

from backoffice.exceptions import Invalid, Required
from sales import exceptions
from sales.masters import LineValues, SalesMasters
from sales.models import SalesDocument, SalesLine


def enter_blanket_reference(
    line: SalesLine, values: LineValues, *, document: SalesDocument, masters: SalesMasters
) -> None:
    """Refer the line to a blanket line, or to none: same item, same customer, before anything is shipped.

    Raises: Required, NotFound, Invalid, AlreadyShipped, at the field.
    """
    if not values.keys() & {"blanket_order_no", "blanket_order_line_no"}:
        return
    no, line_no = values.get("blanket_order_no"), values.get("blanket_order_line_no")
    if line.quantity_shipped:
        raise exceptions.AlreadyShipped(field="blanket_order_no", shipped=line.quantity_shipped)
    if not no and not line_no:
        line.blanket_line = None
        return
    if not document.is_order:
        raise Invalid(field="blanket_order_no", detail="Only orders call off from a blanket order.")
    if not no or not line_no:
        raise Required(field="blanket_order_line_no" if no else "blanket_order_no")
    line.blanket_line = _require_same(masters.blanket_line(no, line_no), line, document)


def _require_same(blanket: SalesLine, line: SalesLine, document: SalesDocument) -> SalesLine:
    if (blanket.item_id, blanket.resource_id) != (line.item_id, line.resource_id):
        raise Invalid(field="blanket_order_no", detail=f"That line is about {blanket.no or 'something else'}.")
    if blanket.document.customer_id != document.customer_id:
        raise Invalid(field="blanket_order_no", detail="That blanket order is another customer's.")
    return blanket
