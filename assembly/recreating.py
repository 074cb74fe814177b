"""An assembly order that was deleted, made anew from what was posted of it, so that an undo can go back to it (UND-21).

It is made as it would stand had it been posted in full and closed: the undo then takes its posting back and opens it,
as it does with an order that is still there. Nothing is written here but the lots and serial numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from assembly.dates import component_due_date
from assembly.models import (
    AssemblyDocument,
    AssemblyDocumentType,
    AssemblyLine,
    AssemblyStatus,
    PostedAssembly,
    PostedAssemblyLine,
)
from assembly.revision import Revision
from inventory.lookups import load_items
from inventory.models import ItemLedgerEntry, ItemTracking, LedgerEntryType, Setup, TrackedSource
from inventory.rounding import ZERO
from inventory.services.reversing import entries_of
from inventory.services.tracking import Number, restore

#: What makes two posted lines of one number the same line of their order.
_OF_KIND = ("type", "item_id", "resource_id", "variant_code", "unit_of_measure_id")


def recreated(undone: PostedAssembly, *, setup: Setup) -> Revision:
    """Return the order of the posting that is about to be undone: its header and lines, and all that is posted of it.

    Not stored. Unit cost and precisions are the item's of today: a posted document does not keep them. What another
    posting used in place of a line does not count as that line's. Five statements.
    """
    postings = _postings_of(undone.order_no)
    (origin,) = (posting for posting in postings if posting.pk == undone.pk)
    document = _header(origin, postings)
    used = [line for posting in postings for line in posting.lines.all()]
    lines = [_line(line, document, used) for line in sorted(origin.lines.all(), key=lambda row: row.line_no)]
    revision = Revision(document, lines, setup=setup)
    revision.refresh_unit_cost()
    return revision


def _postings_of(order_no: str) -> list[PostedAssembly]:
    """Return what stays posted of the order, what is about to be undone included."""
    postings = PostedAssembly.objects.filter(order_no=order_no, reversed=False)
    return list(postings.select_related("location").prefetch_related("lines__item", "lines__location"))


def _header(origin: PostedAssembly, postings: Sequence[PostedAssembly]) -> AssemblyDocument:
    facts = load_items([origin.item_id])[origin.item_id]
    unit = facts.units.get(origin.unit_of_measure_id)
    assembled = sum((posting.quantity for posting in postings), ZERO)
    assembled_base = sum((posting.quantity_base for posting in postings), ZERO)
    document = AssemblyDocument(
        document_type=AssemblyDocumentType.ORDER,
        no=origin.order_no,
        status=AssemblyStatus.CLOSED,
        quantity=assembled,
        quantity_base=assembled_base,
        assembled_quantity=assembled,
        assembled_quantity_base=assembled_base,
        qty_rounding_precision=unit.precision if unit else ZERO,
        qty_rounding_precision_base=facts.base_precision,
        **{name: getattr(origin, name) for name in PostedAssembly.REPEATED.split()},
    )
    document.item, document.location = facts.item, origin.location
    return document


def _line(line: PostedAssemblyLine, document: AssemblyDocument, used: Sequence[PostedAssemblyLine]) -> AssemblyLine:
    consumed, consumed_base = _consumed(line, used)
    made = AssemblyLine(
        document=document,
        quantity=consumed,
        quantity_base=consumed_base,
        consumed_quantity=consumed,
        consumed_quantity_base=consumed_base,
        **{name: getattr(line, name) for name in PostedAssemblyLine.REPEATED.split()},
    )
    made.item, made.location = line.item, line.location
    if line.item is not None:
        made.reserve = line.item.reserve
        made.due_date = component_due_date(starting=document.starting_date, offset_days=line.lead_time_offset_days)
    return made


def _consumed(line: PostedAssemblyLine, used: Sequence[PostedAssemblyLine]) -> tuple[Decimal, Decimal]:
    same = [row for row in used if row.line_no == line.line_no and _kind(row) == _kind(line)]
    return sum((row.quantity for row in same), ZERO), sum((row.quantity_base for row in same), ZERO)


def _kind(line: PostedAssemblyLine) -> tuple[object, ...]:
    return tuple(getattr(line, name) for name in _OF_KIND)


def restore_numbers(revision: Revision, undone: Sequence[ItemLedgerEntry]) -> None:
    """Assign the order's lots and serial numbers again: what stays posted of them, and what was undone to do again.

    Call it when the order is stored and its entries are reversed. Three statements, none where nothing is tracked.
    """
    items = [revision.document.item, *(line.item for line in revision.lines)]
    if all(item is None or item.item_tracking == ItemTracking.NONE for item in items):
        return
    stay = PostedAssembly.objects.filter(order_no=revision.document.no, reversed=False).values_list("no", flat=True)
    counted: defaultdict[Number, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for place, entries in enumerate((list(entries_of(list(stay))), undone)):
        for entry in entries:
            number = _number_of(entry, revision)
            if number is not None:
                counted[number][place] += abs(entry.quantity)
    restore(counted)


def _number_of(entry: ItemLedgerEntry, revision: Revision) -> Number | None:
    if not (entry.lot_no or entry.serial_no):
        return None
    if entry.entry_type == LedgerEntryType.ASSEMBLY_OUTPUT:
        return TrackedSource.ASSEMBLY_DOCUMENT, revision.document.pk, entry.lot_no, entry.serial_no
    for line in revision.lines:
        if (line.line_no, line.item_id) == (entry.order_line_no, entry.item_id):
            return TrackedSource.ASSEMBLY_LINE, line.pk, entry.lot_no, entry.serial_no
    return None
