"""What undoing posted assembly orders does, for one or many of them in one transaction (UND-03, UND-20 to UND-23).

Undoing an order to stock and undoing a shipment go through the same steps: `Undoing.check`, then the ledger
postings of `Undoing.reversals` with whatever else the caller posts, then `Undoing.record`. The caller owns the
transaction, the locks and the order of the entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assembly import storage
from assembly.exceptions import AlreadyReversed, LinesChanged
from assembly.models import AssemblyStatus, PostedAssembly, PostedAssemblyLine
from assembly.recreating import restore_numbers
from assembly.revision import Revision
from inventory.locks import StockKey
from inventory.models import ItemLedgerEntry, LedgerEntryType, TrackedSource
from inventory.services import tracking
from inventory.services.ledger import EntryPosting
from inventory.services.order_costs import take_back_non_inventory_costs
from inventory.services.reversing import bins_of, entries_of, reversal, reverse_resource_use
from inventory.services.tracking import Portion


@dataclass(slots=True, kw_only=True)
class AssemblyUndo:
    """One posted document on its way back.

    revision: the order that it came from; one that was deleted is made anew where it is to come back, else None.
    """

    posted: PostedAssembly
    lines: Sequence[PostedAssemblyLine]
    revision: Revision | None
    qty_to_ship: Decimal | None = None
    recreate: bool = False
    entries: list[ItemLedgerEntry] = field(default_factory=list)

    @property
    def outputs(self) -> list[ItemLedgerEntry]:
        """What it put out."""
        return [entry for entry in self.entries if entry.entry_type == LedgerEntryType.ASSEMBLY_OUTPUT]


class Undoing:
    """The undoing of posted assembly orders in one transaction. Statements do not grow with their number."""

    def __init__(self, undos: Sequence[AssemblyUndo]) -> None:
        self.undos = undos
        self._load()

    def _load(self) -> None:
        by_document: defaultdict[str, list[ItemLedgerEntry]] = defaultdict(list)
        for entry in entries_of([undo.posted.no for undo in self.undos]):
            by_document[entry.document_no].append(entry)
        for undo in self.undos:
            undo.entries = by_document[undo.posted.no]
        self._bins = bins_of([entry for undo in self.undos for entry in undo.entries])

    @property
    def stock_keys(self) -> set[StockKey]:
        """The stock balances that all of them move."""
        return {
            StockKey(entry.item_id, entry.variant_code, entry.location_id)
            for undo in self.undos
            for entry in undo.entries
            if entry.item.is_inventoriable
        }

    def check(self) -> None:
        """Refuse what has been undone already, or cannot go back to an order that is not what it was (UND-20).

        Raises: AlreadyReversed, LinesChanged.
        """
        for undo in self.undos:
            if undo.posted.reversed:
                raise AlreadyReversed(document=undo.posted.no)
            if undo.revision is not None:
                _require_same_shape(undo, undo.revision)

    def reversals(self, undo: AssemblyUndo, sold: Mapping[int, int] | None = None) -> list[EntryPosting]:
        """Return the ledger postings that take one back: the output first, then the components in line order.

        `sold`: for outputs that were sold, by entry number the place in the batch of the posting that brings them
        back (TRP-22).
        """
        postings = [self._reversal(entry, (sold or {}).get(entry.entry_no)) for entry in undo.outputs]
        used = [entry for entry in undo.entries if entry.entry_type == LedgerEntryType.ASSEMBLY_CONSUMPTION]
        return postings + [self._reversal(entry, None) for entry in sorted(used, key=lambda row: row.order_line_no)]

    def _reversal(self, entry: ItemLedgerEntry, place: int | None) -> EntryPosting:
        return reversal(entry, bin_code=self._bins.get(entry.entry_no, ""), applies_to_posting=place)

    def record(self) -> None:
        """Reverse the use of resources, mark the posted documents, and count on their orders what is to do again."""
        numbers = [undo.posted.no for undo in self.undos]
        reverse_resource_use(numbers)
        self._take_costs_back()
        PostedAssembly.objects.filter(no__in=numbers).update(reversed=True)
        for undo in self.undos:
            if undo.revision is not None:
                was_closed = undo.revision.document.status == AssemblyStatus.CLOSED
                undo.revision.record_undo(undo.posted, undo.lines, qty_to_ship=undo.qty_to_ship)
                if was_closed and undo.recreate:
                    undo.revision.bring_back(undo.posted, undo.lines)
        self._take_numbers_back()
        anew = [undo for undo in self.undos if undo.revision is not None and undo.revision.is_new]
        storage.store([undo.revision for undo in self.undos if undo.revision is not None])
        for undo in anew:
            assert undo.revision is not None
            restore_numbers(undo.revision, undo.entries)

    def _take_costs_back(self) -> None:
        """Take off the orders' cost what they used that is not kept in inventory: its entries carry no value."""
        undone: defaultdict[str, Decimal] = defaultdict(Decimal)
        for undo in self.undos:
            stocked = {entry.order_line_no for entry in undo.entries if entry.item.is_inventoriable}
            used = [line for line in undo.lines if line.item_id is not None and line.line_no not in stocked]
            undone[undo.posted.order_no] += sum((line.cost_amount for line in used), Decimal())
        take_back_non_inventory_costs(undone)

    def _take_numbers_back(self) -> None:
        """Count the lots and serial numbers as not handled again, on the orders that are still there (UND-03)."""
        portions = []
        for kind, entries_by_source in self._tracked_entries().items():
            lines = tracking.load(kind, list(entries_by_source))
            for source_id, entries in entries_by_source.items():
                by_number = {(line.lot_no, line.serial_no): line for line in lines.get(source_id, [])}
                portions += [
                    Portion(quantity=abs(entry.quantity), line=by_number.get((entry.lot_no, entry.serial_no)))
                    for entry in entries
                ]
        tracking.count_handled(portions, undone=True)

    def _tracked_entries(self) -> dict[TrackedSource, dict[int, list[ItemLedgerEntry]]]:
        """Return the entries with lots or serial numbers by the document rows that they were posted from."""
        found: dict[TrackedSource, dict[int, list[ItemLedgerEntry]]] = {
            TrackedSource.ASSEMBLY_DOCUMENT: {},
            TrackedSource.ASSEMBLY_LINE: {},
        }
        for undo in self.undos:
            if undo.revision is None or undo.revision.is_new:
                continue
            line_ids = {line.line_no: line.pk for line in undo.revision.lines}
            for entry in undo.entries:
                if not (entry.lot_no or entry.serial_no):
                    continue
                if entry.entry_type == LedgerEntryType.ASSEMBLY_OUTPUT:
                    rows, source_id = found[TrackedSource.ASSEMBLY_DOCUMENT], undo.revision.document.pk
                else:
                    rows, source_id = found[TrackedSource.ASSEMBLY_LINE], line_ids[entry.order_line_no]
                rows.setdefault(source_id, []).append(entry)
        return found


def _require_same_shape(undo: AssemblyUndo, revision: Revision) -> None:
    document, posted = revision.document, undo.posted
    shape = ("variant_code", "location_id", "bin_code")
    if any(getattr(document, name) != getattr(posted, name) for name in shape):
        raise LinesChanged(
            order=document.no, document=posted.no, detail="variant, location or bin is not the same any more."
        )
    of_line = ("type", "item_id", "resource_id", "variant_code", "location_id", "bin_code")
    now = [tuple(getattr(line, name) for name in of_line) for line in revision.lines]
    then = [tuple(getattr(line, name) for name in of_line) for line in undo.lines]
    if now != then:
        raise LinesChanged(
            order=document.no, document=posted.no, detail="its lines are not the same any more, in number or kind."
        )
