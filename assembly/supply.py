"""What assembly orders will bring and take, published as planned movements."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assembly.models import AssemblyDocument, AssemblyLine, AssemblyStatus
from inventory.models import MovementSource, PlannedMovement
from inventory.rounding import ZERO
from inventory.services import planning
from inventory.services.auto_reserving import reserve_always


def publish_supply(
    documents: Sequence[AssemblyDocument],
    lines: Sequence[AssemblyLine],
    *,
    new: bool = False,
    keep_late: bool = True,
) -> None:
    """Bring the plan in line with the output of these documents and the needs of these lines. Only orders.

    Components that are always reserved are reserved at once (RES-10). `new`: none of them was published before.
    `keep_late`: see `planning.publish`. The lines need `document` and `item` loaded.
    """
    movements = supply_of(documents, lines)
    if new:
        movements = [movement for movement in movements if movement.quantity]
    reserve_always(planning.publish(movements, new=new, keep_late=keep_late))


def supply_of(documents: Sequence[AssemblyDocument], lines: Sequence[AssemblyLine]) -> list[PlannedMovement]:
    """Return what the output of these documents and the needs of these lines come to in the plan. Only orders."""
    movements = [_output(document) for document in documents if document.is_order]
    return movements + [_need(line) for line in lines if line.document.is_order]


def withdraw_supply(document_ids: Collection[int], line_ids: Collection[int]) -> None:
    """Take documents and lines out of the plan, with the reservations for them."""
    planning.withdraw(MovementSource.ASSEMBLY_ORDER_LINE, line_ids)
    planning.withdraw(MovementSource.ASSEMBLY_ORDER, document_ids)


def _output(document: AssemblyDocument) -> PlannedMovement:
    return PlannedMovement(
        source_kind=MovementSource.ASSEMBLY_ORDER,
        source_id=document.pk,
        document_no=document.no,
        line_no=None,
        item=document.item,
        variant_code=document.variant_code,
        location_id=document.location_id,
        due_date=document.due_date,
        quantity=ZERO if document.status == AssemblyStatus.CLOSED else document.remaining_quantity_base,
    )


def _need(line: AssemblyLine) -> PlannedMovement:
    if line.item is None:
        # It may have needed an item before it became a resource or a text: a need of nothing withdraws that.
        return PlannedMovement(source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id=line.pk, quantity=ZERO)
    assert line.due_date is not None
    return PlannedMovement(
        source_kind=MovementSource.ASSEMBLY_ORDER_LINE,
        source_id=line.pk,
        document_no=line.document.no,
        line_no=line.line_no,
        item=line.item,
        variant_code=line.variant_code,
        location_id=line.location_id or "",
        due_date=line.due_date,
        quantity=-line.remaining_quantity_base if _asks(line) else ZERO,
    )


def _asks(line: AssemblyLine) -> bool:
    """Whether the line still needs anything: an inventory item, with something left to assemble (TRP-13)."""
    assert line.item is not None
    document = line.document
    is_open = document.status != AssemblyStatus.CLOSED and document.remaining_quantity > ZERO
    return line.item.is_inventoriable and is_open
