"""What was reserved from a document's supply, once the supply has arrived, is reserved from stock (RES-13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from inventory.models import ItemLedgerEntry, MovementSource, Reservation
from inventory.rounding import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An entry that brought in a part of a planned supply, named by its document row."""

    source_kind: MovementSource
    source_id: int
    entry: ItemLedgerEntry


def pass_to_stock(arrivals: Sequence[Arrival]) -> None:
    """Move reservations from planned supply to the entries that have arrived of it; the earliest demand first.

    Call it after the entries are posted and before the supply's planned movement shrinks. Reservations of
    assemble-to-order links stay: their goods leave with the shipment that made them. What the demand has
    reserved does not change. Constant in statements; none but one to look where nothing is reserved.

    The caller holds the supply's document and the stock balances.
    """
    assert connection.in_atomic_block, "pass_to_stock() needs an open transaction"
    waiting = _waiting(arrivals)
    if not any(waiting.values()):
        return
    moves = _moves(arrivals, waiting)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [list(column) for column in zip(*moves, strict=True)])


def _waiting(arrivals: Sequence[Arrival]) -> dict[tuple[str, int], list[Reservation]]:
    """Load the reservations of the supplies, the earliest demand first, and lock them."""
    ids_by_kind: defaultdict[str, set[int]] = defaultdict(set)
    for arrival in arrivals:
        ids_by_kind[arrival.source_kind].add(arrival.source_id)
    waiting: defaultdict[tuple[str, int], list[Reservation]] = defaultdict(list)
    for kind, ids in ids_by_kind.items():
        rows = (
            Reservation.objects.filter(supply__source_kind=kind, supply__source_id__in=ids, is_order_to_order=False)
            .select_related("supply", "demand")
            .order_by("demand__due_date", "entry_no")
            .select_for_update(of=("self",))
        )
        for row in rows:
            assert row.supply is not None
            waiting[(kind, row.supply.source_id)].append(row)
    return waiting


def _moves(
    arrivals: Sequence[Arrival], waiting: dict[tuple[str, int], list[Reservation]]
) -> list[tuple[int, int, int, Decimal]]:
    """Return (reservation, demand, entry, quantity) of what moves; lowers the quantities of `waiting` in memory."""
    moves: list[tuple[int, int, int, Decimal]] = []
    for arrival in arrivals:
        free = arrival.entry.remaining_quantity
        for row in waiting[(arrival.source_kind, arrival.source_id)]:
            moved = min(free, row.quantity)
            if moved > ZERO:
                moves.append((row.entry_no, row.demand_id, arrival.entry.entry_no, moved))
                row.quantity -= moved
                free -= moved
    return moves


# Every counter moves with its reservation, in one statement: what is reserved of an entry, of its balance and of the
# planned supply. That of the demand stays as it is.
_MOVE = """
    WITH move AS (
        SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[])
            AS move (reservation_no, demand_id, stock_entry_no, quantity)
    ), given AS (
        SELECT r.entry_no, r.supply_id, r.quantity AS had, SUM(move.quantity) AS quantity
        FROM move JOIN inventory_reservation r ON r.entry_no = move.reservation_no
        GROUP BY r.entry_no
    ), gone AS (
        DELETE FROM inventory_reservation r USING given
        WHERE r.entry_no = given.entry_no AND given.quantity = given.had
    ), shrunk AS (
        UPDATE inventory_reservation r SET quantity = r.quantity - given.quantity
        FROM given WHERE r.entry_no = given.entry_no AND given.quantity < given.had
    ), made AS (
        INSERT INTO inventory_reservation (demand_id, supply_entry_id, quantity, is_order_to_order, created_at)
        SELECT demand_id, stock_entry_no, SUM(quantity), false, statement_timestamp()
        FROM move GROUP BY demand_id, stock_entry_no
    ), supply AS (
        UPDATE inventory_plannedmovement m SET reserved_quantity = m.reserved_quantity - total.quantity
        FROM (SELECT supply_id, SUM(quantity) AS quantity FROM given GROUP BY supply_id) total
        WHERE m.id = total.supply_id
    ), entry AS (
        UPDATE inventory_itemledgerentry e SET reserved_quantity = e.reserved_quantity + total.quantity
        FROM (SELECT stock_entry_no, SUM(quantity) AS quantity FROM move GROUP BY stock_entry_no) total
        WHERE e.entry_no = total.stock_entry_no
    )
    UPDATE inventory_stockbalance b SET reserved_quantity = b.reserved_quantity + total.quantity
    FROM (
        SELECT e.item_id, e.variant_code, e.location_id, SUM(move.quantity) AS quantity
        FROM move JOIN inventory_itemledgerentry e ON e.entry_no = move.stock_entry_no
        GROUP BY e.item_id, e.variant_code, e.location_id
    ) total
    WHERE (b.item_id, b.variant_code, b.location_id) = (total.item_id, total.variant_code, total.location_id)
"""
