"""Reserve by hand: name a demand, and a supply or leave that to the system (RES-10 to RES-13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from backoffice.decimals import plain
from backoffice.exceptions import Invalid, NotFound
from backoffice.transactions import act
from inventory.exceptions import (
    DateConflictWithReservation,
    ExceedsRemainingQuantity,
    NotEnoughInventory,
    ReservationNotAllowed,
)
from inventory.locks import StockKey, lock_stock
from inventory.models import (
    DEMAND_SOURCES,
    ItemLedgerEntry,
    MovementSource,
    PlannedMovement,
    Reservation,
    ReservePolicy,
)
from inventory.rounding import ZERO
from inventory.services import reserving
from inventory.services.auto_reserving import Supply, reserve, supplies_of

#: The type of a side that is stock: its line number is the entry's number.
STOCK = "item_ledger_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A side of a reservation as a request names it. line_no: None for an assembly order's output."""

    type: str
    document_no: str = ""
    line_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A supply that can be reserved for a demand. free: base units. date: when it comes, None where it lies there."""

    side: Side
    free: Decimal
    date: dt.date | None


def offers_for(demand: PlannedMovement) -> list[Offer]:
    """Return what can be reserved for a demand, in the order in which it is reserved unasked. Three statements."""
    return [_offer(supply) for supply in supplies_of(demand)]


def _offer(supply: Supply) -> Offer:
    row = supply.row
    if isinstance(row, ItemLedgerEntry):
        return Offer(side=Side(type=STOCK, line_no=row.pk), free=supply.free, date=None)
    side = Side(type=row.source_kind, document_no=row.document_no, line_no=row.line_no)
    return Offer(side=side, free=supply.free, date=row.due_date)


@act
def reserve_by_hand(*, demand: Side, supply: Side, quantity: Decimal | None = None) -> Reservation:
    """Reserve a quantity (base units, > 0) of one supply for one demand.

    Without a quantity as much as is open on one side and free on the other.
    Raises: NotFound, Invalid, ReservationNotAllowed, ExceedsRemainingQuantity, DateConflictWithReservation.
    Locks: the stock balance, demand and supply.
    """
    if quantity is not None and quantity <= ZERO:
        raise Invalid(field="quantity", detail="The quantity must be greater than zero.")
    wanted = _demand(demand)
    lock_stock({StockKey(wanted.item_id, wanted.variant_code, wanted.location_id)})
    wanted = _locked(wanted)
    source = _supply(supply)
    _require_same_goods(wanted, source)
    taken = _taken(quantity, is_open=abs(wanted.quantity) - wanted.reserved_quantity, free=_free(source))
    if isinstance(source, ItemLedgerEntry):
        return reserving.add([Reservation(demand=wanted, supply_entry=source, quantity=taken)])[0]
    if source.due_date > wanted.due_date:
        raise DateConflictWithReservation(field="supply", needed_on=wanted.due_date, available_on=source.due_date)
    return reserving.add([Reservation(demand=wanted, supply=source, quantity=taken)])[0]


@act
def reserve_automatically(*, demand: Side, quantity: Decimal | None = None) -> Decimal:
    """Reserve what there is for a demand, first from stock; return how much was (base units).

    Without a quantity what there is counts, be it nothing. A quantity that is named is reserved in full or refused.
    Raises: NotFound, ReservationNotAllowed, Invalid, ExceedsRemainingQuantity, NotEnoughInventory.
    Locks: as `auto_reserving.reserve`.
    """
    wanted = _demand(demand)
    open_quantity = abs(wanted.quantity) - wanted.reserved_quantity
    if quantity is None:
        return reserve([wanted.pk])[wanted.pk]
    if quantity <= ZERO:
        raise Invalid(field="quantity", detail="The quantity must be greater than zero.")
    _require_free(quantity, open_quantity)
    reserved = reserve([wanted.pk], limits={wanted.pk: quantity})[wanted.pk]
    if reserved < quantity:
        raise NotEnoughInventory(
            field="quantity",
            item=wanted.item_id,
            location=wanted.location_id,
            available=reserved,
            required=quantity,
        )
    return reserved


def _demand(side: Side) -> PlannedMovement:
    if side.type not in DEMAND_SOURCES:
        raise Invalid(field="demand", detail=f"{side.type} is no demand.")
    movement = _movement(side, "demand")
    if movement.item.reserve == ReservePolicy.NEVER:
        raise ReservationNotAllowed(field="demand", item=movement.item_id)
    return movement


def _supply(side: Side) -> ItemLedgerEntry | PlannedMovement:
    if side.type == STOCK:
        entry = (
            ItemLedgerEntry.objects.filter(pk=side.line_no or 0, remaining_quantity__gt=0)
            .select_for_update(of=("self",), no_key=True)
            .first()
        )
        if entry is None:
            raise NotFound(field="supply", what="Open item ledger entry", key=side.line_no)
        return entry
    if side.type in DEMAND_SOURCES or side.type not in MovementSource.values:
        raise Invalid(field="supply", detail=f"{side.type} is no supply.")
    return _locked(_movement(side, "supply"))


def _movement(side: Side, field: str) -> PlannedMovement:
    movement = (
        PlannedMovement.objects.filter(source_kind=side.type, document_no=side.document_no, line_no=_line_no_of(side))
        .select_related("item")
        .first()
    )
    if movement is None:
        raise NotFound(field=field, what="Open document line", key=f"{side.document_no} {side.line_no or ''}".strip())
    return movement


def _line_no_of(side: Side) -> int | None:
    return None if side.type == MovementSource.ASSEMBLY_ORDER else side.line_no


def _locked(movement: PlannedMovement) -> PlannedMovement:
    return PlannedMovement.objects.select_for_update(of=("self",), no_key=True).get(pk=movement.pk)


def _require_same_goods(demand: PlannedMovement, supply: ItemLedgerEntry | PlannedMovement) -> None:
    names = ("item_id", "variant_code", "location_id")
    if any(getattr(demand, name) != getattr(supply, name) for name in names):
        raise Invalid(field="supply", detail="Item, variant and location of demand and supply must be the same.")


def _free(supply: ItemLedgerEntry | PlannedMovement) -> Decimal:
    whole = supply.remaining_quantity if isinstance(supply, ItemLedgerEntry) else supply.quantity
    return whole - supply.reserved_quantity


def _taken(quantity: Decimal | None, *, is_open: Decimal, free: Decimal) -> Decimal:
    """Return what is reserved: the quantity that is asked for and there, or all that is."""
    most = min(is_open, free)
    if quantity is None and not most:
        raise Invalid(field="supply", detail="Nothing is left to reserve of it.")
    _require_free(most if quantity is None else quantity, most)
    return most if quantity is None else quantity


def _require_free(quantity: Decimal, free: Decimal) -> None:
    if quantity > free:
        raise ExceedsRemainingQuantity(field="quantity", quantity=quantity, maximum=free)


class ReservationsOfDocuments:
    """What is reserved for and from documents, where the effect of a write is told before it is done."""

    def subjects_of(self, document_nos: Collection[str]) -> set[Hashable]:
        """Return the documents themselves."""
        return set(document_nos)

    def read(self, subjects: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return the reservations by who takes what from whom. One statement."""
        rows = Reservation.objects.filter(
            Q(demand__document_no__in=subjects) | Q(supply__document_no__in=subjects)
        ).select_related("demand", "supply")
        return {f"{row.demand} < {row.supply or _stock(row)}": _described(row) for row in rows}


def _stock(row: Reservation) -> str:
    return f"stock {row.supply_entry_id}"


def _described(row: Reservation) -> dict[str, Any]:
    return {
        "item": row.demand.item_id,
        "quantity": plain(row.quantity),
        "date": row.demand.due_date.isoformat(),
        "demand": _side(row.demand),
        "supply": {"type": STOCK, "document_no": "", "line_no": row.supply_entry_id}
        if row.supply is None
        else _side(row.supply),
    }


def _side(movement: PlannedMovement) -> dict[str, Any]:
    """Return a side as `/reservations/` names it."""
    return {"type": movement.source_kind, "document_no": movement.document_no, "line_no": movement.line_no}
