"""Reserve what there is for demand: stock first, then the supply that comes in time.

Everything is decided in memory under the locks of the stock balances and of the supply's planned movements, and
written in bulk: as many statements for a hundred demands as for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q

from inventory.locks import StockKey, lock_stock
from inventory.models import (
    DEMAND_SOURCES,
    CostingMethod,
    Item,
    ItemLedgerEntry,
    PlannedMovement,
    Reservation,
    ReservePolicy,
)
from inventory.rounding import ZERO
from inventory.services import reserving

#: Planned supply of which something is not reserved.
_FREE = Q(quantity__gt=0, reserved_quantity__lt=F("quantity"))


@dataclass(slots=True)
class Supply:
    """Something that can be reserved from: an entry in stock or a planned movement. free: base units."""

    row: ItemLedgerEntry | PlannedMovement
    free: Decimal


def reserve(demand_ids: Collection[int], *, limits: Mapping[int, Decimal] | None = None) -> dict[int, Decimal]:
    """Reserve what is not reserved yet of these demands, as far as supply goes; return what was, by demand id.

    `limits`: at most so much of a demand, base units. The earliest demand takes first. Of stock the oldest entry
    goes first, of a last-in-first-out item the newest; of planned supply what comes first and no later than the
    demand is due. Nothing is taken that is reserved already, or set aside for a link.
    Locks: the stock balances (level 8), the demands and the supply's planned movements by id.
    """
    assert connection.in_atomic_block, "reserve() needs an open transaction"
    if not demand_ids:
        return {}
    keys = {_key(row) for row in PlannedMovement.objects.filter(pk__in=demand_ids)}
    lock_stock(keys)
    demands, planned = _lock_movements(demand_ids, keys)
    stock = _stock_of(keys)
    made: list[Reservation] = []
    reserved: dict[int, Decimal] = {}
    for demand in demands:
        wanted = abs(demand.quantity) - demand.reserved_quantity
        if limits is not None:
            wanted = min(wanted, limits.get(demand.pk, ZERO))
        in_time = [s for s in planned[_key(demand)] if s.row.due_date <= demand.due_date]  # type: ignore[union-attr]
        rows = _take(demand, wanted, [*stock[_key(demand)], *in_time])
        made += rows
        reserved[demand.pk] = sum((row.quantity for row in rows), ZERO)
    reserving.add(made)
    return reserved


def supplies_of(demand: PlannedMovement) -> list[Supply]:
    """Return what `reserve` would take from, in its order. For looking: nothing is locked. Three statements."""
    key = _key(demand)
    planned = PlannedMovement.objects.filter(_FREE & _of_keys([key]), due_date__lte=demand.due_date)
    return [
        *_stock_of([key])[key],
        *(Supply(row, row.quantity - row.reserved_quantity) for row in planned.order_by("due_date", "pk")),
    ]


def reserve_always(movements: Sequence[PlannedMovement]) -> None:
    """Reserve at once for demand of items that are always reserved (RES-03, RES-10). Nothing to do costs nothing.

    movements: published, with `item` loaded.
    """
    wanted = [
        row.pk
        for row in movements
        if row.source_kind in DEMAND_SOURCES and row.quantity and row.item.reserve == ReservePolicy.ALWAYS
    ]
    if wanted:
        reserve(wanted)


def _key(movement: PlannedMovement) -> StockKey:
    return StockKey(movement.item_id, movement.variant_code, movement.location_id)


def _of_keys(keys: Collection[StockKey]) -> Q:
    condition = Q()
    for item, variant, location in keys:
        condition |= Q(item=item, variant_code=variant, location=location)
    return condition


def _lock_movements(
    demand_ids: Collection[int], keys: Collection[StockKey]
) -> tuple[list[PlannedMovement], dict[StockKey, list[Supply]]]:
    """Lock the demands and all supply that has something free, in one order by id."""
    supply = _FREE & _of_keys(keys)
    rows = (
        PlannedMovement.objects.filter(Q(pk__in=demand_ids) | supply)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    demands: list[PlannedMovement] = []
    planned: defaultdict[StockKey, list[Supply]] = defaultdict(list)
    for row in rows:
        if row.quantity < ZERO:
            demands.append(row)
        else:
            planned[_key(row)].append(Supply(row, row.quantity - row.reserved_quantity))
    for supplies in planned.values():
        supplies.sort(key=lambda supply: (supply.row.due_date, supply.row.pk))  # type: ignore[union-attr]
    demands.sort(key=lambda demand: (demand.due_date, demand.pk))
    return demands, planned


def _stock_of(keys: Collection[StockKey]) -> dict[StockKey, list[Supply]]:
    newest_first = set(
        Item.objects.filter(no__in={key.item_id for key in keys}, costing_method=CostingMethod.LIFO).values_list(
            "no", flat=True
        )
    )
    entries = ItemLedgerEntry.objects.filter(
        _of_keys(keys), remaining_quantity__gt=0, reserved_quantity__lt=F("remaining_quantity")
    ).order_by("posting_date", "entry_no")
    stock: defaultdict[StockKey, list[Supply]] = defaultdict(list)
    for entry in entries:
        key = StockKey(entry.item_id, entry.variant_code, entry.location_id)
        stock[key].append(Supply(entry, entry.remaining_quantity - entry.reserved_quantity))
    for key in stock:
        if key.item_id in newest_first:
            stock[key].reverse()
    return stock


def _take(demand: PlannedMovement, wanted: Decimal, supplies: Sequence[Supply]) -> list[Reservation]:
    rows: list[Reservation] = []
    for supply in supplies:
        taken = min(wanted, supply.free)
        if taken <= ZERO:
            continue
        supply.free -= taken
        wanted -= taken
        rows.append(_reservation(demand, supply.row, taken))
    return rows


def _reservation(demand: PlannedMovement, supply: ItemLedgerEntry | PlannedMovement, quantity: Decimal) -> Reservation:
    if isinstance(supply, ItemLedgerEntry):
        return Reservation(demand=demand, supply_entry=supply, quantity=quantity)
    return Reservation(demand=demand, supply=supply, quantity=quantity)
