"""Ship and invoice sales orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice import numbers
from backoffice.changes import snapshot, write_changes
from backoffice.exceptions import Blocked, raise_all
from backoffice.transactions import act, check_revision
from inventory.blocking import refusals_of_blocked
from inventory.locks import lock_stock
from inventory.lookups import current_setup
from inventory.models import MovementSource, PlannedMovement, Setup, ValueEntry
from inventory.services.ledger import PostedEntry, post_entries
from inventory.services.planning import publish
from inventory.services.tracking import count_handled
from sales import exceptions, posted_documents, signals
from sales.blanket import count_progress, lock_blankets_of
from sales.demand import demand_of
from sales.line_entry import proposed_qty_to_ship
from sales.locks import lock_document, lock_lines
from sales.made_to_order import MadeGoods, get_supplier
from sales.masters import uses_of
from sales.models import (
    SalesDocument,
    SalesDocumentType,
    SalesInvoice,
    SalesLine,
    SalesLineType,
    SalesShipment,
    SalesStatus,
    ShippingAdvice,
)
from sales.shipping import LinePosting, ledger_postings, plan_lines, stock_keys

#: The number series of what is posted.
SHIPMENTS, INVOICES = "sales_shipment", "sales_invoice"


@dataclass(slots=True, kw_only=True)
class PostedSales:
    """What a posting made: numbers (None where there is none), and its item ledger entries in posting order."""

    shipment: SalesShipment | None = None
    invoice: SalesInvoice | None = None
    posted_assembly_orders: list[str] = field(default_factory=list)
    entries: list[PostedEntry] = field(default_factory=list)
    #: The corrections of costs that followed from it, of entries of others too.
    adjustments: list[ValueEntry] = field(default_factory=list)


@act
def post_sales_order(
    *,
    no: str,
    ship: bool,
    invoice: bool,
    posting_date: dt.date | None = None,
    expected_rev: int | None = None,
) -> PostedSales:
    """Ship each line's quantity to ship, invoice its quantity to invoice, or both (PST-20 to PST-30).

    1. Lock the order, its lines and the documents that goods are made by; check what there is to post.
    2. Lock all stock balances; make the goods, so that their cost is known.
    3. Write the ledger: what was made comes in and leaves at once, then the rest leaves (PST-22).
    4. Write the posted documents and count everything on the open ones; release the order, or close it.
    5. Let the costs that follow from it flow on.

    One transaction: what is refused anywhere refuses all. Date: the order's unless given; a given one becomes the
    order's, and that of its assembly orders (LNK-40).
    Raises: StaleRevision, DocumentClosed, NothingToPost, Blocked, ShipmentIncomplete, NotEnoughInventory,
    TrackingRequired, and what the assembly refuses. Locks: levels 3 to 9.
    """
    blankets = lock_blankets_of(no)
    document = lock_document(SalesDocumentType.ORDER, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    _take_posting_date(document, posting_date)
    lines = lock_lines(document)
    planned = plan_lines(lines, ship=ship, invoice=invoice)
    if not planned:
        raise exceptions.NothingToPost(document=document.no)
    _require_not_blocked(document, planned)
    shipped = [plan for plan in planned if plan.to_ship]
    _require_complete(document, lines, shipped)
    posting = _Posting(document, lines, planned, blankets=blankets, setup=current_setup())
    return posting.post()


class _Posting:
    """One posting of a locked order: the steps from the stock's locks on."""

    def __init__(
        self,
        document: SalesDocument,
        lines: Sequence[SalesLine],
        planned: Sequence[LinePosting],
        *,
        blankets: Mapping[int, SalesLine],
        setup: Setup,
    ) -> None:
        self.document, self.lines, self.planned, self.setup = document, lines, planned, setup
        self.blankets = blankets
        self.shipped = [plan for plan in planned if plan.to_ship]
        self.invoiced = [plan for plan in planned if plan.to_invoice]
        self.result = PostedSales()

    def post(self) -> PostedSales:
        """Do steps 2 to 5 of `post_sales_order`."""
        self.making = get_supplier().prepare([plan.line for plan in self.shipped], setup=self.setup)
        balances = lock_stock(stock_keys(self.shipped) | self.making.stock_keys)
        drawn = numbers.draw_gapless_each(
            {**self.making.series, SHIPMENTS: int(bool(self.shipped)), INVOICES: int(bool(self.invoiced))}
        )
        made = self.making.make(drawn)
        postings = ledger_postings(
            self.shipped,
            made,
            shipment_no=drawn[SHIPMENTS][0] if self.shipped else "",
            posting_date=self.document.posting_date,
            demands=self._demands(),
        )
        self.result.entries = post_entries(postings, balances=balances)
        count_handled([number for plan in self.shipped for number in plan.from_stock(made.get(plan.line.pk))])
        shipment_lines = self._write_shipment(drawn[SHIPMENTS], made)
        self._write_invoice(drawn[INVOICES])
        self._count(made, shipment_lines)
        self._move_on()
        self.result.adjustments = list(self.making.settle(self.result.entries))
        return self.result

    def _demands(self) -> Mapping[int, int]:
        """Return the planned movements of lines that have stock reserved, by line id."""
        ids = [plan.line.pk for plan in self.shipped if plan.line.reserved_beyond_link]
        if not ids:
            return {}
        return dict(
            PlannedMovement.objects.filter(
                source_kind=MovementSource.SALES_ORDER_LINE, source_id__in=ids, reserved_quantity__gt=0
            ).values_list("source_id", "pk")
        )

    def _write_shipment(self, nos: Sequence[str], made: Mapping[int, MadeGoods]) -> posted_documents.ShipmentLines:
        if not self.shipped:
            return {}
        self.result.shipment, shipment_lines = posted_documents.write_shipment(
            nos[0], self.document, self.shipped, made, comments=self._comments()
        )
        return shipment_lines

    def _write_invoice(self, nos: Sequence[str]) -> None:
        if self.invoiced:
            self.result.invoice = posted_documents.write_invoice(
                nos[0], self.document, self.invoiced, comments=self._comments()
            )
            posted_documents.count_invoiced_of_earlier(self.invoiced)

    def _comments(self) -> list[SalesLine]:
        return [line for line in self.lines if line.type == SalesLineType.COMMENT]

    def _count(self, made: Mapping[int, MadeGoods], shipment_lines: posted_documents.ShipmentLines) -> None:
        """Count on the lines what was posted, propose the next posting, and let those who made goods count too."""
        befores = [(line, snapshot(line)) for line in self.lines]
        progress = {plan.line: (plan.to_ship_base, plan.to_invoice) for plan in self.planned}
        for plan in self.planned:
            plan.line.quantity_shipped += plan.to_ship
            plan.line.quantity_shipped_base += progress[plan.line][0]
            plan.line.quantity_invoiced += plan.to_invoice
        for line in self.lines:
            self._propose_next(line)
        written = write_changes(SalesLine, befores)
        recorded = self.making.record(shipment_lines)
        self.result.posted_assembly_orders = recorded.numbers
        publish([*demand_of(written), *recorded.movements])
        count_progress(progress, self.blankets, setup=self.setup)
        # What was made for a line has followed it already.
        signals.announce_lines_saved([line for line in written if line.pk not in made], setup=self.setup)

    def _move_on(self) -> None:
        """Close the order that is shipped and invoiced in full; release it otherwise (PST-27)."""
        if all(_is_done(line) for line in self.lines):
            self.document.move_to(SalesStatus.CLOSED)
            get_supplier().close(self.document)
        elif self.document.status == SalesStatus.OPEN:
            self.document.move_to(SalesStatus.RELEASED)  # posting releases; the assembly orders stay as they are
        self.document.save(update_fields=["status"])

    def _propose_next(self, line: SalesLine) -> None:
        """PST-27: after a shipment the next one is proposed anew, also of lines that were left out of this one."""
        if self.shipped:
            line.qty_to_ship = proposed_qty_to_ship(line, self.setup)
        line.qty_to_invoice = line.qty_shipped_not_invoiced + line.qty_to_ship


def _take_posting_date(document: SalesDocument, posting_date: dt.date | None) -> None:
    if posting_date is None or posting_date == document.posting_date:
        return
    document.posting_date = posting_date
    document.save(update_fields=["posting_date"])
    signals.announce_posting_date_changed(document)


def _require_not_blocked(document: SalesDocument, planned: Sequence[LinePosting]) -> None:
    """DM-10: what is blocked is not posted: neither the customer, nor what a line that is posted sells.

    An item that is blocked for sales alone is: that bars new lines, and what was promised is delivered.
    """
    refusals = refusals_of_blocked(uses_of([plan.line for plan in planned]))
    if document.customer.blocked:
        refusals.insert(0, Blocked(field="customer", what="Customer", key=document.customer_id))
    raise_all(refusals)


def _require_complete(document: SalesDocument, lines: Sequence[SalesLine], shipped: Sequence[LinePosting]) -> None:
    """A customer who wants all at once gets all at once (shipping advice)."""
    if not shipped or document.shipping_advice != ShippingAdvice.COMPLETE:
        return
    for line in lines:
        if line.type == SalesLineType.ITEM and line.qty_to_ship != line.outstanding_quantity:
            raise exceptions.ShipmentIncomplete(
                field=f"lines[{line.line_no}].qty_to_ship",
                document=document.no,
                required=line.outstanding_quantity,
                quantity=line.qty_to_ship,
            )


def _is_done(line: SalesLine) -> bool:
    return line.quantity_shipped == line.quantity and line.quantity_invoiced == line.quantity
