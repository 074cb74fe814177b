"""Which inbound entries the outbound postings of a batch draw on, decided in memory.

The balances of all keys are locked and the supply is loaded; nothing here writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from backoffice.exceptions import DomainError, raise_all
from inventory.exceptions import NotEnoughInventory, SerialNotUnique
from inventory.locks import StockKey
from inventory.models import ItemLedgerEntry
from inventory.rounding import ZERO
from inventory.services.costing import CostBook, CostParts
from inventory.services.postings import EntryPosting
from inventory.services.stock_supply import OpenEntry, StockSupply


@dataclass(slots=True, kw_only=True)
class Application:
    """How much a posting drew from one inbound entry, > 0, and how much others had drawn from it before."""

    entry: OpenEntry
    quantity: Decimal
    after: Decimal

    @property
    def cost(self) -> Decimal:
        """Return its share of the entry's cost, once that is known."""
        return self.entry.share(self.quantity, after=self.after)


@dataclass(slots=True, kw_only=True)
class PostingWork:
    """A posting on its way into the ledger. `missing`: what of an outbound one is not applied yet, >= 0."""

    posting: EntryPosting
    entry_no: int
    missing: Decimal
    applications: list[Application] = field(default_factory=list)
    cost_parts: CostParts = field(default_factory=dict)
    own_entry: OpenEntry | None = None

    def draw(self, entry: OpenEntry, quantity: Decimal) -> None:
        """Apply up to `quantity` of the posting to an entry; draw nothing where either is used up."""
        drawn = min(quantity, self.missing)
        if drawn > 0:
            self.applications.append(Application(entry=entry, quantity=drawn, after=entry.take(drawn)))
            self.missing -= drawn


def receive(works: Sequence[PostingWork], supply: StockSupply) -> None:
    """Let later postings of the batch draw on what comes in. What it costs is known later."""
    for work in works:
        posting = work.posting
        if not posting.is_inbound:
            continue
        work.own_entry = OpenEntry(
            entry_no=work.entry_no,
            posting_date=posting.posting_date,
            key=posting.key,
            lot_no=posting.lot_no,
            serial_no=posting.serial_no,
            quantity=posting.quantity,
            remaining=posting.quantity,
            reserved=ZERO,
            cost=ZERO,
        )
        supply.add(work.own_entry)


def apply(works: Sequence[PostingWork], supply: StockSupply) -> None:
    """Apply the outbound postings, in three rounds: nobody takes what another one is bound to or kept for."""
    rounds: list[Callable[[PostingWork, StockSupply], None]] = [_apply_bound, _apply_reserved, _apply_free]
    for apply_round in rounds:
        for work in works:
            if work.missing:
                apply_round(work, supply)


def _apply_bound(work: PostingWork, supply: StockSupply) -> None:
    entry = supply.entries.get(work.posting.consumed_entry_no or 0)
    if entry is not None and entry.matches(work.posting):
        _draw_reserved(work, entry, supply)
        work.draw(entry, entry.free)


def _apply_reserved(work: PostingWork, supply: StockSupply) -> None:
    if work.posting.consumed_entry_no is not None or work.posting.demand_id is None:
        return
    for row in supply.held_for(work.posting.demand_id):
        entry = supply.entries[row.supply_entry_no]
        if entry.matches(work.posting):
            _draw_reserved(work, entry, supply)


def _draw_reserved(work: PostingWork, entry: OpenEntry, supply: StockSupply) -> None:
    """Use up what of the entry is reserved for the posting's own demand."""
    if work.posting.demand_id is None:
        return
    for row in supply.held_for(work.posting.demand_id):
        if row.supply_entry_no != entry.entry_no or not work.missing:
            continue
        used = min(row.left, work.missing)
        row.used += used
        entry.release(used)
        work.draw(entry, used)


def _apply_free(work: PostingWork, supply: StockSupply) -> None:
    if work.posting.consumed_entry_no is not None:
        return
    for entry in supply.candidates(work.posting, before=work.entry_no):
        if not work.missing:
            break
        work.draw(entry, entry.free)


def cost(works: Sequence[PostingWork], costs: CostBook) -> None:
    """Cost everything in posting order: what is consumed before what is made of it, that before what is sold."""
    consumed: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for work in works:
        posting = work.posting
        if work.own_entry is not None:
            work.cost_parts = costs.received(posting, consumed=consumed[posting.document_no])
            work.own_entry.cost = sum(work.cost_parts.values(), ZERO)
        else:
            applied = sum((row.cost for row in work.applications), ZERO)
            work.cost_parts = costs.issued(posting, applied_cost=applied)
            consumed[posting.document_no] -= sum(work.cost_parts.values(), ZERO)


def refuse_short(works: Sequence[PostingWork]) -> None:
    """Refuse what stock does not cover: one refusal a balance, with what was free and what was wanted of it."""
    short = {_shortage_key(work.posting): work.posting for work in reversed(works) if work.missing}
    errors: list[DomainError] = []
    for key, posting in reversed(short.items()):
        rows = [w for w in works if not w.posting.is_inbound and _shortage_key(w.posting) == key]
        required = sum((-row.posting.quantity for row in rows), ZERO)
        available = required - sum((row.missing for row in rows), ZERO)
        errors.append(
            NotEnoughInventory(
                field=posting.field,
                item=posting.item.no,
                location=posting.location_id,
                available=available,
                required=required,
            )
        )
    raise_all(errors)


def _shortage_key(posting: EntryPosting) -> tuple[StockKey, str, str]:
    return (posting.key, posting.lot_no, posting.serial_no)


def refuse_used_serials(works: Sequence[PostingWork], supply: StockSupply) -> None:
    """A serial number that is still in stock, anywhere, does not come in a second time."""
    arrived = [w for w in works if w.posting.serial_no and w.own_entry is not None and w.own_entry.remaining]
    if not arrived:
        return
    in_stock = ItemLedgerEntry.objects.filter(
        item__in={w.posting.item.no for w in arrived},
        serial_no__in={w.posting.serial_no for w in arrived},
        remaining_quantity__gt=0,
    )
    used_up = {entry.entry_no for entry in supply.entries.values() if not entry.remaining}
    taken = {
        (item, serial) for no, item, serial in in_stock.values_list("pk", "item_id", "serial_no") if no not in used_up
    }
    errors: list[DomainError] = []
    for work in arrived:
        pair = (work.posting.item.no, work.posting.serial_no)
        if pair in taken:
            errors.append(SerialNotUnique(field=work.posting.field, item=pair[0], serial_no=pair[1]))
        taken.add(pair)
    raise_all(errors)
