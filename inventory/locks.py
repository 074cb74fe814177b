"""The row locks, and the one order in which they are taken.

Top first; inside a level always by ascending key, and all rows of a level are collected before the first is
locked. Whoever needs rows of two levels takes the upper one first; nobody goes back up.

1. idempotency claim
2. what a posting relies on and does not change: posting period, setup (FOR SHARE)
3. blanket sales orders
4. sales documents
5. sales lines, the blanket's and the order's
6. assembly documents, then purchase orders
7. assembly lines, then purchase lines
8. stock balances by (item, variant, location), for everything that one transaction will post
9. gapless number series, by code
10. inserts: posted documents, ledger entries, applications, value entries, audit rows

Planned movements and reservations have no lock of their own: whoever holds the document rows of the demand
and the balance of the supply may touch them. The master data stand apart: an edit of an item locks that
item alone, an edit of any bill of materials takes one advisory lock for the whole graph before its item.
Costs have an advisory lock of their own, taken after the number series (`COSTS_LOCK`).

READ COMMITTED throughout. Every function here runs its SQL before it returns; a lazy queryset locks nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, TypeVar

from django.db import connection

from inventory.exceptions import Missing
from inventory.models import (
    Item,
    Location,
    PurchaseLine,
    PurchaseOrder,
    Resource,
    Setup,
    StockBalance,
    UnitOfMeasure,
)

#: A kind of master record that is edited under its own row's lock.
Master = TypeVar("Master", Item, Location, Resource, UnitOfMeasure)

#: The advisory lock under which bills of materials are changed, so that no two edits close a cycle together.
BOM_GRAPH_LOCK = 734_001


#: The advisory lock of costs. Whoever writes into the item ledger shares it, from before reading what the goods
#: cost; whoever corrects costs has it alone. So no entry takes a cost that is just being corrected, unseen by the
#: one who corrects. Both take it after the number series.
COSTS_LOCK = 734_002


class StockKey(NamedTuple):
    """What a stock balance is kept for."""

    item_id: str
    variant_code: str
    location_id: str


def lock_master(model: type[Master], key: str) -> Master:
    """Lock one master record for an edit of it or of the rows that belong to it, or raise Missing."""
    _require_transaction("lock_master")
    row = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk=key).first()
    if row is None:
        raise Missing(what=str(model._meta.verbose_name).capitalize(), key=key)
    return row


def lock_masters(model: type[Master], keys: Collection[str]) -> dict[str, Master]:
    """Lock master records by their keys, or raise Missing for the first that there is not."""
    _require_transaction("lock_masters")
    rows = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {str(row.pk): row for row in rows}
    if missing := set(keys) - found.keys():
        raise Missing(what=str(model._meta.verbose_name).capitalize(), key=min(missing))
    return found


def lock_setup() -> Setup:
    """Lock the one row of settings."""
    _require_transaction("lock_setup")
    return Setup.objects.select_for_update(no_key=True, of=("self",)).get(pk=1)


def lock_bom_graph() -> None:
    """Make this the only transaction that changes bills of materials until it ends."""
    _require_transaction("lock_bom_graph")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BOM_GRAPH_LOCK])


def lock_costs() -> None:
    """Keep everybody else out of the ledger until the transaction ends, to correct what its entries cost."""
    _require_transaction("lock_costs")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COSTS_LOCK])


def lock_purchase_order(no: str) -> PurchaseOrder:
    """Lock the header of a purchase order (level 6)."""
    _require_transaction("lock_purchase_order")
    order = PurchaseOrder.objects.select_for_update(no_key=True, of=("self",)).filter(no=no).first()
    if order is None:
        raise Missing(what="Purchase order", key=no)
    return order


def lock_purchase_lines(order: PurchaseOrder) -> list[PurchaseLine]:
    """Lock the lines of a purchase order whose header is locked (level 7), by line number."""
    _require_transaction("lock_purchase_lines")
    rows = PurchaseLine.objects.select_for_update(no_key=True, of=("self",)).filter(order=order)
    return list(rows.order_by("line_no"))


def lock_stock(keys: Collection[StockKey]) -> dict[StockKey, StockBalance]:
    """Lock the stock balances of `keys`, created where there are none yet (level 8).

    A transaction that posts more than once calls this first with the keys of all its postings: taken bit by
    bit, two of them would come to hold what the other one waits for. Of an item at average cost all balances
    are locked and returned, whatever their location.
    """
    _require_transaction("lock_stock")
    if not keys:
        return {}
    items, variants, locations = (list(column) for column in zip(*sorted(set(keys)), strict=True))
    columns = {"items": items, "variants": variants, "locations": locations}
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_BALANCES, columns)
    balances = StockBalance.objects.raw(_LOCK_BALANCES, columns)
    return {StockKey(row.item_id, row.variant_code, row.location_id): row for row in balances}


# Sorted inserts before sorted locks: a new row that a rival is just inserting is waited for in the same order.
_CREATE_BALANCES = """
    INSERT INTO inventory_stockbalance (item_id, variant_code, location_id, quantity, reserved_quantity)
    SELECT item, variant, location, 0, 0
    FROM unnest(%(items)s::text[], %(variants)s::text[], %(locations)s::text[]) AS wanted (item, variant, location)
    WHERE NOT EXISTS (
        SELECT 1 FROM inventory_stockbalance b
        WHERE b.item_id = item AND b.variant_code = variant AND b.location_id = location
    )
    ORDER BY item, variant, location
    ON CONFLICT (item_id, variant_code, location_id) DO NOTHING
"""
# An item at average cost is locked everywhere: its average is one figure over all its locations and variants.
_LOCK_BALANCES = """
    SELECT b.*
    FROM inventory_stockbalance b
    JOIN inventory_item i ON i.no = b.item_id
    WHERE b.item_id = ANY(%(items)s::text[]) AND EXISTS (
        SELECT 1 FROM unnest(%(items)s::text[], %(variants)s::text[], %(locations)s::text[])
            AS wanted (item, variant, location)
        WHERE item = b.item_id
          AND (i.costing_method = 'average' OR (variant = b.variant_code AND location = b.location_id))
    )
    ORDER BY b.item_id, b.variant_code, b.location_id
    FOR NO KEY UPDATE OF b
"""


def _require_transaction(name: str) -> None:
    assert connection.in_atomic_block, f"{name}() needs an open transaction"
