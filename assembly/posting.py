"""What posting an assembly order does, for one or many of them in one transaction.

Assembling to stock and shipping a sales order go through the same steps: `check`, then under the locks of all
stock balances `Assembling.start`, then the entries of each assembly go into the ledger with whatever else the caller
posts, then `Assembling.record`. The caller owns the transaction, the locks and the order of the entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from assembly import quantities, storage
from assembly.exceptions import NothingToPost
from assembly.models import AssemblyLine, AssemblyStatus, PostedAssembly, PostedAssemblyLine
from assembly.revision import Revision
from assembly.unit_costs import rolled_up_unit_cost
from backoffice.changes import insert_rows
from backoffice.exceptions import raise_all
from inventory.blocking import Use, refusals_of_blocked
from inventory.locks import StockKey
from inventory.models import (
    CostingMethod,
    ItemTracking,
    LedgerDocumentType,
    LedgerEntryType,
    OrderCosting,
    PlannedMovement,
    TrackedSource,
)
from inventory.rounding import ZERO
from inventory.services import tracking
from inventory.services.ledger import EntryPosting
from inventory.services.order_costs import OrderHistory, note_overheads, share_out
from inventory.services.resource_use import ResourceUse, post_resource_use
from inventory.services.tracking import Portion
from sales.models import SalesLine

#: The number series of posted assembly orders.
SERIES = "posted_assembly_order"


@dataclass(slots=True, kw_only=True)
class AssemblyPosting:
    """One document on its way through a posting. `sales_line`: what it is made for, None on a document to stock."""

    revision: Revision
    sales_line: SalesLine | None = None
    no: str = ""
    history: OrderHistory | None = None
    #: The lots and serial numbers that are put out, and those that are consumed, by line id.
    put_out: list[Portion] = field(default_factory=list)
    consumed: dict[int, list[Portion]] = field(default_factory=dict)
    posted: PostedAssembly | None = field(default=None)

    @property
    def used_lines(self) -> list[AssemblyLine]:
        """The lines of which something is consumed."""
        return [line for line in self.revision.lines if line.quantity_to_consume_base]

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that it moves."""
        document = self.revision.document
        keys = {StockKey(document.item_id, document.variant_code, document.location_id)}
        return keys | {
            StockKey(line.item_id or "", line.variant_code, line.location_id or "")
            for line in self.used_lines
            if _is_stocked(line)
        }

    def entries(self) -> list[EntryPosting]:
        """The ledger postings: the components in line order, then the output (PST-06); one for each number.

        Components that are not kept in inventory are among them: their entries move no stock (PST-04).
        """
        used = [
            self._consumption(line, portion)
            for line in self.used_lines
            if line.item is not None
            for portion in self.consumed[line.pk]
        ]
        return used + [self._output(index, portion) for index, portion in enumerate(self.put_out)]

    def resource_uses(self) -> list[ResourceUse]:
        """The use of resources, in line order (PST-04)."""
        document = self.revision.document
        return [
            ResourceUse(
                resource=line.resource,
                item=document.item,
                quantity=line.quantity_to_consume_base,
                unit_cost=line.unit_cost / line.qty_per_unit_of_measure,
                posting_date=document.posting_date,
                document_no=self.no,
                order_no=document.no,
                order_line_no=line.line_no,
            )
            for line in self.used_lines
            if line.resource is not None
        ]

    @property
    def non_inventory_cost(self) -> Decimal:
        """What the used items cost that are not kept in inventory: their entries carry no value (PST-40)."""
        used = [line for line in self.used_lines if line.item is not None and not _is_stocked(line)]
        return sum((_used_cost(line) for line in used), ZERO)

    def _consumption(self, line: AssemblyLine, portion: Portion) -> EntryPosting:
        document = self.revision.document
        assert line.item is not None
        return EntryPosting(
            entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION,
            item=line.item,
            variant_code=line.variant_code,
            # What is not kept in inventory lies nowhere: it is used where the order is assembled.
            location_id=line.location_id or document.location_id,
            bin_code=line.bin_code if _is_stocked(line) else "",
            quantity=-portion.quantity,
            lot_no=portion.lot_no,
            serial_no=portion.serial_no,
            posting_date=document.posting_date,
            document_type=LedgerDocumentType.POSTED_ASSEMBLY,
            document_no=self.no,
            document_line_no=line.line_no,
            order_no=document.no,
            order_line_no=line.line_no,
            demand_id=getattr(line, "demand_id", None),
        )

    def _output(self, index: int, portion: Portion) -> EntryPosting:
        document = self.revision.document
        return EntryPosting(
            entry_type=LedgerEntryType.ASSEMBLY_OUTPUT,
            item=document.item,
            variant_code=document.variant_code,
            location_id=document.location_id,
            bin_code=document.bin_code,
            quantity=portion.quantity,
            lot_no=portion.lot_no,
            serial_no=portion.serial_no,
            posting_date=document.posting_date,
            cost_of_making=partial(self._cost, index),
            document_type=LedgerDocumentType.POSTED_ASSEMBLY,
            document_no=self.no,
            order_no=document.no,
        )

    def _cost(self, index: int, material: Decimal) -> tuple[Decimal, Decimal]:
        """PST-40: the share of an output in the whole cost of its order, resources and overhead included.

        `material`: what this posting takes from stock. What it uses besides is in the history already.
        """
        assert self.history is not None, "what an output costs is known once the assembling has started"
        capacity = sum((use.total_cost for use in self.resource_uses()), ZERO)
        quantity = self.revision.document.quantity_to_assemble_base
        direct, overhead = self.history.next_output(quantity, further_cost=material + capacity)
        parts = [portion.quantity for portion in self.put_out]
        return share_out(direct, parts)[index], share_out(overhead, parts)[index]


def check(posting: AssemblyPosting) -> None:
    """Refuse to post where there is nothing to assemble, no line, or nothing consumed (PST-02, TRP-14, ERR-27)."""
    document = posting.revision.document
    if not document.is_order or not document.quantity_to_assemble or not posting.used_lines:
        raise NothingToPost(document=document.no)


def refuse_blocked(postings: Sequence[AssemblyPosting]) -> None:
    """Refuse to post what is blocked: the item put out, and what is consumed now (DM-10). All that is, at once.

    What is put out for a sales line the sale refuses itself. One statement where a variant is used, else none.
    Raises: Blocked, for a sales line at `lines[line_no].components[line_no]`.
    """
    raise_all(refusals_of_blocked([use for posting in postings for use in _uses(posting)]))


def _uses(posting: AssemblyPosting) -> list[Use]:
    document, uses = posting.revision.document, []
    if posting.sales_line is None:
        uses.append(Use(field="item", variant_field="variant", item=document.item, variant_code=document.variant_code))
    for line in posting.used_lines:
        path = f"lines[{line.line_no}]"
        if posting.sales_line is not None:
            path = f"lines[{posting.sales_line.line_no}].components[{line.line_no}]"
        uses.append(
            Use(
                field=f"{path}.no",
                variant_field=f"{path}.variant",
                item=line.item,
                variant_code=line.variant_code,
                resource=line.resource,
                called="Component",
            )
        )
    return uses


def choose_numbers(postings: Sequence[AssemblyPosting]) -> None:
    """Choose the lots and serial numbers of outputs and components (RES-21, RES-23). Two statements, if tracked.

    Raises: TrackingRequired.
    """
    documents = [p.revision.document for p in postings if p.revision.document.item.item_tracking != ItemTracking.NONE]
    of_documents = tracking.load(TrackedSource.ASSEMBLY_DOCUMENT, [document.pk for document in documents])
    lines = [line for p in postings for line in p.used_lines if _is_stocked(line)]
    of_lines = tracking.load(TrackedSource.ASSEMBLY_LINE, [line.pk for line in lines if _is_tracked(line)])
    for posting in postings:
        document = posting.revision.document
        posting.put_out = tracking.exactly(
            document.item, of_documents.get(document.pk, []), document.quantity_to_assemble_base, field="tracking"
        )
        for line in posting.used_lines:
            if line.item is not None and _is_stocked(line):
                posting.consumed[line.pk] = tracking.at_least(
                    line.item,
                    of_lines.get(line.pk, []),
                    line.quantity_to_consume_base,
                    field=f"lines[{line.line_no}].tracking",
                )
            elif line.item is not None:
                posting.consumed[line.pk] = [Portion(quantity=line.quantity_to_consume_base)]


def _is_tracked(line: AssemblyLine) -> bool:
    return line.item is not None and line.item.item_tracking != ItemTracking.NONE


def _is_stocked(line: AssemblyLine) -> bool:
    return line.item is not None and line.item.is_inventoriable


class Assembling:
    """The postings of one transaction. Statements do not grow with their number."""

    def __init__(self, postings: Sequence[AssemblyPosting]) -> None:
        self.postings = postings

    @property
    def series(self) -> dict[str, int]:
        """How many numbers of which series it needs."""
        return {SERIES: len(self.postings)}

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that all of them move."""
        return {key for posting in self.postings for key in posting.stock_keys}

    @property
    def assembled_before(self) -> set[str]:
        """The orders that had put out something before: what they cost now makes that dearer or cheaper (PST-40)."""
        return {p.revision.document.no for p in self.postings if p.history is not None and p.history.is_posted}

    def start(self, numbers: Sequence[str]) -> None:
        """Give the posted documents their numbers, and find out what the orders have cost so far."""
        histories = note_overheads([_costing(posting) for posting in self.postings])
        for posting, no in zip(self.postings, numbers, strict=True):
            posting.no = no
            posting.history = histories[posting.revision.document.no]

    def record(self, *, close: bool) -> list[PlannedMovement]:
        """Write resources used and posted documents, and count on the orders what was posted.

        What is made to order takes what its lines cost as its unit cost (PST-05), unless it has a standard cost.
        `close`: orders of which nothing remains are closed; those made to order stay until they are invoiced.
        Returns what the orders still bring and ask for, to be published.
        """
        post_resource_use([use for posting in self.postings for use in posting.resource_uses()])
        tracking.count_handled(
            [*(portion for p in self.postings for portion in p.put_out)]
            + [portion for p in self.postings for portions in p.consumed.values() for portion in portions]
        )
        self._write_posted()
        for posting in self.postings:
            line = posting.sales_line
            if line is not None and posting.revision.document.item.costing_method != CostingMethod.STANDARD:
                posting.revision.take_unit_cost(rolled_up_unit_cost(posting.revision))
            posting.revision.record_posting(qty_to_ship=None if line is None else line.qty_to_ship)
            if close and not posting.revision.document.remaining_quantity:
                posting.revision.document.move_to(AssemblyStatus.CLOSED)
        return storage.write_posted([posting.revision for posting in self.postings])

    def _write_posted(self) -> None:
        for posting in self.postings:
            posting.posted = _posted(posting)
        insert_rows(PostedAssembly, (p.posted for p in self.postings if p.posted is not None))
        lines = (_posted_line(p, line) for p in self.postings for line in p.revision.lines)
        insert_rows(PostedAssemblyLine, lines)


def _costing(posting: AssemblyPosting) -> OrderCosting:
    document = posting.revision.document
    # PST-05: at standard cost the item's overhead of today counts, because it is in the standard cost.
    overhead = document.item if document.item.costing_method == CostingMethod.STANDARD else document
    return OrderCosting(
        order_no=document.no,
        item_id=document.item_id,
        indirect_cost_percent=overhead.indirect_cost_percent,
        overhead_rate=overhead.overhead_rate,
        non_inventory_cost=posting.non_inventory_cost,
    )


def _used_cost(line: AssemblyLine) -> Decimal:
    return quantities.cost_amount(quantity=line.quantity_to_consume, unit_cost=line.unit_cost)


def _posted(posting: AssemblyPosting) -> PostedAssembly:
    document = posting.revision.document
    return PostedAssembly(
        no=posting.no,
        order_no=document.no,
        quantity=document.quantity_to_assemble,
        quantity_base=document.quantity_to_assemble_base,
        assemble_to_order=posting.sales_line is not None,
        **{name: getattr(document, name) for name in PostedAssembly.REPEATED.split()},
    )


def _posted_line(posting: AssemblyPosting, line: AssemblyLine) -> PostedAssemblyLine:
    return PostedAssemblyLine(
        posted_assembly=posting.posted,
        quantity=line.quantity_to_consume,
        quantity_base=line.quantity_to_consume_base,
        cost_amount=_used_cost(line),
        **{name: getattr(line, name) for name in PostedAssemblyLine.REPEATED.split()},
    )
