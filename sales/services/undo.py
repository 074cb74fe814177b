"""Undo shipments, whole lines at a time, with what was assembled for them."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404

from backoffice.changes import snapshot, write_changes
from backoffice.exceptions import Invalid
from backoffice.transactions import act
from inventory.exceptions import Missing
from inventory.locks import StockKey, lock_stock
from inventory.lookups import current_setup
from inventory.models import ItemLedgerEntry, LedgerEntryType, Setup, TrackedSource
from inventory.rounding import ZERO
from inventory.services.ledger import EntryPosting, post_entries
from inventory.services.reversing import bins_of, entries_of, reversal
from inventory.services.tracking import Portion, count_handled, load
from sales import exceptions, signals
from sales.blanket import count_progress, lock_blankets_of
from sales.demand import publish_demand
from sales.line_entry import proposed_qty_to_ship
from sales.locks import lock_document, lock_lines
from sales.made_to_order import Unmaking, get_supplier
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesLineType, SalesShipment, SalesShipmentLine


@act
def undo_shipment(*, no: str, line_nos: Sequence[int] | None = None) -> SalesShipment:
    """Take lines of a shipment back, all unless named: the sale, the output, the components (UND-01 to UND-07).

    The goods return to the stock part or are to be assembled again; a correction line stands below each original.
    Raises: Http404, AlreadyReversed, AlreadyInvoiced, NothingToUndo, and what the assembly refuses.
    Locks: levels 3 to 8, the shipment's lines.
    """
    shipment = SalesShipment.objects.filter(no=no).first()
    if shipment is None:
        raise Http404(f"There is no sales shipment {no}.")
    blankets = lock_blankets_of(shipment.order_no)
    document = _lock_order(shipment, line_nos)
    lines = {line.pk: line for line in lock_lines(document)}
    rows = _lock_shipment_lines(shipment, line_nos)
    affected = [lines[row.order_line_id] for row in rows]
    unmaking = get_supplier().prepare_undo(rows, affected)
    sales = _sales_of(shipment, rows)
    keys = {StockKey(entry.item_id, entry.variant_code, entry.location_id) for entry in sales}
    balances = lock_stock(keys | unmaking.stock_keys)
    entries = post_entries(_reversals(rows, sales, unmaking), balances=balances)
    _write_corrections(rows)
    setup = current_setup()
    _count(rows, lines, unmaking, setup=setup)
    count_progress({lines[row.order_line_id]: (-row.quantity_base, ZERO) for row in rows}, blankets, setup=setup)
    _take_numbers_back(sales, lines)
    unmaking.settle(entries)
    return shipment


def _lock_order(shipment: SalesShipment, line_nos: Sequence[int] | None) -> SalesDocument:
    """Lock the order. One that was deleted had nothing shipped any more: then there is nothing left to undo."""
    try:
        return lock_document(SalesDocumentType.ORDER, shipment.order_no)
    except Missing:
        _lock_shipment_lines(shipment, line_nos)
        raise


def _take_numbers_back(sales: Sequence[ItemLedgerEntry], lines: dict[int, SalesLine]) -> None:
    """Count the lots and serial numbers of the part from stock as not handled again."""
    by_no = {line.line_no: line.pk for line in lines.values()}
    tracked = [row for row in sales if (row.lot_no or row.serial_no) and not row.assemble_to_order]
    numbers = load(TrackedSource.SALES_LINE, {by_no[row.document_line_no] for row in tracked})
    portions = []
    for row in tracked:
        of_line = {(n.lot_no, n.serial_no): n for n in numbers.get(by_no[row.document_line_no], [])}
        portions.append(Portion(quantity=-row.quantity, line=of_line.get((row.lot_no, row.serial_no))))
    count_handled(portions, undone=True)


def _lock_shipment_lines(shipment: SalesShipment, line_nos: Sequence[int] | None) -> list[SalesShipmentLine]:
    rows = list(
        SalesShipmentLine.objects.filter(shipment=shipment, undoes__isnull=True)
        .exclude(type=SalesLineType.COMMENT)
        .order_by("line_no")
        .select_for_update(of=("self",), no_key=True)
    )
    if line_nos is not None:
        rows = _named(rows, line_nos, shipment)
    else:
        rows = [row for row in rows if not row.correction] or rows
    if not rows:
        raise exceptions.NothingToUndo(document=shipment.no)
    for row in rows:
        if row.correction:
            raise exceptions.AlreadyReversed(document=shipment.no, line_no=row.line_no)
        if row.quantity_invoiced:
            raise exceptions.AlreadyInvoiced(document=shipment.no, line_no=row.line_no, quantity=row.quantity_invoiced)
    return rows


def _named(
    rows: Sequence[SalesShipmentLine], line_nos: Sequence[int], shipment: SalesShipment
) -> list[SalesShipmentLine]:
    by_no = {row.line_no: row for row in rows}
    unknown = [line_no for line_no in line_nos if line_no not in by_no]
    if unknown:
        raise Invalid(field="line_nos", detail=f"{shipment.no} has no line {unknown[0]} to undo.")
    return [by_no[line_no] for line_no in sorted(set(line_nos))]


def _sales_of(shipment: SalesShipment, rows: Sequence[SalesShipmentLine]) -> list[ItemLedgerEntry]:
    """Return the sale entries of these shipment lines, in posting order."""
    return list(
        entries_of([shipment.no]).filter(
            entry_type=LedgerEntryType.SALE, document_line_no__in=[row.line_no for row in rows]
        )
    )


def _reversals(
    rows: Sequence[SalesShipmentLine], sales: Sequence[ItemLedgerEntry], unmaking: Unmaking
) -> list[EntryPosting]:
    """Return per line: what was sold comes back, then what was assembled for it is taken apart again (UND-03)."""
    bins = bins_of(sales)
    postings: list[EntryPosting] = []
    for row in rows:
        sold: dict[int, int] = {}
        for entry in sales:
            if entry.document_line_no != row.line_no:
                continue
            if entry.assemble_to_order and entry.applies_to_entry_id is not None:
                sold[entry.applies_to_entry_id] = len(postings)
            postings.append(reversal(entry, bin_code=bins.get(entry.entry_no, "")))
        postings += unmaking.reversals(row, sold)
    return postings


def _write_corrections(rows: Sequence[SalesShipmentLine]) -> None:
    SalesShipmentLine.objects.filter(pk__in=[row.pk for row in rows]).update(correction=True)
    SalesShipmentLine.objects.bulk_create(_correction(row) for row in rows)


def _correction(row: SalesShipmentLine) -> SalesShipmentLine:
    mirrored = {"quantity", "quantity_base", "assemble_to_order_quantity", "assemble_to_order_quantity_base"}
    left_out = {"id", "correction", "undoes_id", "quantity_invoiced"}
    values = {
        name: -value if name in mirrored else value for name, value in snapshot(row).items() if name not in left_out
    }
    return SalesShipmentLine(correction=True, undoes=row, **values)


def _count(rows: Sequence[SalesShipmentLine], lines: dict[int, SalesLine], unmaking: Unmaking, *, setup: Setup) -> None:
    """Count on order lines and assembly orders what is to be shipped and assembled again."""
    befores = []
    for row in rows:
        line = lines[row.order_line_id]
        befores.append((line, snapshot(line)))
        line.quantity_shipped -= row.quantity
        line.quantity_shipped_base -= row.quantity_base
        line.qty_to_ship = proposed_qty_to_ship(line, setup)
        line.qty_to_invoice = line.qty_shipped_not_invoiced + line.qty_to_ship
    unmaking.record()
    written = write_changes(SalesLine, befores)
    publish_demand(written)
    signals.announce_lines_saved(written, setup=setup)
