"""An assembly document's header while a planner's values are applied to it, in memory.

Who may change what when is the matrix of section 4.1: what the sales line decides is locked on a linked
document, most is locked on a released one. Every refusal names its field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assembly import exceptions, quantities
from assembly.models import AssembleToOrderLink, AssemblyDocumentType, AssemblyStatus
from assembly.revision import Revision
from backoffice.exceptions import Invalid, NotFound, Required
from inventory.lookups import BomRow, ItemFacts
from inventory.models import CostingMethod, Location, MovementSource, PlannedMovement
from inventory.rounding import QUANTITY_PRECISION, ZERO, fits

#: What the sales line decides on a linked document (EDT-02), with the words for it.
LOCKED_BY_LINK: Mapping[str, str] = {
    "item": "The item",
    "variant": "The variant",
    "location": "The location",
    "bin": "The bin",
    "unit_of_measure": "The unit of measure",
    "quantity": "The quantity",
    "due_date": "The due date",
}
#: What needs the document open.
LOCKED_WHEN_RELEASED = frozenset({*LOCKED_BY_LINK, "starting_date", "ending_date"})
_DATES = frozenset({"due_date", "starting_date", "ending_date"})
#: What the edit of another field sets anew: what the same request states of these stands over that (LNK-32).
_FOLLOWING = frozenset({"quantity_to_assemble", "bin", "description", "unit_cost"})
#: What another item brings along.
_FOLLOWING_ITEM = frozenset({"variant", "unit_of_measure"})
#: What reserved goods hold fast (RES-12).
LOCKED_WHEN_RESERVED = ("item", "variant", "location")


@dataclass(slots=True, kw_only=True)
class HeaderMasters:
    """What the values refer to."""

    items: dict[str, ItemFacts] = field(default_factory=dict)
    bom: Sequence[BomRow] = ()
    locations: dict[str, Location] = field(default_factory=dict)
    #: The locations that have a bin of the code asked for.
    bins: set[str] = field(default_factory=set)

    def item(self, no: str) -> ItemFacts:
        """Return an item that can be assembled, or refuse with not_found or invalid."""
        if no not in self.items:
            raise NotFound(field="item", what="Item", key=no)
        if not self.items[no].item.is_inventoriable:
            raise Invalid(field="item", detail=f"{no} is not kept in inventory and cannot be assembled.")
        return self.items[no]

    def location(self, code: str) -> Location:
        """Return a location, or refuse with not_found."""
        if code not in self.locations:
            raise NotFound(field="location", what="Location", key=code)
        return self.locations[code]


class HeaderEntry:
    """Applies header values to a revision."""

    def __init__(self, revision: Revision, *, masters: HeaderMasters, link: AssembleToOrderLink | None) -> None:
        self.revision, self.masters, self.link = revision, masters, link
        self.document = revision.document

    def apply(self, values: Mapping[str, Any]) -> None:
        """Apply the values: what, where, which unit, when, how much, what next, cost and words."""
        changes = self._drop_unchanged(values)
        self._require_allowed(changes)
        self._add_stated(changes, values)
        self._enter_what(changes)
        self._enter_where(changes)
        self._enter_unit(changes)
        self._enter_dates(changes)
        self._enter_quantity(changes)
        self._enter_quantity_to_assemble(changes)
        self._enter_posting_date(changes)
        self._enter_costs(changes)
        for name in ("description", "note"):
            if name in changes:
                setattr(self.document, name, changes[name])

    # -- may it be changed --------------------------------------------------------------------------------

    def _drop_unchanged(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if self.revision.is_new:
            return dict(values)
        names = {"item": "item_id", "variant": "variant_code", "location": "location_id"}
        names |= {"bin": "bin_code", "unit_of_measure": "unit_of_measure_id"}
        return {name: value for name, value in values.items() if getattr(self.document, names.get(name, name)) != value}

    @staticmethod
    def _add_stated(changes: dict[str, Any], values: Mapping[str, Any]) -> None:
        """Take back in what another field of the request would change without having been asked to (LNK-32)."""
        following = _FOLLOWING if changes else frozenset()
        if changes.keys() & _DATES:
            following |= _DATES
        if "item" in changes:
            following |= _FOLLOWING_ITEM
        changes.update({name: values[name] for name in following if name in values})

    def _require_allowed(self, changes: Mapping[str, Any]) -> None:
        if self.revision.is_new:
            return
        for name in changes:
            if self.link is not None and name in LOCKED_BY_LINK:
                raise exceptions.FieldLockedByLink(
                    field=name, field_label=LOCKED_BY_LINK[name], document=self.document.no
                )
            if self.document.status == AssemblyStatus.RELEASED and name in LOCKED_WHEN_RELEASED:
                raise exceptions.DocumentReleased(field=name, document=self.document.no)
        held = next((name for name in LOCKED_WHEN_RESERVED if name in changes), None)
        if held is not None:
            self._require_unreserved(held)

    def _require_unreserved(self, name: str) -> None:
        movement = PlannedMovement.objects.filter(
            source_kind=MovementSource.ASSEMBLY_ORDER, source_id=self.document.pk, reserved_quantity__gt=0
        ).first()
        if movement is not None:
            raise exceptions.Reserved(field=name, reserved=movement.reserved_quantity)

    # -- what, where, unit --------------------------------------------------------------------------------

    def _enter_what(self, changes: Mapping[str, Any]) -> None:
        if "item" in changes:
            if not changes["item"]:
                raise Required(field="item")
            self._enter_item(changes)
        elif "variant" in changes:
            facts = self.masters.item(self.document.item_id)
            self.revision.take_variant(facts.variant(changes["variant"] or ""))

    def _enter_item(self, changes: Mapping[str, Any]) -> None:
        revision, facts = self.revision, self.masters.item(changes["item"])
        variant = facts.variant(changes.get("variant") or "")
        unit = facts.unit(changes.get("unit_of_measure") or facts.item.base_unit_of_measure_id)
        stored = not revision.is_new
        if stored and self.document.quantity:
            self._check_quantity(self.document.quantity, "quantity", precision=unit.precision)
        revision.take_item(facts.item, variant, unit, facts.base_precision)
        if stored:
            revision.take_due_date(self.document.due_date)
            quantity, self.document.quantity = self.document.quantity, ZERO
            revision.take_quantity(quantity, self.masters.bom)
            revision.take_quantity_to_assemble(self._default_quantity_to_assemble())

    def _enter_where(self, changes: Mapping[str, Any]) -> None:
        if "location" in changes:
            if not changes["location"]:
                raise Required(field="location")
            location = self.masters.location(changes["location"])
            self.revision.take_location(location)
            # WHS-01: the goods come out at the from-assembly bin, else at the default bin.
            self.document.bin_code = (
                (location.from_assembly_bin or location.default_bin) if location.bin_mandatory else ""
            )
        if "bin" in changes:
            if changes["bin"] and self.document.location_id not in self.masters.bins:
                raise NotFound(field="bin", what=f"Bin at location {self.document.location_id}", key=changes["bin"])
            self.document.bin_code = changes["bin"] or ""

    def _enter_unit(self, changes: Mapping[str, Any]) -> None:
        if "unit_of_measure" not in changes or "item" in changes:
            return
        unit = self.masters.item(self.document.item_id).unit(changes["unit_of_measure"] or "")
        quantity = changes.get("quantity", self.document.quantity)
        self.revision.take_unit(unit)
        self._take_quantity(quantity)

    # -- dates --------------------------------------------------------------------------------------------

    def _enter_dates(self, changes: Mapping[str, Any]) -> None:
        """LNK-60: whichever date is moved, the others follow; a linked document's due date stays."""
        for name in ("due_date", "ending_date", "starting_date"):
            if name in changes and changes[name] is None:
                raise Required(field=name)
        if "due_date" in changes:
            self.revision.take_due_date(changes["due_date"])
        if "ending_date" in changes and "starting_date" in changes:
            self._take_dates(changes["starting_date"], changes["ending_date"], changes)
        elif "ending_date" in changes:
            ending = changes["ending_date"]
            self._take_dates(self.revision.lead_times().starting_before(ending), ending, changes)
        elif "starting_date" in changes:
            starting = changes["starting_date"]
            self._take_dates(starting, self.revision.lead_times().ending_after(starting), changes)

    def _take_dates(self, starting: dt.date, ending: dt.date, changes: Mapping[str, Any]) -> None:
        fixed = self.link is not None or "due_date" in changes
        due = self.document.due_date if fixed else self.revision.lead_times().due_after(ending)
        self.revision.take_dates(starting=starting, ending=ending, due=due)

    # -- quantities ---------------------------------------------------------------------------------------

    def _enter_quantity(self, changes: Mapping[str, Any]) -> None:
        if "quantity" in changes and not (
            "unit_of_measure" in changes and not self.revision.is_new and "item" not in changes
        ):
            self._take_quantity(changes["quantity"])

    def _take_quantity(self, quantity: Decimal) -> None:
        self._check_quantity(quantity, "quantity", precision=self.document.qty_rounding_precision)
        self.revision.take_quantity(quantity, self.masters.bom)
        self.revision.take_quantity_to_assemble(self._default_quantity_to_assemble())

    def _default_quantity_to_assemble(self) -> Decimal:
        return self.revision.default_quantity_to_assemble(None)

    def _enter_quantity_to_assemble(self, changes: Mapping[str, Any]) -> None:
        if "quantity_to_assemble" not in changes:
            return
        typed, remaining = changes["quantity_to_assemble"], self.document.remaining_quantity
        if typed == self.document.quantity_to_assemble and not self.revision.is_new:
            return  # its bounds are asked for a new value alone (QTY-22)
        self._check_quantity(typed, "quantity_to_assemble", precision=self.document.qty_rounding_precision)
        if self.link is not None:
            self._require_within_bounds(typed)
        elif typed > remaining:
            raise exceptions.ExceedsRemainingQuantity(field="quantity_to_assemble", value=typed, remaining=remaining)
        self.revision.take_quantity_to_assemble(typed)

    def _require_within_bounds(self, typed: Decimal) -> None:
        """QTY-22: what ships next must come first from assembly. A quote is for the whole, nothing else (BLK-03)."""
        assert self.link is not None
        line, remaining = self.link.sales_line, self.document.remaining_quantity
        if self.document.document_type == AssemblyDocumentType.QUOTE:
            raise exceptions.QuantityToAssembleOutOfRange(
                field="quantity_to_assemble", minimum=remaining, maximum=remaining
            )
        low = quantities.min_quantity_to_assemble(
            qty_to_ship=line.qty_to_ship, outstanding=line.outstanding_quantity, remaining=remaining
        )
        high = quantities.max_quantity_to_assemble(qty_to_ship=line.qty_to_ship, remaining=remaining)
        if not low <= typed <= high:
            raise exceptions.QuantityToAssembleOutOfRange(field="quantity_to_assemble", minimum=low, maximum=high)

    @staticmethod
    def _check_quantity(quantity: Decimal | None, name: str, *, precision: Decimal) -> None:
        """QTY-02, ERR-44: a quantity is not negative and fits its unit's precision."""
        if quantity is None:
            raise Required(field=name)
        if quantity < ZERO:
            raise Invalid(field=name, detail="A quantity cannot be negative.")
        if not fits(quantity, precision):
            shown = (precision or QUANTITY_PRECISION).normalize()
            raise Invalid(field=name, detail=f"The quantity must be a multiple of {shown:f}.")

    # -- posting date and costs ---------------------------------------------------------------------------

    def _enter_posting_date(self, changes: Mapping[str, Any]) -> None:
        if "posting_date" not in changes:
            return
        date = changes["posting_date"]
        if date is None:
            raise Required(field="posting_date")
        if self.link is not None and date > self.link.sales_line.document.posting_date:
            raise exceptions.PostingDateAfterSalesOrder(
                field="posting_date",
                latest=self.link.sales_line.document.posting_date,
                sales_document=self.link.sales_line.document.no,
            )
        self.document.posting_date = date

    def _enter_costs(self, changes: Mapping[str, Any]) -> None:
        for name in ("unit_cost", "indirect_cost_percent", "overhead_rate"):
            if name in changes and (changes[name] is None or changes[name] < ZERO):
                raise Invalid(field=name, detail="This cannot be negative or empty.")
        if "unit_cost" in changes and changes["unit_cost"] != self.document.unit_cost:
            if self.document.item.costing_method == CostingMethod.STANDARD:
                raise Invalid(
                    field="unit_cost",
                    detail=f"{self.document.item_id} has a standard cost; nothing else is accepted.",
                )
            self.revision.take_unit_cost(changes["unit_cost"])
        for name in ("indirect_cost_percent", "overhead_rate"):
            if name in changes:
                setattr(self.document, name, changes[name])
