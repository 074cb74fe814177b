"""Post assembly orders to stock. What is assembled to order is posted with its shipment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assembly.models import AssemblyDocumentType, AssemblyStatus, PostedAssembly
from assembly.posting import SERIES, Assembling, AssemblyPosting, check, choose_numbers, refuse_blocked
from assembly.services.documents import open_revision, require_not_linked
from assembly.services.linked import require_releasable
from backoffice import numbers
from backoffice.transactions import act
from inventory.locks import lock_stock
from inventory.models import MovementSource, ValueEntry
from inventory.services.arrivals import Arrival, pass_to_stock
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import PostedEntry, post_entries
from inventory.services.planning import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedOrder:
    """What a posting made: the posted document, its item ledger entries in posting order, corrections of costs."""

    document: PostedAssembly
    entries: list[PostedEntry]
    adjustments: list[ValueEntry]


@act
def post_assembly_order(
    *, no: str, posting_date: dt.date | None = None, expected_rev: int | None = None
) -> PostedOrder:
    """Assemble to stock: consume the lines' quantity to consume, put out the quantity to assemble (PST-01).

    The order is released by it; once assembled in full it is closed (EDT-22). Date: the order's unless given.
    Raises: StaleRevision, DocumentClosed, LinkedToSalesOrder, NothingToRelease, NothingToPost, Blocked,
    NotEnoughInventory, TrackingRequired. Locks: the document, its lines, all stock balances, the number series.
    """
    revision, link = open_revision(AssemblyDocumentType.ORDER, no, expected_rev)
    document = revision.document
    require_not_linked(document, link)
    if posting_date is not None:
        document.posting_date = posting_date
    posting = AssemblyPosting(revision=revision)
    check(posting)
    refuse_blocked([posting])
    choose_numbers([posting])
    if document.status == AssemblyStatus.OPEN:
        require_releasable([document])
        document.move_to(AssemblyStatus.RELEASED)
    assembling = Assembling([posting])
    balances = lock_stock(assembling.stock_keys)
    assembling.start(numbers.draw_gapless_each(assembling.series)[SERIES])
    entries = post_entries(posting.entries(), balances=balances)
    pass_to_stock(
        [
            Arrival(source_kind=MovementSource.ASSEMBLY_ORDER, source_id=document.pk, entry=row.entry)
            for row in entries[-len(posting.put_out) :]
        ]
    )
    publish(assembling.record(close=True))
    adjustments = adjust_costs(orders=assembling.assembled_before, entries=entries)
    assert posting.posted is not None
    return PostedOrder(document=posting.posted, entries=entries, adjustments=adjustments)
