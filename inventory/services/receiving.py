"""Receive a purchase order: what has arrived goes into the ledger, what was reserved of it is reserved from stock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from backoffice import numbers
from backoffice.exceptions import DomainError, Invalid, NotFound, raise_all
from backoffice.transactions import act
from inventory.exceptions import ExceedsRemainingQuantity, NothingToPost
from inventory.locks import lock_purchase_lines, lock_stock
from inventory.lookups import current_setup
from inventory.models import (
    LedgerDocumentType,
    LedgerEntryType,
    MovementSource,
    PurchaseLine,
    PurchaseOrder,
)
from inventory.rounding import amount, base_quantity
from inventory.services.arrivals import Arrival, pass_to_stock
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.entering import StockMasters
from inventory.services.ledger import EntryPosting, post_entries
from inventory.services.purchasing import close_if_received, lock_open_purchase_order, publish_supply

Values = Mapping[str, Any]

SERIES = "purchase_receipt"


@dataclass(slots=True, kw_only=True)
class _Part:
    """What arrives of a line at once; several of one line where it comes in several lots or bins."""

    line: PurchaseLine
    quantity: Decimal
    quantity_base: Decimal
    values: Values
    path: str


@act
def receive_purchase_order(no: str, values: Values, *, expected_rev: int | None = None) -> str:
    """Post what has arrived: the lines named, or all that is outstanding. Returns the receipt's number.

    1. Lock the order, its lines and the stock balances. 2. Check every part. 3. Draw the receipt's number.
    4. Post; pass reservations on to the stock; lower the planned supply. 5. Close the order that is complete.
    6. Let the costs that follow from it flow on.

    Raises: Missing, StaleRevision, DocumentClosed, NotFound, Invalid, Required, ExceedsRemainingQuantity,
    NothingToPost, Blocked, TrackingRequired, SerialNotUnique.
    Locks: header (level 6) and lines (7), stock balances (8), the series of receipts (9).
    """
    order = lock_open_purchase_order(no, expected_rev)
    lines = {line.line_no: line for line in lock_purchase_lines(order)}
    parts = _parts(order, lines, values.get("lines"))
    postings = _postings(order, parts, values.get("posting_date"))
    balances = lock_stock({posting.key for posting in postings})
    receipt_no = numbers.draw_gapless(SERIES)
    posted = post_entries([replace(posting, document_no=receipt_no) for posting in postings], balances=balances)
    pass_to_stock(
        [
            Arrival(source_kind=MovementSource.PURCHASE_ORDER_LINE, source_id=part.line.pk, entry=row.entry)
            for part, row in zip(parts, posted, strict=True)
        ]
    )
    _count(parts)
    publish_supply(order, list({part.line.pk: part.line for part in parts}.values()))
    close_if_received(order)
    adjust_costs(entries=posted)
    return receipt_no


def _parts(order: PurchaseOrder, lines: Mapping[int, PurchaseLine], rows: Sequence[Values] | None) -> list[_Part]:
    """Return what arrives, and refuse what the lines do not expect. Without rows: all that is outstanding."""
    if rows is None:
        rows = [{"line_no": no} for no, line in lines.items() if line.outstanding_quantity]
    left = {no: (line.outstanding_quantity, line.outstanding_quantity_base) for no, line in lines.items()}
    parts: list[_Part] = []
    errors: list[DomainError] = []
    for index, values in enumerate(rows):
        path = f"lines[{index}]"
        try:
            part = _part(lines, left, values, path)
        except DomainError as error:
            errors.append(error.at(path))
        else:
            left[part.line.line_no] = _minus(left[part.line.line_no], part)
            parts.append(part)
    raise_all(errors)
    if not parts:
        raise NothingToPost(document=order.no)
    return parts


def _minus(left: tuple[Decimal, Decimal], part: _Part) -> tuple[Decimal, Decimal]:
    return (left[0] - part.quantity, left[1] - part.quantity_base)


def _part(
    lines: Mapping[int, PurchaseLine],
    left: Mapping[int, tuple[Decimal, Decimal]],
    values: Values,
    path: str,
) -> _Part:
    line = lines.get(values["line_no"])
    if line is None:
        raise NotFound(field="line_no", what="Line", key=values["line_no"])
    outstanding, outstanding_base = left[line.line_no]
    quantity: Decimal = values.get("quantity", outstanding)
    if quantity <= 0:
        raise Invalid(field="quantity", detail="The quantity must be greater than zero.")
    if quantity > outstanding:
        raise ExceedsRemainingQuantity(field="quantity", quantity=quantity, maximum=outstanding)
    # The last part takes what is left in base units, so that line and base are exhausted together (QTY-03).
    base = outstanding_base
    if quantity != outstanding:
        base = min(base_quantity(quantity, factor=line.qty_per_unit_of_measure), outstanding_base)
    if not base:
        raise Invalid(field="quantity", detail="Nothing of this quantity is left in the base unit.")
    return _Part(line=line, quantity=quantity, quantity_base=base, values=values, path=path)


def _postings(order: PurchaseOrder, parts: Sequence[_Part], posting_date: dt.date | None) -> list[EntryPosting]:
    masters = StockMasters.load([_subject(part) for part in parts], setup=current_setup())
    postings: list[EntryPosting] = []
    errors: list[DomainError] = []
    for part in parts:
        try:
            postings.append(_posting(order, part, masters, posting_date or masters.setup.today))
        except DomainError as error:
            errors.append(error.at(part.path))
    raise_all(errors)
    return postings


def _subject(part: _Part) -> dict[str, Any]:
    line = part.line
    return {**part.values, "item": line.item_id, "variant": line.variant_code, "location": line.location_id}


def _posting(order: PurchaseOrder, part: _Part, masters: StockMasters, posting_date: dt.date) -> EntryPosting:
    line, subject = part.line, _subject(part)
    return EntryPosting(
        entry_type=LedgerEntryType.PURCHASE,
        item=masters.item(subject).item,
        variant_code=line.variant_code,
        location_id=line.location_id,
        bin_code=masters.bin_code(subject, masters.location(subject)),
        quantity=part.quantity_base,
        cost_amount=amount(part.quantity * line.unit_cost),
        posting_date=posting_date,
        document_type=LedgerDocumentType.PURCHASE_RECEIPT,
        document_line_no=line.line_no,
        order_no=order.no,
        order_line_no=line.line_no,
        lot_no=part.values.get("lot_no", ""),
        serial_no=part.values.get("serial_no", ""),
        field=f"{part.path}.quantity",
    )


def _count(parts: Sequence[_Part]) -> None:
    """Add what has arrived to the lines; one statement."""
    for part in parts:
        part.line.quantity_received += part.quantity
        part.line.quantity_received_base += part.quantity_base
    lines = list({part.line.pk: part.line for part in parts}.values())
    PurchaseLine.objects.bulk_update(lines, ["quantity_received", "quantity_received_base"])
