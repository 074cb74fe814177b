"""Set supply aside for demand: the only writer of reservations and of the reserved counters.

A reservation is a pending transfer. Its quantity is counted on both sides, on the planned movement, or on
the item ledger entry and its stock balance, where a CHECK keeps it within what there is. Whoever holds the
documents' locks may touch their reservations; they have no lock of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from inventory.exceptions import DateConflictWithReservation, LinkedToSalesOrder
from inventory.models import ItemLedgerEntry, PlannedMovement, Reservation, StockBalance
from inventory.rounding import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """What a link that is being made reserves. sales_line, assembly_order: the rows' ids; quantity: base units."""

    sales_line: int
    assembly_order: int
    quantity: Decimal


_BIND_NEW = """
WITH wanted AS (
    SELECT demand.id AS demand_id, supply.id AS supply_id, link.quantity
      FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS link(sales_line, assembly_order, quantity)
      JOIN inventory_plannedmovement demand
        ON demand.source_kind = 'sales_order_line' AND demand.source_id = link.sales_line
      JOIN inventory_plannedmovement supply
        ON supply.source_kind = 'assembly_order' AND supply.source_id = link.assembly_order
), made AS (
    INSERT INTO inventory_reservation (demand_id, supply_id, quantity, is_order_to_order, created_at)
    SELECT demand_id, supply_id, quantity, true, now() FROM wanted ORDER BY demand_id
)
UPDATE inventory_plannedmovement movement
   SET reserved_quantity = movement.reserved_quantity + side.quantity
  FROM (SELECT demand_id AS id, quantity FROM wanted UNION ALL SELECT supply_id, quantity FROM wanted) side
 WHERE movement.id = side.id
"""


def bind_new_links(links: Sequence[NewLink]) -> None:
    """Make the reservations of links whose sales lines and assembly orders are new, and published (RES-01).

    One statement: nothing stands reserved of what did not exist, so there is nothing to look at before.
    """
    assert connection.in_atomic_block, "bind_new_links() needs an open transaction"
    if not links:
        return
    columns = ([link.sales_line for link in links], [link.assembly_order for link in links])
    with connection.cursor() as cursor:
        cursor.execute(_BIND_NEW, [*columns, [link.quantity for link in links]])
        assert cursor.rowcount == 2 * len(links), "a side of a new link is not published"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderToOrder:
    """What one assemble-to-order link reserves. demand, supply: ids of planned movements; quantity: base units."""

    demand: int
    supply: int
    quantity: Decimal


def bind_order_to_order(bindings: Sequence[OrderToOrder]) -> None:
    """Make or remake the reservations of assemble-to-order links (RES-01). Quantities > 0, one per demand.

    Idempotent: a reservation that stands as asked is not written. Statements: one to look, one to write, one to
    count; none of them grows with the links.
    """
    assert connection.in_atomic_block, "bind_order_to_order() needs an open transaction"
    if not bindings:
        return
    standing = _standing([binding.supply for binding in bindings])
    changed = [binding for binding in bindings if standing.get((binding.demand, binding.supply)) != binding.quantity]
    if not changed:
        return
    Reservation.objects.bulk_create(
        [
            Reservation(
                demand_id=binding.demand,
                supply_id=binding.supply,
                quantity=binding.quantity,
                is_order_to_order=True,
            )
            for binding in changed
        ],
        update_conflicts=True,
        unique_fields=["demand", "supply"],
        update_fields=["quantity"],
    )
    _count(movements={binding.demand for binding in changed} | {binding.supply for binding in changed})


def add(rows: Sequence[Reservation]) -> list[Reservation]:
    """Write new reservations and count them; a pair that has one already gets more of it. Two to four statements.

    The caller holds the stock balances and the planned movements, and knows that there is enough of both.
    """
    assert connection.in_atomic_block, "add() needs an open transaction"
    from_stock = [row for row in rows if row.supply_entry_id is not None]
    planned = [row for row in rows if row.supply_entry_id is None]
    for batch, pair in ((from_stock, ["demand", "supply_entry"]), (planned, ["demand", "supply"])):
        known = _known_quantities(batch)
        for row in batch:
            row.quantity += known.get((row.demand_id, row.supply_id, row.supply_entry_id), ZERO)
        if batch:
            Reservation.objects.bulk_create(
                batch, update_conflicts=True, unique_fields=pair, update_fields=["quantity"]
            )
    if rows:
        _count_for(rows)
    return [*rows]


def _known_quantities(rows: Sequence[Reservation]) -> dict[tuple[int, int | None, int | None], Decimal]:
    if not rows:
        return {}
    known = Reservation.objects.filter(demand__in={row.demand_id for row in rows})
    return {(row.demand_id, row.supply_id, row.supply_entry_id): row.quantity for row in known}


def require_dates(movement_ids: Collection[int]) -> None:
    """Refuse dates by which reserved supply of these planned movements would come after its demand (RES-12).

    Links are left out: both of their sides move together. One statement.
    """
    late = _late(movement_ids).order_by("demand__due_date").select_related("demand", "supply").first()
    if late is not None and late.supply is not None:
        raise DateConflictWithReservation(needed_on=late.demand.due_date, available_on=late.supply.due_date)


def give_up_late(movement_ids: Collection[int]) -> None:
    """Cancel the reservations of these planned movements whose supply would come after its demand (RES-12)."""
    _cancel(_late(movement_ids))


def _late(movement_ids: Collection[int]) -> QuerySet[Reservation]:
    return Reservation.objects.filter(
        Q(demand__in=movement_ids) | Q(supply__in=movement_ids),
        is_order_to_order=False,
        supply__due_date__gt=F("demand__due_date"),
    )


def give_up(movement_ids: Collection[int]) -> None:
    """Cancel every reservation of these planned movements, on either side."""
    _cancel(Reservation.objects.filter(Q(demand__in=movement_ids) | Q(supply__in=movement_ids)))


def give_up_beyond_link(movement_ids: Collection[int]) -> None:
    """Cancel every reservation of these planned movements but those of assemble-to-order links."""
    _cancel(
        Reservation.objects.filter(Q(demand__in=movement_ids) | Q(supply__in=movement_ids), is_order_to_order=False)
    )


def shrink(allowed: Mapping[int, Decimal]) -> None:
    """Reduce the reservations of planned movements to what is allowed; keys: ids, values: base units, >= 0.

    Those against documents go first, those against stock next, that of an assemble-to-order link last;
    within each kind the youngest first (RES-12).
    """
    excess = _excess(allowed)
    touched: list[Reservation] = []
    for row in _youngest_first(allowed):
        sides = [side for side in (row.demand_id, row.supply_id) if side in excess]
        given_up = min(row.quantity, max((excess[side] for side in sides), default=ZERO))
        if not given_up:
            continue
        for side in sides:
            excess[side] = max(excess[side] - given_up, ZERO)
        row.quantity -= given_up
        touched.append(row)
    _store_quantities(touched)


def cancel(entry_no: int) -> None:
    """Cancel one reservation; that of an assemble-to-order link refuses (RES-02).

    Raises: Reservation.DoesNotExist, LinkedToSalesOrder. Locks: the reservation.
    """
    assert connection.in_atomic_block, "cancel() needs an open transaction"
    row = Reservation.objects.select_for_update(of=("self",)).select_related("demand").get(pk=entry_no)
    if row.is_order_to_order:
        raise LinkedToSalesOrder(entry_no=row.pk, document=row.demand.document_no, line_no=row.demand.line_no or 0)
    _cancel(Reservation.objects.filter(pk=row.pk))


def _standing(supplies: Collection[int]) -> dict[tuple[int, int | None], Decimal]:
    rows = Reservation.objects.filter(supply__in=supplies)
    return {(row.demand_id, row.supply_id): row.quantity for row in rows}


def _excess(allowed: Mapping[int, Decimal]) -> dict[int, Decimal]:
    reserved = PlannedMovement.objects.filter(pk__in=allowed.keys()).values_list("pk", "reserved_quantity")
    return {pk: max(quantity - allowed[pk], ZERO) for pk, quantity in reserved}


def _youngest_first(movement_ids: Collection[int]) -> QuerySet[Reservation]:
    against_documents_first = Case(
        When(is_order_to_order=True, then=Value(2)),
        When(supply_entry__isnull=False, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return (
        Reservation.objects.filter(Q(demand__in=movement_ids) | Q(supply__in=movement_ids))
        .annotate(rank=against_documents_first)
        .order_by("rank", "-entry_no")
    )


def _store_quantities(rows: Sequence[Reservation]) -> None:
    if not rows:
        return
    kept = [row for row in rows if row.quantity]
    if kept:
        Reservation.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["entry_no"], update_fields=["quantity"]
        )
    emptied = [row.pk for row in rows if not row.quantity]
    if emptied:
        Reservation.objects.filter(pk__in=emptied).delete()
    _count_for(rows)


def _cancel(reservations: QuerySet[Reservation]) -> None:
    rows = list(reservations)
    if rows:
        Reservation.objects.filter(pk__in=[row.pk for row in rows]).delete()
        _count_for(rows)


def _count_for(rows: Sequence[Reservation]) -> None:
    movements = {row.demand_id for row in rows} | {row.supply_id for row in rows if row.supply_id}
    _count(movements=movements, entries={row.supply_entry_id for row in rows if row.supply_entry_id})


def _count(*, movements: Collection[int], entries: Collection[int] = ()) -> None:
    """Bring the reserved counters in line with the reservations."""
    total = Reservation.objects.order_by().values("demand").annotate(total=Sum("quantity"))
    as_supply = Reservation.objects.order_by().values("supply").annotate(total=Sum("quantity"))
    PlannedMovement.objects.filter(pk__in=movements).update(
        reserved_quantity=Coalesce(Subquery(total.filter(demand=OuterRef("pk")).values("total")), ZERO)
        + Coalesce(Subquery(as_supply.filter(supply=OuterRef("pk")).values("total")), ZERO)
    )
    if entries:
        _count_stock(entries)


def _count_stock(entries: Collection[int]) -> None:
    before = {entry.pk: entry for entry in ItemLedgerEntry.objects.filter(pk__in=entries).order_by("pk")}
    reserved = dict(
        Reservation.objects.filter(supply_entry__in=entries)
        .order_by()
        .values_list("supply_entry")
        .annotate(total=Sum("quantity"))
    )
    changes: dict[tuple[str, str, str], Decimal] = {}
    for pk, entry in before.items():
        key = (entry.item_id, entry.variant_code, entry.location_id)
        changes[key] = changes.get(key, ZERO) + reserved.get(pk, ZERO) - entry.reserved_quantity
    per_entry = Reservation.objects.order_by().values("supply_entry").annotate(total=Sum("quantity"))
    ItemLedgerEntry.objects.filter(pk__in=entries).update(
        reserved_quantity=Coalesce(Subquery(per_entry.filter(supply_entry=OuterRef("pk")).values("total")), ZERO)
    )
    for (item, variant, location), change in sorted(changes.items()):
        StockBalance.objects.filter(item=item, variant_code=variant, location=location).update(
            reserved_quantity=F("reserved_quantity") + change
        )
