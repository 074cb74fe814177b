"""An assembly document and its lines while they are being changed, in memory.

Both the synchronisation with the sales line and the planner's own edits change a document through these
methods, so every rule about what a header field does to the lines stands here once (LNK-61). Nothing is
written here: `assembly.storage.store` writes what differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from assembly import components, quantities
from assembly.dates import LeadTimes, component_due_date
from assembly.exceptions import AlreadyAssembled, BelowAssembledQuantity, DueDateConflict
from assembly.models import (
    AssemblyDocument,
    AssemblyDocumentType,
    AssemblyLine,
    AssemblyLineType,
    AssemblyStatus,
    PostedAssembly,
    PostedAssemblyLine,
)
from backoffice.changes import Snapshot, snapshot
from backoffice.exceptions import Blocked, numbers_of
from inventory.exceptions import QuantityRoundsToZero
from inventory.lookups import BomRow, UnitFacts
from inventory.models import CostingMethod, Item, ItemTracking, ItemVariant, Location, Setup
from inventory.rounding import ZERO, base_quantity, unit_amount


class Revision:
    """Changes of one document. Quantities are in the document's unit; refusals name the field.

    document, lines: new, or held under lock with `item`, `location` and the lines' `item`, `resource` loaded.
    """

    def __init__(self, document: AssemblyDocument, lines: Sequence[AssemblyLine], *, setup: Setup) -> None:
        self.document, self.setup = document, setup
        self.lines = list(lines)
        self.removed: list[AssemblyLine] = []
        self.before: Snapshot = {} if document._state.adding else snapshot(document)
        self.line_befores: dict[int, Snapshot] = {id(line): snapshot(line) for line in lines}
        #: The stored rows, by `id()`, that may have lots or serial numbers.
        self.tracked = {id(line) for line in lines if _is_tracked(line)}
        if not self.is_new and _is_tracked(document):
            self.tracked.add(id(document))

    @property
    def is_new(self) -> bool:
        """Whether the document is not stored yet."""
        return self.document._state.adding

    # -- what ---------------------------------------------------------------------------------------------

    def take_item(self, item: Item, variant: ItemVariant | None, unit: UnitFacts, base_precision: Decimal) -> None:
        """Make the document one for this item. The caller then takes unit, dates and lines anew (LNK-61)."""
        if item.blocked:
            raise Blocked(field="item", what="Item", key=item.no)
        self._require_nothing_assembled("item", "The item")
        document = self.document
        document.item = item
        document.indirect_cost_percent, document.overhead_rate = (
            item.indirect_cost_percent,
            item.overhead_rate,
        )
        document.unit_of_measure_id = unit.code
        document.qty_per_unit_of_measure, document.qty_rounding_precision = unit.factor, unit.precision
        document.qty_rounding_precision_base = base_precision
        self.take_variant(variant)

    def take_variant(self, variant: ItemVariant | None) -> None:
        """Take a variant, or none: name and unit cost anew, the components stay (TRP-09, TRP-43)."""
        if variant is not None and variant.blocked:
            raise Blocked(field="variant", what="Variant", key=variant.code)
        document = self.document
        document.variant_code = variant.code if variant else ""
        document.description = (variant.description if variant else "") or document.item.description
        self.refresh_unit_cost()

    def _require_nothing_assembled(self, field: str, label: str) -> None:
        if self.document.assembled_quantity:
            raise AlreadyAssembled(field=field, field_label=label, quantity=self.document.assembled_quantity)

    # -- where --------------------------------------------------------------------------------------------

    def take_location(self, location: Location) -> None:
        """Move the document and all its item lines; bins and unit cost anew (LNK-61)."""
        self.document.location = location
        for line in self._item_lines():
            line.location = location
            line.bin_code = components.component_bin(location)
        self.refresh_unit_cost()

    # -- unit and quantity --------------------------------------------------------------------------------

    def take_unit(self, unit: UnitFacts) -> None:
        """Count in another unit: the number stays, quantities per and unit cost are rescaled (LNK-61, QTY-30)."""
        self._require_nothing_assembled("unit_of_measure", "The unit of measure")
        document, old_factor = self.document, self.document.qty_per_unit_of_measure
        document.unit_of_measure_id = unit.code
        document.qty_per_unit_of_measure, document.qty_rounding_precision = unit.factor, unit.precision
        for line in self._counted_lines():
            line.quantity_per = quantities.rescaled_quantity_per(
                quantity_per=line.quantity_per,
                old_factor=old_factor,
                new_factor=unit.factor,
                fixed=line.is_fixed,
            )
        self.refresh_unit_cost()

    def take_quantity(self, quantity: Decimal, bom: Sequence[BomRow]) -> None:
        """Assemble another quantity: the lines scale, customised or not (QTY-14).

        From nothing to something the lines come from the bill of materials, to nothing they go (LNK-61).
        """
        document = self.document
        if quantity < document.assembled_quantity:
            raise BelowAssembledQuantity(field="quantity", value=quantity, assembled=document.assembled_quantity)
        from_nothing, document.quantity = not document.quantity, quantity
        with numbers_of("quantity"):
            document.quantity_base = self._base(quantity, field="quantity")
            document.cost_amount = quantities.cost_amount(quantity=quantity, unit_cost=document.unit_cost)
            if not quantity or from_nothing:
                self.replace_lines(bom if quantity else [])
                return
            for line in self._counted_lines():
                components.rescale(line, document)

    def take_quantity_to_assemble(self, quantity: Decimal) -> None:
        """Assemble this much with the next posting; the lines' consumption is proposed anew (QTY-17)."""
        document, started_from_nothing = self.document, not self.document.quantity_to_assemble
        document.quantity_to_assemble = quantity
        document.quantity_to_assemble_base = (
            document.remaining_quantity_base
            if quantity == document.remaining_quantity
            else self._base(quantity, field="quantity_to_assemble")
        )
        for line in self._counted_lines():
            # Fixed usage goes in whole and once; what was entered for it stands while anything is assembled.
            if not line.is_fixed or not quantity or started_from_nothing or self._exceeds(line):
                components.propose_consumption(line, document)

    def default_quantity_to_assemble(self, qty_to_ship: Decimal | None) -> Decimal:
        """QTY-20, BLK-03: what remains; for a linked order or blanket order at most what ships next."""
        remaining = self.document.remaining_quantity
        if qty_to_ship is None or self.document.document_type == AssemblyDocumentType.QUOTE:
            return remaining
        return quantities.default_quantity_to_assemble(qty_to_ship=qty_to_ship, remaining=remaining)

    @staticmethod
    def _exceeds(line: AssemblyLine) -> bool:
        return line.quantity_to_consume > line.remaining_quantity

    def _base(self, quantity: Decimal, *, field: str) -> Decimal:
        """QTY-03: the quantity in base units; something that comes to nothing there is refused (ERR-44)."""
        document = self.document
        base = base_quantity(
            quantity,
            factor=document.qty_per_unit_of_measure,
            precision=document.qty_rounding_precision_base,
        )
        if quantity and not base:
            raise QuantityRoundsToZero(
                field=field,
                quantity=quantity,
                unit_of_measure=document.unit_of_measure_id,
                item=document.item_id,
            )
        return base

    def record_posting(self, *, qty_to_ship: Decimal | None) -> None:
        """Count what was just posted as assembled and consumed, and propose the next posting (QTY-25).

        `qty_to_ship`: the sales line's for the next shipment; None on a document to stock.
        """
        document = self.document
        document.assembled_quantity += document.quantity_to_assemble
        document.assembled_quantity_base += document.quantity_to_assemble_base
        for line in self._counted_lines():
            line.consumed_quantity += line.quantity_to_consume
            line.consumed_quantity_base += line.quantity_to_consume_base
            components.take_consumption(line, ZERO)
        # What was entered for fixed usage is posted: whatever of it remains is proposed with the rest.
        document.quantity_to_assemble = ZERO
        self.take_quantity_to_assemble(self.default_quantity_to_assemble(qty_to_ship))

    def record_undo(
        self, posted: PostedAssembly, used: Sequence[PostedAssemblyLine], *, qty_to_ship: Decimal | None
    ) -> None:
        """Take back what a posting counted as assembled and consumed; it remains to be done again (UND-23).

        `used`: the posted document's lines. `qty_to_ship`: the sales line's; None on a document to stock.
        """
        document, by_no = self.document, {line.line_no: line for line in self.lines}
        document.assembled_quantity -= posted.quantity
        document.assembled_quantity_base -= posted.quantity_base
        for row in used:
            line = by_no[row.line_no]
            line.consumed_quantity -= row.quantity
            line.consumed_quantity_base -= row.quantity_base
        for line in self._counted_lines():
            components.propose_consumption(line, document)
        self.take_quantity_to_assemble(self.default_quantity_to_assemble(qty_to_ship))

    def take_progress(self, assembled: Decimal, assembled_base: Decimal) -> None:
        """Count this much as assembled, and its share of each line as consumed; fixed usage is not (BLK-21)."""
        document = self.document
        if document.assembled_quantity_base == assembled_base:
            return
        before = document.assembled_quantity
        document.assembled_quantity, document.assembled_quantity_base = assembled, assembled_base
        for line in self._counted_lines():
            if not line.is_fixed:
                components.count_progress(line, document, before=before)
        self.take_quantity_to_assemble(min(document.quantity_to_assemble, document.remaining_quantity))

    def bring_back(self, posted: PostedAssembly, used: Sequence[PostedAssemblyLine]) -> None:
        """Open a finished document again, about what was undone and what stays assembled (UND-21).

        Call it after `record_undo`: assembled and consumed are what stays.
        """
        document, by_no = self.document, {row.line_no: row for row in used}
        document.status = AssemblyStatus.OPEN
        document.quantity = posted.quantity + document.assembled_quantity
        document.quantity_base = self._base(document.quantity, field="quantity")
        document.cost_amount = quantities.cost_amount(quantity=document.quantity, unit_cost=document.unit_cost)
        for line in self._counted_lines():
            row = by_no[line.line_no]
            line.quantity = row.quantity + line.consumed_quantity
            line.quantity_base = components.base_of(line, line.quantity)
            line.cost_amount = quantities.cost_amount(quantity=line.quantity, unit_cost=line.unit_cost)
        document.quantity_to_assemble = ZERO
        self.take_quantity_to_assemble(document.remaining_quantity)

    # -- lines --------------------------------------------------------------------------------------------

    def replace_lines(self, bom: Sequence[BomRow]) -> None:
        """Put the bill of materials in place of all lines; what was customised is lost (LNK-63).

        What has been assembled already counts as consumed, at the quantity per of each line (QTY-19).
        """
        self.removed += [line for line in self.lines if not line._state.adding]
        self.lines = [
            components.line_from_bom(row, self.document, line_no=(index + 1) * components.LINE_STEP)
            for index, row in enumerate(bom)
        ]

    def _item_lines(self) -> list[AssemblyLine]:
        return [line for line in self.lines if line.type == AssemblyLineType.ITEM]

    def _counted_lines(self) -> list[AssemblyLine]:
        return [line for line in self.lines if not line.is_text]

    # -- dates --------------------------------------------------------------------------------------------

    def lead_times(self) -> LeadTimes:
        """Return the item's lead times; without a safety lead time of its own the setup's counts."""
        item = self.document.item
        safety = item.safety_lead_time_days
        return LeadTimes(
            assembly=item.lead_time_days,
            safety=self.setup.default_safety_lead_time_days if safety is None else safety,
        )

    def take_due_date(self, due: dt.date) -> None:
        """Be due then: end and start follow, and the components with them (LNK-60)."""
        lead = self.lead_times()
        ending = lead.ending_before(due)
        self.take_dates(starting=lead.starting_before(ending), ending=ending, due=due)

    def take_dates(self, *, starting: dt.date, ending: dt.date, due: dt.date) -> None:
        """Take all three dates, or refuse dates out of order (ERR-12)."""
        if ending > due:
            raise DueDateConflict(
                field="ending_date", detail=f"The ending date {ending} would be after the due date {due}."
            )
        if starting > ending:
            raise DueDateConflict(
                field="starting_date",
                detail=f"The starting date {starting} would be after the ending date {ending}.",
            )
        document = self.document
        moved = document.starting_date != starting
        document.starting_date, document.ending_date, document.due_date = starting, ending, due
        if moved:
            for line in self._item_lines():
                line.due_date = component_due_date(starting=starting, offset_days=line.lead_time_offset_days)

    # -- cost and status ----------------------------------------------------------------------------------

    def refresh_unit_cost(self) -> None:
        """Take the item's cost for one of the document's unit (TRP-43)."""
        item, factor = self.document.item, self.document.qty_per_unit_of_measure
        cost = item.standard_cost if item.costing_method == CostingMethod.STANDARD else item.unit_cost
        self.take_unit_cost(unit_amount(cost * factor))

    def take_unit_cost(self, unit_cost: Decimal) -> None:
        """Take a unit cost; the cost amount follows (QTY-31)."""
        document = self.document
        document.unit_cost = unit_cost
        document.cost_amount = quantities.cost_amount(quantity=document.quantity, unit_cost=unit_cost)

    def rolled_up_cost(self) -> Decimal:
        """Return the cost of all component and resource lines."""
        return sum((line.cost_amount for line in self._counted_lines()), ZERO)

    def reopen_if_released(self) -> None:
        """A change from the sales side opens a released document again (LNK-10.5)."""
        if self.document.status == AssemblyStatus.RELEASED:
            self.document.move_to(AssemblyStatus.OPEN)


def _is_tracked(row: AssemblyDocument | AssemblyLine) -> bool:
    return row.item is not None and row.item.item_tracking != ItemTracking.NONE
