"""The statements with which the ledger writes what a batch of postings came to. Called by `ledger` alone.

Each function is one statement however many rows there are, or none where there is nothing to write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.db import connection

from backoffice.changes import insert_rows
from backoffice.exceptions import DomainError, raise_all
from inventory.exceptions import NotEnoughInventory
from inventory.locks import StockKey
from inventory.models import ItemApplication, StockBalance, ValueEntry, WarehouseEntry
from inventory.rounding import ZERO
from inventory.services.applying import PostingWork
from inventory.services.postings import EntryPosting
from inventory.services.stock_supply import StockSupply

BinKey = tuple[str, str, str, str]


def draw_down(supply: StockSupply, *, new: Collection[int]) -> None:
    """Lower what remains of the entries that were drawn on, and what is reserved of them, but for `new` ones."""
    drawn = [entry for entry in supply.entries.values() if entry.taken and entry.entry_no not in new]
    _update_from(
        "UPDATE inventory_itemledgerentry e"
        " SET remaining_quantity = e.remaining_quantity - change.taken,"
        "     reserved_quantity = e.reserved_quantity - change.released"
        " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS change (entry_no, taken, released)"
        " WHERE e.entry_no = change.entry_no",
        [(entry.entry_no, entry.taken, entry.released) for entry in drawn],
    )


def use_reservations(supply: StockSupply) -> None:
    """Take what was consumed off the reservations, off the rows where nothing is left, and off their demands."""
    used = [row for row in supply.reservations if row.used]
    _update_from(
        "WITH change AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::bool[])"
        "     AS change (entry_no, demand_id, used, used_up)),"
        " gone AS (DELETE FROM inventory_reservation r USING change"
        "     WHERE r.entry_no = change.entry_no AND change.used_up),"
        " shrunk AS (UPDATE inventory_reservation r SET quantity = r.quantity - change.used FROM change"
        "     WHERE r.entry_no = change.entry_no AND NOT change.used_up)"
        " UPDATE inventory_plannedmovement m SET reserved_quantity = m.reserved_quantity - total.used"
        " FROM (SELECT demand_id, SUM(used) AS used FROM change GROUP BY demand_id) total"
        " WHERE m.id = total.demand_id",
        [(row.entry_no, row.demand_id, row.used, not row.left) for row in used],
    )


def insert_applications(works: Sequence[PostingWork]) -> None:
    """Write which outbound entry consumed how much of which inbound one."""
    rows = [
        ItemApplication(
            outbound_entry_id=work.entry_no,
            inbound_entry_id=application.entry.entry_no,
            quantity=application.quantity,
            posting_date=work.posting.posting_date,
        )
        for work in works
        for application in work.applications
    ]
    insert_rows(ItemApplication, rows)


def insert_values(works: Sequence[PostingWork]) -> None:
    """Write the parts of the entries' costs."""
    rows = [
        ValueEntry(
            item_ledger_entry_id=work.entry_no,
            item=work.posting.item,
            entry_type=entry_type,
            cost_amount=cost,
            posting_date=work.posting.posting_date,
            document_no=work.posting.document_no,
            order_no=work.posting.order_no,
        )
        for work in works
        for entry_type, cost in work.cost_parts.items()
    ]
    insert_rows(ValueEntry, rows)


def insert_bin_movements(works: Sequence[PostingWork]) -> None:
    """Write the movements in and out of bins."""
    rows = [
        WarehouseEntry(
            item_ledger_entry_id=work.entry_no,
            posting_date=work.posting.posting_date,
            item=work.posting.item,
            variant_code=work.posting.variant_code,
            location_id=work.posting.location_id,
            bin_code=work.posting.bin_code,
            quantity=work.posting.quantity,
            document_no=work.posting.document_no,
        )
        for work in works
        if work.posting.bin_code
    ]
    insert_rows(WarehouseEntry, rows)


def move_balances(works: Sequence[PostingWork], supply: StockSupply, balances: Mapping[StockKey, StockBalance]) -> None:
    """Move what is on hand, and lower what of it is reserved by what was consumed of reservations."""
    moved: defaultdict[StockKey, Decimal] = defaultdict(lambda: ZERO)
    released: defaultdict[StockKey, Decimal] = defaultdict(lambda: ZERO)
    for work in works:
        moved[work.posting.key] += work.posting.quantity
    for entry in supply.entries.values():
        released[entry.key] += entry.released
    _update_from(
        "UPDATE inventory_stockbalance b"
        " SET quantity = b.quantity + change.moved, reserved_quantity = b.reserved_quantity - change.released"
        " FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS change (id, moved, released)"
        " WHERE b.id = change.id",
        [(balances[key].pk, quantity, released[key]) for key, quantity in moved.items()],
    )
    for key, quantity in moved.items():  # the rows in hand stay true for the next batch of the transaction
        balances[key].quantity += quantity
        balances[key].reserved_quantity -= released[key]


def refuse_empty_bins(postings: Sequence[EntryPosting]) -> None:
    """Refuse to take more out of a bin than it holds, once what the batch brings into it is counted too."""
    change: defaultdict[BinKey, Decimal] = defaultdict(lambda: ZERO)
    taken: dict[BinKey, EntryPosting] = {}
    for posting in postings:
        if posting.bin_code:
            change[_bin_key(posting)] += posting.quantity
            if not posting.is_inbound:
                taken.setdefault(_bin_key(posting), posting)
    lowered = {key: posting for key, posting in taken.items() if change[key] < 0}
    if not lowered:
        return
    contents = _bin_contents(lowered)
    errors: list[DomainError] = [
        NotEnoughInventory(
            field=posting.field,
            item=posting.item.no,
            location=f"{posting.location_id} {posting.bin_code}",
            available=contents.get(key, ZERO),
            required=-change[key],
        )
        for key, posting in lowered.items()
        if contents.get(key, ZERO) + change[key] < 0
    ]
    raise_all(errors)


def _bin_key(posting: EntryPosting) -> BinKey:
    return (posting.location_id, posting.bin_code, posting.item.no, posting.variant_code)


def _bin_contents(keys: Collection[BinKey]) -> dict[BinKey, Decimal]:
    columns = [list(column) for column in zip(*sorted(keys), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.location_id, e.bin_code, e.item_id, e.variant_code, SUM(e.quantity)"
            " FROM inventory_warehouseentry e"
            " JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS wanted (location, bin, item, variant)"
            "   ON e.location_id = location AND e.bin_code = bin AND e.item_id = item AND e.variant_code = variant"
            " GROUP BY 1, 2, 3, 4",
            columns,
        )
        return {(location, bin_code, item, variant): total for location, bin_code, item, variant, total in cursor}


def _update_from(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run a statement that takes its rows as one array per column; none where there are no rows."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
