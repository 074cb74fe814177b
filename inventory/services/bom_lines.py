"""One line of a bill of materials while values are applied to it, in memory (DM-13, DM-14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.exceptions import Invalid, NotFound, Required
from inventory.lookups import ItemFacts, load_items, load_resources
from inventory.models import BomLine, BomLineType, ItemType, Resource, ResourceUsage
from inventory.rounding import ZERO

#: What a client may say of a line: contract field names, parsed values.
BomValues = Mapping[str, Any]


def is_new(row: BomLine) -> bool:
    """Return whether the line is not in the database yet."""
    return row._state.adding


class BomMasters:
    """The items and resources that the lines of one edit refer to."""

    def __init__(self, items: dict[str, ItemFacts], resources: dict[str, Resource]) -> None:
        self.items, self.resources = items, resources

    @classmethod
    def load(cls, rows: Sequence[BomLine], values: Sequence[BomValues]) -> BomMasters:
        """Load what the rows have and the values name: two statements for items, one for variants and resources."""
        types = [entry.get("type") or row.type or BomLineType.ITEM for row, entry in zip(rows, values, strict=True)]
        nos = [str(entry.get("no", row.no) or "") for row, entry in zip(rows, values, strict=True)]
        named = list(zip(types, nos, strict=True))
        return cls(
            load_items({no for kind, no in named if kind == BomLineType.ITEM}, variants=_any_variant(rows, values)),
            load_resources({no for kind, no in named if kind == BomLineType.RESOURCE}),
        )


def _any_variant(rows: Sequence[BomLine], values: Sequence[BomValues]) -> bool:
    return any(entry.get("variant") for entry in values) or any(row.variant_code for row in rows)


def enter_line(row: BomLine, values: BomValues, masters: BomMasters) -> None:
    """Apply values to a line in memory and check it. Raises FieldError at the field."""
    kind = values.get("type") or row.type or BomLineType.ITEM
    if is_new(row) or kind != row.type or values.get("no", row.no) != row.no:
        _start_over(row, kind)
    if kind == BomLineType.ITEM:
        _enter_item(row, values, masters)
    elif kind == BomLineType.RESOURCE:
        _enter_resource(row, values, masters)
    else:
        _enter_text(row, values)
    for name in ("lead_time_offset_days", "position", "installed_in"):
        if name in values:
            setattr(row, name, values[name])


def _start_over(row: BomLine, kind: str) -> None:
    """Forget what came from another component; its quantity stays unless the line becomes a text."""
    row.type = kind
    row.item = row.resource = row.unit_of_measure = None
    row.variant_code = row.description = row.resource_usage_type = ""
    if kind != BomLineType.ITEM:
        row.lead_time_offset_days = 0
    if kind == BomLineType.TEXT:
        row.quantity_per = ZERO


def _enter_item(row: BomLine, values: BomValues, masters: BomMasters) -> None:
    no = values.get("no") or row.item_id
    if not no:
        raise Required(field="no")
    facts = masters.items.get(no)
    if facts is None:
        raise NotFound(field="no", what="Item", key=no)
    if facts.item.type == ItemType.SERVICE:
        raise Invalid(field="no", detail=f"{no} is a service, which is no component.")
    if values.get("resource_usage_type"):
        raise Invalid(field="resource_usage_type", detail="Only resources are used directly or once an order.")
    is_another = row.item_id is None or values.get("variant", row.variant_code) != row.variant_code
    row.item = facts.item
    row.variant_code = values.get("variant", row.variant_code)
    variant = facts.variant(row.variant_code)
    unit = values.get("unit_of_measure") or row.unit_of_measure_id or facts.item.base_unit_of_measure_id
    row.unit_of_measure_id = facts.unit(unit).code
    default = (variant.description if variant else "") or facts.item.description
    row.description = values.get("description", default if is_another else row.description)
    _enter_quantity_per(row, values)


def _enter_resource(row: BomLine, values: BomValues, masters: BomMasters) -> None:
    no = values.get("no") or row.resource_id
    if not no:
        raise Required(field="no")
    resource = masters.resources.get(no)
    if resource is None:
        raise NotFound(field="no", what="Resource", key=no)
    if values.get("variant"):
        raise Invalid(field="variant", detail="A resource has no variants.")
    unit = values.get("unit_of_measure") or resource.base_unit_of_measure_id
    if unit != resource.base_unit_of_measure_id:
        raise NotFound(field="unit_of_measure", what=f"Unit of measure of resource {no}", key=unit)
    if values.get("lead_time_offset_days"):
        raise Invalid(field="lead_time_offset_days", detail="Only items are needed earlier or later.")
    is_new = row.resource_id is None
    row.resource = resource
    row.unit_of_measure_id = unit
    usage = values.get("resource_usage_type", row.resource_usage_type)
    row.resource_usage_type = usage or ResourceUsage.DIRECT
    row.description = values.get("description", resource.name if is_new else row.description)
    _enter_quantity_per(row, values)


def _enter_text(row: BomLine, values: BomValues) -> None:
    for name in ("no", "variant", "unit_of_measure", "resource_usage_type", "quantity_per", "lead_time_offset_days"):
        if values.get(name):
            raise Invalid(field=name, detail="A text line has a description and nothing else.")
    row.description = values.get("description", row.description)
    if not row.description:
        raise Required(field="description")


def _enter_quantity_per(row: BomLine, values: BomValues) -> None:
    if "quantity_per" in values:
        row.quantity_per = values["quantity_per"]
    elif is_new(row):
        raise Required(field="quantity_per")
    if row.quantity_per < 0:
        raise Invalid(field="quantity_per", detail="The quantity per must not be negative.")
