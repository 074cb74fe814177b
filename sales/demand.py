"""What sales order lines will take, published as planned movements."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.models import MovementSource, PlannedMovement
from inventory.rounding import ZERO
from inventory.services import planning
from sales.models import SalesLine


def publish_demand(lines: Sequence[SalesLine], *, new: bool = False) -> list[PlannedMovement]:
    """Bring the plan in line with what is open of these lines. Only orders, only inventory items.

    `new`: none of the lines was published before. The lines need `document` and `item` loaded.
    """
    movements = demand_of(lines)
    if new:
        movements = [movement for movement in movements if movement.quantity]
    return planning.publish(movements, new=new)


def demand_of(lines: Sequence[SalesLine]) -> list[PlannedMovement]:
    """Return what is open of these lines as it stands in the plan. Only orders."""
    return [_movement(line) for line in lines if line.document.is_order]


def withdraw_demand(lines: Sequence[SalesLine]) -> None:
    """Take what these lines would have taken out of the plan, with the reservations for it."""
    planning.withdraw(MovementSource.SALES_ORDER_LINE, [line.pk for line in lines])


def _movement(line: SalesLine) -> PlannedMovement:
    if line.item is None:
        # It may have sold an item before it became a comment or a resource: a demand of nothing withdraws that.
        return PlannedMovement(source_kind=MovementSource.SALES_ORDER_LINE, source_id=line.pk, quantity=ZERO)
    assert line.shipment_date is not None
    planned = line.item.is_inventoriable and line.location_id is not None
    return PlannedMovement(
        source_kind=MovementSource.SALES_ORDER_LINE,
        source_id=line.pk,
        document_no=line.document.no,
        line_no=line.line_no,
        item=line.item,
        variant_code=line.variant_code,
        location_id=line.location_id or "",
        due_date=line.shipment_date,
        quantity=-line.outstanding_quantity_base if planned else ZERO,
    )
