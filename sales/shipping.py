"""What a sales posting ships and invoices of each line, and the ledger postings of it. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from inventory.locks import StockKey
from inventory.models import ItemTracking, LedgerDocumentType, LedgerEntryType, TrackedSource, TrackingLine
from inventory.rounding import ZERO, base_quantity
from inventory.services.ledger import EntryPosting
from inventory.services.tracking import Portion, exactly, load
from sales.made_to_order import MadeGoods
from sales.models import SalesLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosting:
    """What is posted of one line, in its unit, >= 0. `to_invoice` goes first to what is shipped now (PST-30)."""

    line: SalesLine
    to_ship: Decimal
    to_invoice: Decimal
    #: The lots and serial numbers of the part from stock.
    tracked: Sequence[TrackingLine] = ()

    @property
    def to_ship_base(self) -> Decimal:
        """What is shipped, in base units; all that is outstanding takes all that is outstanding there too."""
        if self.to_ship == self.line.outstanding_quantity:
            return self.line.outstanding_quantity_base
        return self._base(self.to_ship)

    @property
    def invoiced_of_this(self) -> Decimal:
        """What of `to_invoice` is shipped now."""
        return min(self.to_invoice, self.to_ship)

    @property
    def invoiced_of_earlier(self) -> Decimal:
        """What of `to_invoice` was shipped before."""
        return self.to_invoice - self.invoiced_of_this

    @property
    def invoiced_of_this_base(self) -> Decimal:
        """What of `to_invoice` is shipped now, in base units."""
        if self.invoiced_of_this == self.to_ship:
            return self.to_ship_base
        return min(self._base(self.invoiced_of_this), self.to_ship_base)

    def numbers(self, quantity: Decimal) -> list[Portion]:
        """Return the lots and serial numbers that `quantity` base units from stock leave by (RES-21).

        Raises: TrackingRequired.
        """
        assert self.line.item is not None
        field = f"lines[{self.line.line_no}].tracking"
        return exactly(self.line.item, self.tracked, quantity, field=field)

    def from_stock(self, goods: MadeGoods | None) -> list[Portion]:
        """Return the lots and serial numbers of what is not made by the posting itself."""
        if not self.moves_stock:
            return []
        return self.numbers(self.to_ship_base - (goods.quantity_base if goods is not None else ZERO))

    @property
    def moves_stock(self) -> bool:
        """Whether goods leave the stock by it."""
        return self.to_ship > ZERO and self.line.item is not None and self.line.item.is_inventoriable

    def _base(self, quantity: Decimal) -> Decimal:
        line = self.line
        return base_quantity(quantity, factor=line.qty_per_unit_of_measure, precision=line.qty_rounding_precision_base)


def plan_lines(lines: Sequence[SalesLine], *, ship: bool, invoice: bool) -> list[LinePosting]:
    """Return what is posted of each line, in line order; lines of which nothing is posted are left out."""
    planned = []
    tracked = load(TrackedSource.SALES_LINE, [line.pk for line in lines if ship and _is_tracked(line)])
    for line in sorted(lines, key=lambda line: line.line_no):
        to_ship = line.qty_to_ship if ship else ZERO
        invoiceable = line.qty_shipped_not_invoiced + to_ship
        to_invoice = min(line.qty_to_invoice, invoiceable) if invoice else ZERO
        if to_ship or to_invoice:
            numbers = tracked.get(line.pk, [])
            planned.append(LinePosting(line=line, to_ship=to_ship, to_invoice=to_invoice, tracked=numbers))
    return planned


def _is_tracked(line: SalesLine) -> bool:
    return line.item is not None and line.item.item_tracking != ItemTracking.NONE


def stock_keys(planned: Sequence[LinePosting]) -> set[StockKey]:
    """Return the stock balances that the lines move."""
    return {
        StockKey(p.line.item_id or "", p.line.variant_code, p.line.location_id or "") for p in planned if p.moves_stock
    }


def ledger_postings(
    planned: Sequence[LinePosting],
    made: Mapping[int, MadeGoods],
    *,
    shipment_no: str,
    posting_date: dt.date,
    demands: Mapping[int, int],
) -> list[EntryPosting]:
    """Return the ledger postings in line order (PST-22).

    Of each line first what is made for it comes in and leaves at once, bound to its own output; then leaves what
    is invoiced of the rest, then what is not. `made`, `demands`: by line id.
    """
    postings: list[EntryPosting] = []
    for plan in planned:
        if not plan.moves_stock:
            continue
        sale = partial(_sale, plan, shipment_no, posting_date, demands.get(plan.line.pk))
        goods, invoiced = made.get(plan.line.pk), plan.invoiced_of_this_base
        if goods is not None:
            postings += goods.postings
            for place in range(len(postings) - goods.outputs, len(postings)):
                output = postings[place]
                number = Portion(quantity=output.quantity, lot_no=output.lot_no, serial_no=output.serial_no)
                for quantity in _split(output.quantity, invoiced):
                    postings.append(sale(number, quantity, output=place))
                invoiced = max(invoiced - output.quantity, ZERO)
        for number in plan.from_stock(goods):
            for quantity in _split(number.quantity, invoiced):
                postings.append(sale(number, quantity, output=None))
            invoiced = max(invoiced - number.quantity, ZERO)
    return postings


def _split(quantity: Decimal, invoiced: Decimal) -> list[Decimal]:
    """Split into what is invoiced and what is not; nothing makes no part."""
    first = min(quantity, invoiced)
    return [part for part in (first, quantity - first) if part]


def _sale(
    plan: LinePosting,
    shipment_no: str,
    posting_date: dt.date,
    demand_id: int | None,
    number: Portion,
    quantity: Decimal,
    *,
    output: int | None,
) -> EntryPosting:
    line = plan.line
    assert line.item is not None
    return EntryPosting(
        entry_type=LedgerEntryType.SALE,
        item=line.item,
        variant_code=line.variant_code,
        location_id=line.location_id or "",
        bin_code=line.bin_code,
        quantity=-quantity,
        lot_no=number.lot_no,
        serial_no=number.serial_no,
        posting_date=posting_date,
        document_type=LedgerDocumentType.SALES_SHIPMENT,
        document_no=shipment_no,
        document_line_no=line.line_no,
        assemble_to_order=output is not None,
        applies_to_posting=output,
        demand_id=demand_id if output is None else None,
        field=f"lines[{line.line_no}].qty_to_ship",
    )
