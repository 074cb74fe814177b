"""Publish what documents will take and bring: the only writer of planned movements.

The documents' services call these in the transaction that changes the documents, holding the documents'
locks. Quotes and blanket orders publish nothing (BLK-02).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Q

from backoffice.changes import delete_rows, insert_rows
from inventory.exceptions import Reserved
from inventory.models import MovementSource, PlannedMovement, Reservation
from inventory.services import reserving

#: What an upsert overwrites; the reserved quantity belongs to the reservations.
_PUBLISHED = ("document_no", "line_no", "item", "variant_code", "location", "due_date", "quantity")
#: What a reservation is of.
_GOODS = ("item_id", "variant_code", "location_id")


def publish(
    movements: Sequence[PlannedMovement], *, new: bool = False, keep_late: bool = True
) -> list[PlannedMovement]:
    """Bring the plan in line with these movements, found by source; return those that stand afterwards.

    quantity: base units, demand negative, supply positive; zero withdraws. `new` says that none of them is
    published yet, which saves looking. Reservations beyond a shrunken quantity are given up, those against
    documents first, those against stock next, an assemble-to-order one last (RES-12).

    A new date by which reserved supply would come after its demand refuses; with `keep_late` off, where no user
    has asked for the date, the reservation is given up instead (RES-12).

    Raises: Reserved (other goods, or goods elsewhere, than those that are reserved; links move with their
    document), DateConflictWithReservation. Locks: the movements by id. Writes nothing where nothing differs.
    """
    assert connection.in_atomic_block, "publish() needs an open transaction"
    known = {} if new else _lock_known(movements)
    standing = [movement for movement in movements if movement.quantity]
    gone = [known[_key(movement)].pk for movement in movements if not movement.quantity and _key(movement) in known]
    if gone:
        reserving.give_up(gone)
        delete_rows(PlannedMovement, gone)
    _shrink_reservations(standing, known)
    changed = [movement for movement in standing if _differs(movement, known.get(_key(movement)))]
    _require_same_goods(changed, known)
    if new:
        insert_rows(PlannedMovement, changed)
    elif changed:
        PlannedMovement.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["source_kind", "source_id"], update_fields=_PUBLISHED
        )
    moved = [row.pk for row in changed if row.reserved_quantity and row.due_date != known[_key(row)].due_date]
    if moved and keep_late:
        reserving.require_dates(moved)
    elif moved:
        reserving.give_up_late(moved)
    return standing


def withdraw(kind: MovementSource, source_ids: Collection[int]) -> None:
    """Take the movements of these document rows out of the plan, and their reservations with them."""
    assert connection.in_atomic_block, "withdraw() needs an open transaction"
    if not source_ids:
        return
    gone = list(
        PlannedMovement.objects.filter(source_kind=kind, source_id__in=source_ids)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    if gone:
        reserving.give_up(gone)
        delete_rows(PlannedMovement, gone)


def _key(movement: PlannedMovement) -> tuple[str, int]:
    return (movement.source_kind, movement.source_id)


def _lock_known(movements: Sequence[PlannedMovement]) -> dict[tuple[str, int], PlannedMovement]:
    by_kind: dict[str, list[int]] = {}
    for movement in movements:
        by_kind.setdefault(movement.source_kind, []).append(movement.source_id)
    known: dict[tuple[str, int], PlannedMovement] = {}
    if not by_kind:
        return known
    rows = PlannedMovement.objects.none()
    for kind, ids in by_kind.items():
        rows = rows | PlannedMovement.objects.filter(source_kind=kind, source_id__in=ids)
    for row in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        known[_key(row)] = row
    return known


def _shrink_reservations(standing: Sequence[PlannedMovement], known: dict[tuple[str, int], PlannedMovement]) -> None:
    allowed: dict[int, Decimal] = {}
    for movement in standing:
        row = known.get(_key(movement))
        if row is not None:
            movement.pk, movement.reserved_quantity = row.pk, row.reserved_quantity
            if row.reserved_quantity > abs(movement.quantity):
                allowed[row.pk] = abs(movement.quantity)
                movement.reserved_quantity = allowed[row.pk]
    if allowed:
        reserving.shrink(allowed)


def _require_same_goods(changed: Sequence[PlannedMovement], known: dict[tuple[str, int], PlannedMovement]) -> None:
    """RES-12: what is reserved for or from a movement is these goods at this place. One statement, if any moves."""
    others = [
        row.pk
        for row in changed
        if row.reserved_quantity and any(getattr(row, name) != getattr(known[_key(row)], name) for name in _GOODS)
    ]
    if not others:
        return
    either_side = Q(demand__in=others) | Q(supply__in=others)
    held = Reservation.objects.filter(either_side, is_order_to_order=False).order_by("entry_no").first()
    if held is not None:
        raise Reserved(reserved=held.quantity)


def _differs(movement: PlannedMovement, row: PlannedMovement | None) -> bool:
    if row is None:
        return True
    names = ("document_no", "line_no", "item_id", "variant_code", "location_id", "due_date", "quantity")
    return any(getattr(movement, name) != getattr(row, name) for name in names)
