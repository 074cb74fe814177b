"""The inbound entries that outbound postings draw on: loaded once, drawn down in memory.

Pure but for `load_supply` and what it calls. All quantities: base units, >= 0.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.db import connection

from inventory.locks import StockKey
from inventory.models import CostingMethod, Reservation
from inventory.rounding import ZERO, running_share
from inventory.services.postings import EntryPosting


@dataclass(slots=True, kw_only=True)
class OpenEntry:
    """An inbound entry with what is left of it.

    `cost`: the sum of its value entries, for all of `quantity`; of an entry that the batch itself brings in it is
    known once that is costed.
    """

    entry_no: int
    posting_date: dt.date
    key: StockKey
    lot_no: str
    serial_no: str
    quantity: Decimal
    remaining: Decimal
    reserved: Decimal
    cost: Decimal
    taken: Decimal = ZERO
    released: Decimal = ZERO

    @property
    def age(self) -> tuple[dt.date, int]:
        """Return by what it comes before or after others: its day, and on one day the order of entry."""
        return self.posting_date, self.entry_no

    @property
    def free(self) -> Decimal:
        """Return what is in stock of it and reserved for nobody."""
        return self.remaining - self.reserved

    def matches(self, posting: EntryPosting) -> bool:
        """Return whether the posting may draw on it by its key, lot and serial number."""
        return (
            self.key == posting.key
            and posting.lot_no in ("", self.lot_no)
            and posting.serial_no in ("", self.serial_no)
        )

    def take(self, quantity: Decimal) -> Decimal:
        """Draw `quantity` and return how much was drawn before it."""
        assert ZERO < quantity <= self.remaining, "an inbound entry is over-applied"
        before = self.quantity - self.remaining
        self.remaining -= quantity
        self.taken += quantity
        return before

    def share(self, quantity: Decimal, *, after: Decimal) -> Decimal:
        """Return the share of the cost of `quantity` that was drawn when `after` had been drawn before it."""
        return running_share(self.cost, self.quantity, quantity, after=after)

    def release(self, quantity: Decimal) -> None:
        """Give up `quantity` of what is reserved of it, because it is being consumed by whom it was kept for."""
        self.reserved -= quantity
        self.released += quantity


@dataclass(slots=True, kw_only=True)
class HeldReservation:
    """A reservation of stock that the postings of this batch may use up."""

    entry_no: int
    demand_id: int
    supply_entry_no: int
    quantity: Decimal
    used: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """Return what of it is not used yet."""
        return self.quantity - self.used


class StockSupply:
    """What a batch of postings may draw on, in the order in which each item's costing method draws."""

    def __init__(self, entries: Iterable[OpenEntry] = (), reservations: Sequence[HeldReservation] = ()) -> None:
        self.entries: dict[int, OpenEntry] = {}
        self.reservations = reservations
        self._by_key: defaultdict[StockKey, list[OpenEntry]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    def add(self, entry: OpenEntry) -> None:
        """Add an entry in the order of age: one that was loaded, or that the batch itself brings in."""
        self.entries[entry.entry_no] = entry
        insort(self._by_key[entry.key], entry, key=attrgetter("age"))

    def candidates(self, posting: EntryPosting, *, before: int) -> Iterator[OpenEntry]:
        """Yield the entries that the posting may draw on, earlier than entry `before`, first come first."""
        entries: Iterable[OpenEntry] = self._by_key[posting.key]
        if posting.item.costing_method == CostingMethod.LIFO:
            entries = reversed(self._by_key[posting.key])
        return (e for e in entries if e.entry_no < before and e.free and e.matches(posting))

    def held_for(self, demand_id: int) -> list[HeldReservation]:
        """Return the reservations of stock for a demand, oldest first."""
        return [row for row in self.reservations if row.demand_id == demand_id and row.left]


def load_supply(postings: Sequence[EntryPosting]) -> StockSupply:
    """Load what the outbound postings may draw on. The balances of all keys are locked already."""
    outbound = [posting for posting in postings if not posting.is_inbound]
    if not outbound:
        return StockSupply()
    held = _load_reservations({p.demand_id for p in outbound if p.demand_id is not None})
    named = {p.consumed_entry_no for p in outbound if p.consumed_entry_no is not None}
    named |= {row.supply_entry_no for row in held}
    return StockSupply(_load_open_entries(outbound, named), held)


def _load_reservations(demand_ids: set[int]) -> list[HeldReservation]:
    if not demand_ids:
        return []
    rows = Reservation.objects.filter(demand_id__in=demand_ids, supply_entry__isnull=False).order_by("entry_no")
    return [
        HeldReservation(entry_no=no, demand_id=demand, supply_entry_no=supply or 0, quantity=quantity)
        for no, demand, supply, quantity in rows.values_list("entry_no", "demand_id", "supply_entry_id", "quantity")
    ]


# Only as many entries as the wanted quantity needs: an item with a million open entries costs no more than one.
# `direction`: 1 where the oldest entry comes first, -1 where the newest does.
_OPEN_ENTRIES = """
    WITH wanted AS (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[], %s::int[])
            AS wanted (item, variant, location, lot, serial, quantity, direction)
    ), ranked AS (
        SELECT e.entry_no, w.quantity AS wanted,
               SUM(e.remaining_quantity - e.reserved_quantity) OVER (
                   PARTITION BY w.item, w.variant, w.location, w.lot, w.serial
                   ORDER BY (e.posting_date - DATE '2000-01-01') * w.direction, e.entry_no * w.direction
               ) - (e.remaining_quantity - e.reserved_quantity) AS free_before
        FROM wanted w
        JOIN inventory_itemledgerentry e
          ON e.item_id = w.item AND e.variant_code = w.variant AND e.location_id = w.location
         AND (w.lot = '' OR e.lot_no = w.lot) AND (w.serial = '' OR e.serial_no = w.serial)
        WHERE e.remaining_quantity > 0
    )
    SELECT e.entry_no, e.posting_date, e.item_id, e.variant_code, e.location_id, e.lot_no, e.serial_no,
           e.quantity, e.remaining_quantity, e.reserved_quantity,
           (SELECT COALESCE(SUM(v.cost_amount), 0) FROM inventory_valueentry v
             WHERE v.item_ledger_entry_id = e.entry_no)
    FROM inventory_itemledgerentry e
    WHERE e.entry_no IN (SELECT entry_no FROM ranked WHERE free_before < wanted) OR e.entry_no = ANY(%s::bigint[])
    ORDER BY e.posting_date, e.entry_no
"""


def _load_open_entries(outbound: Sequence[EntryPosting], named: Iterable[int]) -> list[OpenEntry]:
    totals: dict[StockKey, Decimal] = {}
    for posting in outbound:
        totals[posting.key] = totals.get(posting.key, ZERO) - posting.quantity
    # A lot's demand is as large as its item's at most; the item's total is the safe bound for every partition.
    wanted = {
        (*p.key, p.lot_no, p.serial_no): (totals[p.key], -1 if p.item.costing_method == CostingMethod.LIFO else 1)
        for p in outbound
    }
    rows = [(*key, quantity, direction) for key, (quantity, direction) in wanted.items()]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_ENTRIES, [*columns, sorted(named)])
        return [_open_entry(row) for row in cursor.fetchall()]


def _open_entry(row: tuple[int, dt.date, str, str, str, str, str, Decimal, Decimal, Decimal, Decimal]) -> OpenEntry:
    entry_no, posting_date, item, variant, location, lot_no, serial_no, quantity, remaining, reserved, cost = row
    return OpenEntry(
        entry_no=entry_no,
        posting_date=posting_date,
        key=StockKey(item, variant, location),
        lot_no=lot_no,
        serial_no=serial_no,
        quantity=quantity,
        remaining=remaining,
        reserved=reserved,
        cost=cost,
    )
