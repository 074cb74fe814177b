"""Make one sales document out of another: an order of a quote, a call-off of a blanket order, a copy of any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from backoffice import numbers
from backoffice.changes import insert_rows, snapshot, write_changes
from backoffice.exceptions import Blocked, Invalid, NotFound, raise_all
from backoffice.transactions import act, check_revision
from inventory.blocking import refusals_of_blocked
from inventory.lookups import current_setup
from inventory.models import Setup
from inventory.rounding import ZERO, base_quantity, fits, from_base
from inventory.services.auto_reserving import reserve_always
from sales import exceptions, quantities, signals
from sales.blanket import on_open_orders_base
from sales.demand import publish_demand
from sales.line_entry import proposed_qty_to_ship
from sales.line_tracking import hand_on_numbers
from sales.locks import lock_document, lock_lines
from sales.masters import uses_of
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesLineType, SalesStatus

#: What a document takes over from the one that it is made of.
_HEADER = (
    "customer_id",
    "order_date",
    "posting_date",
    "shipment_date",
    "requested_delivery_date",
    "promised_delivery_date",
    "location_id",
    "external_document_no",
    "shipping_advice",
    "note",
)
#: What starts anew on a line.
_STARTS_ANEW = ("quantity_shipped", "quantity_shipped_base", "quantity_invoiced", "qty_to_ship", "qty_to_invoice")


@act
def make_order_of_quote(*, no: str, expected_rev: int | None = None) -> SalesDocument:
    """Make an order of a quote, line by line, with its customised assembly and its numbers (BLK-10, BLK-11).

    The quote is closed.

    Raises: Http404, StaleRevision, DocumentClosed, NothingToCreate, Blocked. Locks: the quote, its lines and assembly.
    """
    quote = lock_document(SalesDocumentType.QUOTE, no)
    check_revision(quote, expected_rev)
    if quote.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=quote.no)
    rows = lock_lines(quote)
    if not any(row.quantity for row in rows):
        raise exceptions.NothingToCreate(document=quote.no)
    setup = current_setup()
    order = _new_document(quote, SalesDocumentType.ORDER, quote_no=quote.no)
    copies = [_copy(row, order) for row in rows]
    _hand_on(order, copies, rows, setup=setup)
    hand_on_numbers(copies, rows)
    quote.move_to(SalesStatus.CLOSED)
    quote.save(update_fields=["status"])
    signals.announce_closed(quote)
    return order


@act
def call_off(*, no: str, called: Mapping[int, Decimal] | None = None, expected_rev: int | None = None) -> SalesDocument:
    """Make an order of quantities of a blanket order's lines, by line number; its quantities to ship unless given.

    Never beyond what is agreed: what is called off, is on open orders and has been shipped stays within the quantity
    (BLK-12 to BLK-16). Several call-offs at once wait for each other on the blanket order.
    Raises: Http404, StaleRevision, DocumentClosed, NothingToCreate, NotFound, Invalid, ExceedsBlanketQuantity, Blocked.
    Locks: the blanket order, its lines and assembly.
    """
    blanket = lock_document(SalesDocumentType.BLANKET_ORDER, no)
    check_revision(blanket, expected_rev)
    if blanket.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=blanket.no)
    rows = lock_lines(blanket)
    wanted = _wanted(blanket, rows, called)
    _require_within_agreement(rows, wanted)
    setup = current_setup()
    order = _new_document(blanket, SalesDocumentType.ORDER)
    taken = [row for row in rows if row.type == SalesLineType.COMMENT or wanted.get(row.line_no)]
    _hand_on(order, [_called_off(row, order, wanted.get(row.line_no, ZERO)) for row in taken], taken, setup=setup)
    _empty_quantities_to_ship(taken, setup)
    return order


@act
def copy_document(
    *,
    document_type: SalesDocumentType,
    no: str,
    to: SalesDocumentType,
    recalculate_lines: bool = False,
    expected_rev: int | None = None,
) -> SalesDocument:
    """Copy a document with its lines and their customised assembly into a new one of any kind (LNK-46).

    On an order as much is assembled to order as on the source; on a quote or blanket order all, or nothing. With
    `recalculate_lines` the components take today's costs.
    Raises: Http404, StaleRevision, Blocked. Locks: the document, its lines.
    """
    source = lock_document(document_type, no)
    check_revision(source, expected_rev)
    rows = lock_lines(source)
    setup = current_setup()
    document = _new_document(source, to)
    copies = [_copy(row, document) for row in rows]
    for copy in copies:
        if copy.qty_to_assemble_to_order and not document.is_order:
            _assemble(copy, copy.quantity, copy.quantity_base)
    _hand_on(document, copies, rows, setup=setup, recalculate_costs=recalculate_lines)
    return document


def _new_document(source: SalesDocument, document_type: SalesDocumentType, *, quote_no: str = "") -> SalesDocument:
    if source.customer.blocked:
        raise Blocked(field="customer", what="Customer", key=source.customer_id)
    document = SalesDocument(
        document_type=document_type,
        no=numbers.draw(document_type)[0],
        quote_no=quote_no,
        **{name: getattr(source, name) for name in _HEADER},
    )
    document.customer, document.location = source.customer, source.location
    document.save(force_insert=True)
    return document


def _copy(row: SalesLine, document: SalesDocument) -> SalesLine:
    values = {name: value for name, value in snapshot(row).items() if name not in ("id", "document_id")}
    copy = SalesLine(document=document, **values)
    copy.item, copy.resource, copy.location = row.item, row.resource, row.location
    copy.blanket_line = None
    for name in _STARTS_ANEW:
        setattr(copy, name, ZERO)
    return copy


def _called_off(row: SalesLine, order: SalesDocument, quantity: Decimal) -> SalesLine:
    """BLK-14b: the quantity called off, at the agreed price; assembled to order if the blanket line is."""
    line = _copy(row, order)
    if line.type == SalesLineType.COMMENT:
        return line
    line.blanket_line = row
    line.quantity, line.quantity_base = quantity, _base(row, quantity)
    assembled = bool(row.qty_to_assemble_to_order)
    _assemble(line, quantity if assembled else ZERO, line.quantity_base if assembled else ZERO)
    line.line_amount = quantities.line_amount(
        quantity=quantity, unit_price=line.unit_price, line_discount_percent=line.line_discount_percent
    )
    return line


def _assemble(line: SalesLine, quantity: Decimal, quantity_base: Decimal) -> None:
    line.qty_to_assemble_to_order, line.qty_to_assemble_to_order_base = quantity, quantity_base


def _hand_on(
    document: SalesDocument,
    lines: Sequence[SalesLine],
    sources: Sequence[SalesLine],
    *,
    setup: Setup,
    recalculate_costs: bool = False,
) -> None:
    """Store the lines, publish their demand, and let the assembly be handed on."""
    _require_not_blocked(lines)
    for line in lines:
        line.qty_to_ship = proposed_qty_to_ship(line, setup)
        line.qty_to_invoice = line.qty_to_ship
    insert_rows(SalesLine, lines)
    demand = publish_demand(lines, new=True)
    pairs = {line.pk: source.pk for line, source in zip(lines, sources, strict=True)}
    signals.announce_lines_saved(
        lines,
        setup=setup,
        new=True,
        handing_on=signals.HandingOn(sources=pairs, recalculate_costs=recalculate_costs),
    )
    reserve_always(demand)


def _require_not_blocked(lines: Sequence[SalesLine]) -> None:
    """BLK-10, BLK-12: nothing that is blocked goes on, nor what is blocked for new sales lines alone."""
    for line in lines:
        if line.item is not None and line.item.sales_blocked:
            raise Blocked(field=f"lines[{line.line_no}].no", what="Item", key=line.item_id)
    raise_all(refusals_of_blocked(uses_of(lines)))


# -- blanket orders -------------------------------------------------------------------------------------------


def _wanted(
    blanket: SalesDocument, rows: Sequence[SalesLine], called: Mapping[int, Decimal] | None
) -> dict[int, Decimal]:
    by_no = {row.line_no: row for row in rows}
    if called is None:
        wanted = {row.line_no: row.qty_to_ship for row in rows if row.qty_to_ship}
    else:
        wanted = {line_no: quantity for line_no, quantity in called.items() if quantity}
    for line_no, quantity in wanted.items():
        _check_called(blanket, by_no.get(line_no), line_no, quantity)
    if not wanted:
        raise exceptions.NothingToCreate(document=blanket.no)
    return wanted


def _check_called(blanket: SalesDocument, row: SalesLine | None, line_no: int, quantity: Decimal) -> None:
    field = f"lines[{line_no}].quantity"
    if row is None or row.type == SalesLineType.COMMENT:
        raise NotFound(field=f"lines[{line_no}].line_no", what=f"Line of {blanket.no}", key=line_no)
    if quantity < ZERO:
        raise Invalid(field=field, detail="A quantity cannot be negative.")
    if not fits(quantity, row.qty_rounding_precision) or not _base(row, quantity):
        raise Invalid(field=field, detail="The quantity does not fit the precision of its unit.")


def _base(row: SalesLine, quantity: Decimal) -> Decimal:
    return base_quantity(quantity, factor=row.qty_per_unit_of_measure, precision=row.qty_rounding_precision_base)


def _require_within_agreement(rows: Sequence[SalesLine], wanted: Mapping[int, Decimal]) -> None:
    """BLK-14: what is called off, stands on open orders and has been shipped stays within the agreed quantity."""
    called = [row for row in rows if wanted.get(row.line_no)]
    ordered = on_open_orders_base(called)
    for row in called:
        left = row.outstanding_quantity_base - ordered.get(row.pk, ZERO)
        if _base(row, wanted[row.line_no]) > left:
            raise exceptions.ExceedsBlanketQuantity(
                field=f"lines[{row.line_no}].quantity",
                value=wanted[row.line_no],
                maximum=from_base(max(left, ZERO), factor=row.qty_per_unit_of_measure),
            )


def _empty_quantities_to_ship(rows: Sequence[SalesLine], setup: Setup) -> None:
    """BLK-16: what was called off is called off once."""
    befores = [(row, snapshot(row)) for row in rows]
    for row in rows:
        row.qty_to_ship = row.qty_to_invoice = ZERO
    signals.announce_lines_saved(write_changes(SalesLine, befores), setup=setup)
