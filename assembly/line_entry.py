"""One assembly line while a planner's values are applied to it, in memory.

Lines are equally editable on linked documents and others: that is how a kit is customised. Texts are free
at any time, the rest mostly while the document is open (EDT section 4.2). Every refusal names its field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assembly import components, exceptions, quantities
from assembly.dates import component_due_date
from assembly.models import AssemblyDocument, AssemblyLine, AssemblyLineType, AssemblyStatus
from backoffice.exceptions import Blocked, Invalid, NotFound, Required, numbers_of
from inventory.exceptions import QuantityRoundsToZero
from inventory.lookups import ItemFacts
from inventory.models import (
    CostingMethod,
    ItemType,
    Location,
    MovementSource,
    PlannedMovement,
    Resource,
    ResourceUsage,
)
from inventory.rounding import QUANTITY_PRECISION, ZERO, fits

#: What may change on a released document (EDT section 4.2).
FREE_WHEN_RELEASED = frozenset({"quantity_to_consume", "resource_usage_type", "unit_cost", "description", "position"})
#: What the edit of another field sets anew: what the same request states of these stands over that (LNK-32).
_FOLLOWING = frozenset({"quantity_to_consume", "unit_cost", "description", "bin", "due_date"})
#: What another component brings along.
_FOLLOWING_COMPONENT = frozenset({"no", "variant", "unit_of_measure", "location", "resource_usage_type"})
#: What reserved goods hold fast (RES-12).
LOCKED_WHEN_RESERVED = ("type", "no", "variant", "location")


@dataclass(slots=True, kw_only=True)
class LineMasters:
    """What the values refer to."""

    items: dict[str, ItemFacts] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    #: The locations that have a bin of the code asked for.
    bins: set[str] = field(default_factory=set)

    def item(self, no: str) -> ItemFacts:
        """Return an item that can be a component, or refuse with not_found or invalid (DM-13)."""
        if no not in self.items:
            raise NotFound(field="no", what="Item", key=no)
        if self.items[no].item.type == ItemType.SERVICE:
            raise Invalid(field="no", detail=f"{no} is a service and cannot be a component.")
        return self.items[no]


class LineEntry:
    """Applies values to one line, new or held under lock."""

    def __init__(self, line: AssemblyLine, *, document: AssemblyDocument, masters: LineMasters) -> None:
        self.line, self.document, self.masters = line, document, masters
        self.is_new = line._state.adding

    def apply(self, values: Mapping[str, Any]) -> None:
        """Apply the values: what, where, when, which unit, how much, what next, cost and words."""
        changes = self._drop_unchanged(values)
        self._require_allowed(changes)
        self._add_stated(changes, values)
        self._enter_what(changes)
        self._refuse_on_text(changes)
        self._enter_where(changes)
        self._enter_when(changes)
        self._enter_unit(changes)
        self._enter_quantity_per(changes)
        self._enter_consumption(changes)
        self._enter_cost(changes)
        for name in ("description", "position"):
            if name in changes:
                setattr(self.line, name, changes[name] or "")

    # -- may it be changed --------------------------------------------------------------------------------

    def _drop_unchanged(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if self.is_new:
            return dict(values)
        names = {"variant": "variant_code", "location": "location_id", "bin": "bin_code"}
        names |= {"unit_of_measure": "unit_of_measure_id"}
        return {name: value for name, value in values.items() if getattr(self.line, names.get(name, name)) != value}

    @staticmethod
    def _add_stated(changes: dict[str, Any], values: Mapping[str, Any]) -> None:
        """Take back in what another field of the request would change without having been asked to (LNK-32)."""
        following = _FOLLOWING if changes else frozenset()
        if changes.keys() & {"no", "type"}:
            following |= _FOLLOWING_COMPONENT
        changes.update({name: values[name] for name in following if name in values})

    def _require_allowed(self, changes: Mapping[str, Any]) -> None:
        becomes = changes.get("type", self.line.type)
        if becomes == AssemblyLineType.TEXT and (self.is_new or self.line.is_text):
            return
        if self.document.status == AssemblyStatus.RELEASED and (self.is_new or changes.keys() - FREE_WHEN_RELEASED):
            raise exceptions.DocumentReleased(document=self.document.no)
        if self.is_new:
            return
        if changes.keys() & {"type", "no", "variant"} and self.line.consumed_quantity:
            raise exceptions.AlreadyAssembled(field_label="The component", quantity=self.line.consumed_quantity)
        held = next((name for name in LOCKED_WHEN_RESERVED if name in changes), None)
        if held is not None:
            self._require_unreserved(held)

    def _require_unreserved(self, name: str) -> None:
        movement = PlannedMovement.objects.filter(
            source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id=self.line.pk, reserved_quantity__gt=0
        ).first()
        if movement is not None:
            raise exceptions.Reserved(field=name, reserved=movement.reserved_quantity)

    # -- what ---------------------------------------------------------------------------------------------

    def _enter_what(self, changes: Mapping[str, Any]) -> None:
        line = self.line
        if self.is_new or "type" in changes or "no" in changes:
            line.type = changes.get("type", line.type or AssemblyLineType.ITEM)
            no = changes.get("no", "")
            if line.type == AssemblyLineType.TEXT:
                self._become_text(no)
            elif not no:
                raise Required(field="no")
            elif line.type == AssemblyLineType.ITEM:
                facts = self.masters.item(no)
                # The offset was the former component's: this one is due when assembly starts.
                line.lead_time_offset_days = 0
                components.fill_item(line, facts, facts.variant(changes.get("variant") or ""))
                components.rescale(line, self.document)
            elif changes.get("variant"):
                raise Invalid(field="variant", detail="Only items have variants.")
            else:
                self._become_resource(no)
        elif "variant" in changes:
            self._enter_variant(changes["variant"] or "")

    def _become_text(self, no: str) -> None:
        if no:
            raise Invalid(field="no", detail="A text line has no number.")
        line = self.line
        line.item = line.resource = line.unit_of_measure = line.location = line.due_date = None
        line.variant_code = line.bin_code = ""
        line.resource_usage_type = ResourceUsage.NONE
        line.quantity_per = line.quantity = line.quantity_base = ZERO
        line.quantity_to_consume = line.quantity_to_consume_base = ZERO
        line.unit_cost = line.cost_amount = ZERO
        line.lead_time_offset_days = 0

    def _become_resource(self, no: str) -> None:
        if no not in self.masters.resources:
            raise NotFound(field="no", what="Resource", key=no)
        self.line.description = ""
        components.fill_resource(self.line, self.masters.resources[no])
        components.rescale(self.line, self.document)

    def _enter_variant(self, code: str) -> None:
        line = self.line
        if line.item_id is None:
            raise Invalid(field="variant", detail="Only items have variants.")
        facts = self.masters.item(line.item_id)
        variant = facts.variant(code)
        if variant is not None and variant.blocked:
            raise Blocked(field="variant", what="Variant", key=code)
        line.variant_code = code
        line.description = (variant.description if variant else "") or facts.item.description

    def _refuse_on_text(self, changes: Mapping[str, Any]) -> None:
        """ERR-10: a text line has words and nothing else."""
        if not self.line.is_text:
            return
        for name in changes.keys() - {"type", "no", "description", "line_no", "position"}:
            if changes[name]:
                raise Invalid(field=name, detail="A text line has no such field.")

    # -- where, when --------------------------------------------------------------------------------------

    def _enter_where(self, changes: Mapping[str, Any]) -> None:
        line = self.line
        if changes.get("location") is not None:
            self._require_item("location")
            if changes["location"] not in self.masters.locations:
                raise NotFound(field="location", what="Location", key=changes["location"])
            line.location = self.masters.locations[changes["location"]]
            line.bin_code = components.component_bin(line.location)
        elif "location" in changes and line.type == AssemblyLineType.ITEM:
            raise Required(field="location")
        if changes.get("bin"):
            self._require_item("bin")
            if line.location_id not in self.masters.bins:
                raise NotFound(field="bin", what=f"Bin at location {line.location_id}", key=changes["bin"])
        if "bin" in changes:
            line.bin_code = changes["bin"] or ""

    def _require_item(self, name: str) -> None:
        if self.line.type != AssemblyLineType.ITEM:
            raise Invalid(field=name, detail="Only item lines have this.")

    def _enter_when(self, changes: Mapping[str, Any]) -> None:
        """A component may be due earlier than the start less its offset, never later (ERR-13, ERR-14)."""
        line = self.line
        if changes.get("lead_time_offset_days"):
            self._require_item("lead_time_offset_days")
        if "lead_time_offset_days" in changes and line.type == AssemblyLineType.ITEM:
            line.lead_time_offset_days = changes["lead_time_offset_days"] or 0
            line.due_date = self._latest_due_date()
        if "due_date" in changes and changes["due_date"] is None and line.type == AssemblyLineType.ITEM:
            raise Required(field="due_date")
        if changes.get("due_date") is not None:
            self._require_item("due_date")
            latest = self._latest_due_date()
            if changes["due_date"] > latest:
                raise exceptions.DueDateConflict(
                    field="due_date",
                    detail=f"The component is needed by {latest}, because assembly starts on "
                    f"{self.document.starting_date}.",
                )
            line.due_date = changes["due_date"]

    def _latest_due_date(self) -> dt.date:
        return component_due_date(starting=self.document.starting_date, offset_days=self.line.lead_time_offset_days)

    # -- quantities ---------------------------------------------------------------------------------------

    def _enter_unit(self, changes: Mapping[str, Any]) -> None:
        """QTY-30: the number stays, base quantity and unit cost follow; quantity per is the user's to adjust."""
        code, line = changes.get("unit_of_measure"), self.line
        if code is None:
            return
        if line.item_id is None:
            if line.resource is None or code != line.resource.base_unit_of_measure_id:
                raise Invalid(field="unit_of_measure", detail="Only items have more than one unit.")
            return
        if line.consumed_quantity:
            raise exceptions.AlreadyAssembled(
                field="unit_of_measure", field_label="The unit of measure", quantity=line.consumed_quantity
            )
        with numbers_of("unit_of_measure"):
            components.take_unit(line, self.masters.item(line.item_id).unit(code))
            components.rescale(line, self.document)

    def _enter_quantity_per(self, changes: Mapping[str, Any]) -> None:
        usage, line = changes.get("resource_usage_type"), self.line
        if usage is not None and usage != line.resource_usage_type:
            if line.type != AssemblyLineType.RESOURCE:
                raise Invalid(field="resource_usage_type", detail="Only resources have a usage type.")
            if not usage:
                raise Required(field="resource_usage_type")
            line.resource_usage_type = usage
        if changes.get("quantity_per") is not None and not line.is_text:
            if changes["quantity_per"] < ZERO:
                raise Invalid(field="quantity_per", detail="A quantity cannot be negative.")
            line.quantity_per = changes["quantity_per"]
        if not line.is_text and (self.is_new or changes.keys() & {"quantity_per", "resource_usage_type"}):
            with numbers_of("quantity_per"):
                components.rescale(line, self.document)

    def _enter_consumption(self, changes: Mapping[str, Any]) -> None:
        """QTY-18: between nothing and what remains, in the unit's precision; it need not be proportional."""
        typed, line, name = changes.get("quantity_to_consume"), self.line, "quantity_to_consume"
        if typed is None or line.is_text:
            return
        self._check_quantity(typed, name)
        if typed > line.remaining_quantity:
            raise exceptions.ExceedsRemainingQuantity(field=name, value=typed, remaining=line.remaining_quantity)
        if typed and not components.base_of(line, typed):
            raise QuantityRoundsToZero(
                field=name, quantity=typed, unit_of_measure=line.unit_of_measure_id, item=line.no
            )
        components.take_consumption(line, typed)

    def _check_quantity(self, quantity: Decimal, name: str) -> None:
        """QTY-02: what is typed in fits the unit's precision; it is not rounded quietly."""
        if quantity < ZERO:
            raise Invalid(field=name, detail="A quantity cannot be negative.")
        if not fits(quantity, self.line.qty_rounding_precision):
            shown = (self.line.qty_rounding_precision or QUANTITY_PRECISION).normalize()
            raise Invalid(field=name, detail=f"The quantity must be a multiple of {shown:f}.")

    # -- cost ---------------------------------------------------------------------------------------------

    def _enter_cost(self, changes: Mapping[str, Any]) -> None:
        line, cost = self.line, changes.get("unit_cost")
        if cost is not None and not line.is_text:
            if cost < ZERO:
                raise Invalid(field="unit_cost", detail="A cost cannot be negative.")
            another = cost != line.unit_cost
            if another and line.item is not None and line.item.costing_method == CostingMethod.STANDARD:
                raise Invalid(
                    field="unit_cost", detail=f"{line.item_id} has a standard cost; nothing else is accepted."
                )
            line.unit_cost = cost
        with numbers_of("unit_cost"):
            line.cost_amount = quantities.cost_amount(quantity=line.quantity, unit_cost=line.unit_cost)
