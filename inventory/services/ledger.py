"""The only writer of the item ledger: entries, applications, values, balances and bins, in one set-based act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from backoffice.changes import insert_rows
from backoffice.exceptions import DomainError, Invalid, raise_all
from backoffice.transactions import act
from inventory.exceptions import SerialNotUnique, TrackingRequired
from inventory.locks import COSTS_LOCK, StockKey, lock_stock
from inventory.models import CostingMethod, ItemLedgerEntry, ItemTracking, StockBalance
from inventory.rounding import ONE, ZERO
from inventory.services import ledger_writes
from inventory.services.applying import PostingWork, apply, cost, receive, refuse_short, refuse_used_serials
from inventory.services.costing import load_cost_book
from inventory.services.postings import EntryPosting, PostedEntry
from inventory.services.stock_supply import StockSupply, load_supply

__all__ = ["EntryPosting", "PostedEntry", "post_entries"]


@act
def post_entries(
    postings: Sequence[EntryPosting], *, balances: Mapping[StockKey, StockBalance] | None = None
) -> list[PostedEntry]:
    """Write the postings into the item ledger, numbered in their order, and return them in it.

    1. Lock the stock balances, and with them all that hangs on them. What is not kept in inventory passes 3 to 5 by.
    2. Number the new entries; load the inbound entries that outbound postings draw on.
    3. Apply: what is bound to an entry first, then what is reserved for the posting's demand, then free stock
       by the costing method. An entry applies only to earlier ones.
    4. Refuse what is short, everything that is short at once.
    5. Cost, in posting order: what is put out may cost what the batch consumed for it.
    6. Write. The number of statements does not depend on the number of postings.

    Raises: NotEnoughInventory, TrackingRequired, SerialNotUnique, Invalid. Locks: stock balances (level 8), a share in
    the costs; a transaction that posts more than once has locked the keys of all its postings with `lock_stock` before,
    and hands over here what that returned.
    """
    if not postings:
        return []
    moving = [posting for posting in postings if posting.moves_stock]
    if balances is None:
        balances = lock_stock({posting.key for posting in moving})
    raise_all([error for posting in moving for error in _tracking_errors(posting)])
    all_works = _number(postings)
    works = [work for work in all_works if work.posting.moves_stock]
    supply = load_supply(moving)
    costs = load_cost_book(moving, on_hand=_on_hand_by_item(balances))
    receive(works, supply)
    apply(works, supply)
    refuse_short(works)
    refuse_used_serials(works, supply)
    cost(works, costs)
    return _write(all_works, works, supply, balances)


def _tracking_errors(posting: EntryPosting) -> list[DomainError]:
    """Check that the posting carries the numbers that its item is tracked by, and no others (RES-22)."""
    tracking = posting.item.item_tracking
    given = {ItemTracking.LOT: posting.lot_no, ItemTracking.SERIAL: posting.serial_no}
    if tracking == ItemTracking.NONE:
        if any(given.values()):
            return [Invalid(field=posting.field, detail=f"{posting.item.no} is not tracked by lot or serial number.")]
        if posting.item.costing_method == CostingMethod.SPECIFIC and _chooses_freely(posting):
            return [TrackingRequired(field=posting.field, item=posting.item.no, tracking="serial")]
        return []
    if not given[ItemTracking(tracking)]:
        return [TrackingRequired(field=posting.field, item=posting.item.no, tracking=tracking)]
    if tracking == ItemTracking.SERIAL and abs(posting.quantity) != ONE:
        return [SerialNotUnique(field=posting.field, item=posting.item.no, serial_no=posting.serial_no)]
    return []


def _chooses_freely(posting: EntryPosting) -> bool:
    return not posting.is_inbound and posting.consumed_entry_no is None


def _number(postings: Sequence[EntryPosting]) -> list[PostingWork]:
    """Give each posting its entry number; what is bound to a posting of the batch is bound to that one's entry."""
    numbers = _draw_entry_numbers(postings)
    return [
        PostingWork(
            posting=posting
            if posting.applies_to_posting is None
            else replace(posting, applies_to=numbers[posting.applies_to_posting]),
            entry_no=entry_no,
            missing=max(-posting.quantity, ZERO),
        )
        for posting, entry_no in zip(postings, numbers, strict=True)
    ]


_DRAW_ENTRY_NUMBERS = """
    WITH guard AS MATERIALIZED (
        SELECT CASE WHEN %s THEN pg_advisory_xact_lock(%s) ELSE pg_advisory_xact_lock_shared(%s) END
    )
    SELECT nextval(pg_get_serial_sequence('inventory_itemledgerentry', 'entry_no')) FROM guard, generate_series(1, %s)
"""


def _draw_entry_numbers(postings: Sequence[EntryPosting]) -> list[int]:
    """Take the next numbers, and a share in the lock of costs before any cost is read.

    The balances are locked, so that the numbers of one balance follow its history. Goods at average cost take the
    whole lock at once: their entries may correct others, and two who hold a share would wait for each other.
    """
    averages = any(p.moves_stock and p.item.costing_method == CostingMethod.AVERAGE for p in postings)
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_ENTRY_NUMBERS, [averages, COSTS_LOCK, COSTS_LOCK, len(postings)])
        return sorted(row[0] for row in cursor.fetchall())


def _on_hand_by_item(balances: Mapping[StockKey, StockBalance]) -> dict[str, Decimal]:
    totals: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for key, balance in balances.items():
        totals[key.item_id] += balance.quantity
    return totals


def _write(
    all_works: Sequence[PostingWork],
    works: Sequence[PostingWork],
    supply: StockSupply,
    balances: Mapping[StockKey, StockBalance],
) -> list[PostedEntry]:
    """Write everything, the entries that are drawn on first: a serial number leaves before it comes back.

    `works`: those of all that move stock.
    """
    ledger_writes.refuse_empty_bins([work.posting for work in works])
    ledger_writes.draw_down(supply, new={work.entry_no for work in works})
    ledger_writes.use_reservations(supply)
    posted = [PostedEntry(entry=_entry(work), cost_amount=sum(work.cost_parts.values(), ZERO)) for work in all_works]
    insert_rows(ItemLedgerEntry, [row.entry for row in posted])
    ledger_writes.insert_applications(works)
    ledger_writes.insert_values(works)
    ledger_writes.insert_bin_movements(works)
    ledger_writes.move_balances(works, supply, balances)
    return posted


def _entry(work: PostingWork) -> ItemLedgerEntry:
    posting = work.posting
    return ItemLedgerEntry(
        entry_no=work.entry_no,
        posting_date=posting.posting_date,
        entry_type=posting.entry_type,
        document_type=posting.document_type,
        document_no=posting.document_no,
        document_line_no=posting.document_line_no,
        item=posting.item,
        variant_code=posting.variant_code,
        location_id=posting.location_id,
        quantity=posting.quantity,
        remaining_quantity=work.own_entry.remaining if work.own_entry is not None else ZERO,
        assemble_to_order=posting.assemble_to_order,
        applies_to_entry_id=posting.consumed_entry_no if not posting.is_inbound else posting.applies_to,
        reversal_of_id=posting.reversal_of,
        lot_no=posting.lot_no,
        serial_no=posting.serial_no,
        order_no=posting.order_no,
        order_line_no=posting.order_line_no,
    )
