"""What a caller asks the ledger to post, and what it gets back. Values only; the work is in `ledger`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from inventory.locks import StockKey
from inventory.models import Item, ItemLedgerEntry
from inventory.rounding import ZERO

#: Tells direct and indirect cost of what is made, from what the making consumed; all >= 0.
CostOfMaking = Callable[[Decimal], tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPosting:
    """One item ledger entry to be made. Quantities and costs are in base units and without tax.

    `quantity` is signed: > 0 comes in, < 0 goes out.

    Inbound: `cost_amount` is its direct cost, >= 0; None takes the item's unit cost, or the cost of the entry
    that `reversal_of` names. `indirect_cost_amount` comes on top of it. `cost_of_making` tells both instead, from
    what the postings before it in the batch consumed for the same document. An item at standard cost is worth its
    standard cost whatever is given; the difference is posted as a variance.

    Outbound: the costing method chooses what it costs. `applies_to` names the inbound entry that it must
    consume instead, and then costs its share of that entry; `applies_to_posting` names it by its place in the
    batch, where the batch itself brings it in (counted from 0, before this one). Where only `reversal_of` is
    given it consumes the entry that it reverses. Stock that is reserved is left alone, except where it is
    reserved for the planned movement `demand_id`: those reservations are used up first, then free stock.

    Of an item that is not kept in inventory the entry tells what was used: it draws on nothing, is worth nothing and
    moves no balance, whatever else is said here.

    `field` is the path of the request's field that a refusal is to name.
    """

    entry_type: str
    item: Item
    location_id: str
    quantity: Decimal
    posting_date: dt.date
    variant_code: str = ""
    bin_code: str = ""
    lot_no: str = ""
    serial_no: str = ""
    cost_amount: Decimal | None = None
    indirect_cost_amount: Decimal = ZERO
    cost_of_making: CostOfMaking | None = None
    document_type: str = ""
    document_no: str = ""
    document_line_no: int = 0
    order_no: str = ""
    order_line_no: int = 0
    assemble_to_order: bool = False
    applies_to: int | None = None
    applies_to_posting: int | None = None
    reversal_of: int | None = None
    demand_id: int | None = None
    field: str | None = None

    @property
    def key(self) -> StockKey:
        """Return the stock balance that it moves."""
        return StockKey(self.item.no, self.variant_code, self.location_id)

    @property
    def moves_stock(self) -> bool:
        """Return whether the item is kept in inventory; of any other the entry tells the use alone (PST-04)."""
        return self.item.is_inventoriable

    @property
    def is_inbound(self) -> bool:
        """Return whether goods come in."""
        return self.quantity > 0

    @property
    def consumed_entry_no(self) -> int | None:
        """Return the inbound entry that an outbound posting is bound to, or None where the method chooses."""
        return self.applies_to or self.reversal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEntry:
    """An entry that was made. `cost_amount` carries the entry's sign and includes indirect cost and variance."""

    entry: ItemLedgerEntry
    cost_amount: Decimal

    @property
    def entry_no(self) -> int:
        """Return the number of the entry."""
        return self.entry.entry_no
