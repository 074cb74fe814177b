"""Hand a customised assembly document on to the sales line that was made from its own (BLK-11, BLK-15, LNK-46).

The bill of materials is not read again: components, texts and quantities per are copied as they stand, and scaled to
what the new line assembles. Only where a blanket order's document has no lines does the bill of materials fill the
new one (BLK-12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assembly import components
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyLine
from assembly.revision import Revision
from backoffice.changes import snapshot
from inventory.models import ItemTracking, TrackedSource
from inventory.rounding import ZERO
from inventory.services import tracking
from inventory.services.trimming import trim
from sales.signals import HandingOn

#: What starts anew on a copied line.
_STARTS_ANEW = ("consumed_quantity", "consumed_quantity_base", "qty_picked")
#: What a document hands on beside its lines.
_HEADER = ("description", "note", "indirect_cost_percent", "overhead_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """A document that is handed on, with its lines in line order."""

    document: AssemblyDocument
    lines: Sequence[AssemblyLine]
    recalculate_costs: bool
    #: The copies that were made, each with what it is a copy of.
    copies: list[tuple[AssemblyLine, AssemblyLine]] = field(default_factory=list)

    def hand_on(self, revision: Revision) -> None:
        """Put copies of the lines in place of the new document's, scaled to its quantity."""
        for name in _HEADER:
            setattr(revision.document, name, getattr(self.document, name))
        if self.lines or self.document.document_type != AssemblyDocumentType.BLANKET_ORDER:
            revision.lines = [self._copy(line, revision.document) for line in self.lines]
            self.copies.extend(zip(revision.lines, self.lines, strict=True))

    def _copy(self, line: AssemblyLine, document: AssemblyDocument) -> AssemblyLine:
        values = {name: value for name, value in snapshot(line).items() if name not in ("id", "document_id")}
        copy = AssemblyLine(document=document, **values)
        copy.item, copy.resource = line.item, line.resource
        for name in _STARTS_ANEW:
            setattr(copy, name, ZERO)
        if copy.item_id is not None:
            copy.location = document.location
            copy.bin_code = components.component_bin(document.location) if copy.bin_code else ""
            copy.due_date = components.due_date_of(copy, document)
        if self.recalculate_costs and not copy.is_text:
            components.refresh_cost(copy)
        components.rescale(copy, document)
        return copy


def hand_on_numbers(handed_on: Iterable[HandedOn]) -> None:
    """Give stored copies of tracked components the lots and serial numbers of their originals (BLK-11).

    A copy for less takes as many as it is for, those that were entered first.
    """
    copies = {
        copy: original
        for source in handed_on
        for copy, original in source.copies
        if original.item is not None and original.item.item_tracking != ItemTracking.NONE
    }
    tracking.copy(TrackedSource.ASSEMBLY_LINE, {copy.pk: original.pk for copy, original in copies.items()})
    shrunk = {copy.pk: copy.quantity_base for copy, of in copies.items() if copy.quantity_base < of.quantity_base}
    trim(TrackedSource.ASSEMBLY_LINE, shrunk)


def load_handed_on(handing_on: HandingOn | None) -> dict[int, HandedOn]:
    """Return what is handed on, by the id of the new line. Two statements; none where nothing is."""
    if handing_on is None or not handing_on.sources:
        return {}
    links = {
        link.sales_line_id: link.assembly
        for link in AssembleToOrderLink.objects.filter(sales_line__in=handing_on.sources.values()).select_related(
            "assembly"
        )
    }
    rows = (
        AssemblyLine.objects.filter(document__in=[document.pk for document in links.values()])
        .select_related("item", "resource")
        .order_by("line_no")
    )
    lines: defaultdict[int, list[AssemblyLine]] = defaultdict(list)
    for row in rows:
        lines[row.document_id].append(row)
    return {
        new: HandedOn(
            document=links[source],
            lines=lines[links[source].pk],
            recalculate_costs=handing_on.recalculate_costs,
        )
        for new, source in handing_on.sources.items()
        if source in links
    }
