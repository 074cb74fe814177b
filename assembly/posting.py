"""What posting an assembly order does, for one or many of them in one transaction.

Assembling to stock and shipping a sales order go through the same steps: `check`, then under the locks of all
stock balances `Assembling.consume`, then the output goes into the ledger with whatever else the caller posts,
then `Assembling.record`. The caller owns the transaction, the locks and the order of the entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assembly import quantities, storage
from assembly.exceptions import NothingToPost
from assembly.models import AssemblyLine, AssemblyStatus, PostedAssembly, PostedAssemblyLine
from assembly.revision import Revision
from backoffice import numbers
from inventory.locks import StockKey
from inventory.models import (
    LedgerDocumentType,
    LedgerEntryType,
    MovementSource,
    OrderCosting,
    PlannedMovement,
    StockBalance,
)
from inventory.rounding import ZERO
from inventory.services.ledger import EntryPosting, PostedEntry, post_entries
from inventory.services.order_costs import OrderCost, load_order_costs, load_output_quantities, share_out
from inventory.services.resource_use import ResourceUse, post_resource_use


@dataclass(slots=True, kw_only=True)
class AssemblyPosting:
    """One document on its way through a posting. `qty_to_ship`: the sales line's, None on a document to stock."""

    revision: Revision
    qty_to_ship: Decimal | None = None
    no: str = ""
    output_cost: tuple[Decimal, Decimal] = (ZERO, ZERO)
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
            if line.item is not None and line.item.is_inventoriable
        }

    def output(self) -> EntryPosting:
        """The ledger posting that brings the goods in, once `consume` has told what they cost (PST-05)."""
        document = self.revision.document
        direct, overhead = self.output_cost
        return EntryPosting(
            entry_type=LedgerEntryType.ASSEMBLY_OUTPUT,
            item=document.item,
            variant_code=document.variant_code,
            location_id=document.location_id,
            bin_code=document.bin_code,
            quantity=document.quantity_to_assemble_base,
            posting_date=document.posting_date,
            cost_amount=direct,
            indirect_cost_amount=overhead,
            document_type=LedgerDocumentType.POSTED_ASSEMBLY,
            document_no=self.no,
            order_no=document.no,
        )


def check(posting: AssemblyPosting) -> None:
    """Refuse to post where there is nothing to assemble, no line, or nothing consumed (PST-02, TRP-14, ERR-27)."""
    document = posting.revision.document
    if not document.is_order or not document.quantity_to_assemble or not posting.used_lines:
        raise NothingToPost(document=document.no)


class Assembling:
    """The postings of one transaction. Statements do not grow with their number."""

    def __init__(self, postings: Sequence[AssemblyPosting]) -> None:
        self.postings = postings
        #: Orders that have put out something before: what they cost now makes that dearer or cheaper (PST-40).
        self.assembled_before: set[str] = set()

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that all of them move."""
        return {key for posting in self.postings for key in posting.stock_keys}

    def consume(self, balances: Mapping[StockKey, StockBalance]) -> list[PostedEntry]:
        """Draw numbers, post components and resources in line order, and work out what the outputs cost.

        Raises: NotEnoughInventory, TrackingRequired. Locks: the number series (level 9), under `balances`.
        """
        if not self.postings:
            return []
        drawn = numbers.draw_gapless_many("posted_assembly_order", len(self.postings))
        for posting, no in zip(self.postings, drawn, strict=True):
            posting.no = no
        demands = self._demands()
        consumed = post_entries(
            [
                _consumption(posting, line, demands.get(line.pk))
                for posting in self.postings
                for line in posting.used_lines
                if line.item is not None and line.item.is_inventoriable
            ],
            balances=balances,
        )
        post_resource_use([use for posting in self.postings for use in _resource_uses(posting)])
        self._work_out_costs()
        return consumed

    def record(self, *, close: bool) -> list[PostedAssembly]:
        """Write the posted documents, and count on the orders what was posted; what they still ask is published.

        `close`: orders of which nothing remains are closed; those made to order stay until they are invoiced.
        """
        for posting in self.postings:
            posting.posted = _posted(posting)
        posted = [posting.posted for posting in self.postings if posting.posted is not None]
        PostedAssembly.objects.bulk_create(posted)
        PostedAssemblyLine.objects.bulk_create(
            _posted_line(p, line) for p in self.postings for line in p.revision.lines
        )
        for posting in self.postings:
            posting.revision.record_posting(qty_to_ship=posting.qty_to_ship)
            if close and not posting.revision.document.remaining_quantity:
                posting.revision.document.move_to(AssemblyStatus.CLOSED)
        storage.store([posting.revision for posting in self.postings])
        return posted

    def _demands(self) -> dict[int, int]:
        """Return the planned movements of lines that have something reserved, by line id."""
        lines = [line.pk for posting in self.postings for line in posting.used_lines]
        return dict(
            PlannedMovement.objects.filter(
                source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id__in=lines, reserved_quantity__gt=0
            ).values_list("source_id", "pk")
        )

    def _work_out_costs(self) -> None:
        """PST-40: the share of this output in the whole cost of its order, resources and overhead included."""
        costings = [_costing(posting) for posting in self.postings]
        OrderCosting.objects.bulk_create(
            costings,
            update_conflicts=True,
            unique_fields=["order_no"],
            update_fields=["indirect_cost_percent", "overhead_rate"],
        )
        costs = load_order_costs(costings)
        outputs = load_output_quantities(costs)
        for posting in self.postings:
            document = posting.revision.document
            if outputs[document.no]:
                self.assembled_before.add(document.no)
            put_out = [*outputs[document.no], document.quantity_to_assemble_base]
            posting.output_cost = _last_share(costs[document.no], put_out)


def _last_share(cost: OrderCost, put_out: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    overhead = cost.overhead(sum(put_out, ZERO))
    return share_out(cost.direct, put_out)[-1], share_out(overhead, put_out)[-1]


def _consumption(posting: AssemblyPosting, line: AssemblyLine, demand_id: int | None) -> EntryPosting:
    document = posting.revision.document
    assert line.item is not None
    return EntryPosting(
        entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION,
        item=line.item,
        variant_code=line.variant_code,
        location_id=line.location_id or "",
        bin_code=line.bin_code,
        quantity=-line.quantity_to_consume_base,
        posting_date=document.posting_date,
        document_type=LedgerDocumentType.POSTED_ASSEMBLY,
        document_no=posting.no,
        document_line_no=line.line_no,
        order_no=document.no,
        order_line_no=line.line_no,
        demand_id=demand_id,
    )


def _resource_uses(posting: AssemblyPosting) -> list[ResourceUse]:
    document = posting.revision.document
    return [
        ResourceUse(
            resource=line.resource,
            item=document.item,
            quantity=line.quantity_to_consume_base,
            unit_cost=line.unit_cost / line.qty_per_unit_of_measure,
            posting_date=document.posting_date,
            document_no=posting.no,
            order_no=document.no,
            order_line_no=line.line_no,
        )
        for line in posting.used_lines
        if line.resource is not None
    ]


def _costing(posting: AssemblyPosting) -> OrderCosting:
    document = posting.revision.document
    return OrderCosting(
        order_no=document.no,
        item_id=document.item_id,
        indirect_cost_percent=document.indirect_cost_percent,
        overhead_rate=document.overhead_rate,
    )


def _posted(posting: AssemblyPosting) -> PostedAssembly:
    document = posting.revision.document
    copied = (
        "item_id variant_code description location_id bin_code unit_of_measure_id qty_per_unit_of_measure posting_date "
        "due_date starting_date ending_date indirect_cost_percent overhead_rate note"
    )
    return PostedAssembly(
        no=posting.no,
        order_no=document.no,
        quantity=document.quantity_to_assemble,
        quantity_base=document.quantity_to_assemble_base,
        assemble_to_order=posting.qty_to_ship is not None,
        **{name: getattr(document, name) for name in copied.split()},
    )


def _posted_line(posting: AssemblyPosting, line: AssemblyLine) -> PostedAssemblyLine:
    copied = (
        "line_no type item_id resource_id variant_code description location_id bin_code unit_of_measure_id "
        "qty_per_unit_of_measure qty_rounding_precision qty_rounding_precision_base quantity_per "
        "resource_usage_type lead_time_offset_days position unit_cost"
    )
    return PostedAssemblyLine(
        posted_assembly=posting.posted,
        quantity=line.quantity_to_consume,
        quantity_base=line.quantity_to_consume_base,
        cost_amount=quantities.cost_amount(quantity=line.quantity_to_consume, unit_cost=line.unit_cost),
        **{name: getattr(line, name) for name in copied.split()},
    )
