"""What is typed into assembly documents and their lines."""

from __future__ import annotations

from assembly.models import AssemblyLineType
from backoffice.pages import kinds
from backoffice.pages.entries import Field, Sheet
from inventory.models import ResourceUsage

_QUANTITY = kinds.filled(kinds.QUANTITY)
_PRICE = kinds.filled(kinds.PRICE)

_ITEM = Field(name="item", label="Item", kind=kinds.CODE, attr="item_id", lookup="assembly-item-lookup", required=True)
_VARIANT = Field(
    name="variant",
    label="Variant",
    kind=kinds.CODE,
    attr="variant_code",
    lookup="sales-variant-lookup",
    lookup_with=("item",),
)
_LOCATION = Field(
    name="location", label="Location", kind=kinds.CODE, attr="location_id", lookup="sales-location-lookup"
)
_DESCRIPTION = Field(name="description", label="Description", kind=kinds.text(200))
_UNIT = Field(
    name="unit_of_measure",
    label="Unit",
    kind=kinds.CODE,
    attr="unit_of_measure_id",
    lookup="sales-unit-lookup",
    lookup_with=("item",),
)

HEADER = Sheet(
    _ITEM,
    _VARIANT,
    _DESCRIPTION,
    Field(name="quantity", label="Quantity", kind=_QUANTITY, help="The lines scale along"),
    _UNIT,
    Field(name="quantity_to_assemble", label="Quantity to assemble", kind=_QUANTITY),
    _LOCATION,
    Field(name="bin", label="Bin", kind=kinds.CODE, attr="bin_code"),
    Field(name="due_date", label="Due date", kind=kinds.DAY),
    Field(name="starting_date", label="Starting date", kind=kinds.DAY),
    Field(name="ending_date", label="Ending date", kind=kinds.DAY),
    Field(name="posting_date", label="Posting date", kind=kinds.DAY),
    Field(name="unit_cost", label="Unit cost", kind=_PRICE),
    Field(name="indirect_cost_percent", label="Indirect cost %", kind=kinds.or_zero(kinds.PERCENT)),
    Field(name="overhead_rate", label="Overhead rate", kind=kinds.or_zero(kinds.PRICE)),
    Field(name="note", label="Note", kind=kinds.text(2000, kinds.LONG_TEXT), size="wide"),
)
HEADER_COSTS = frozenset({"unit_cost", "indirect_cost_percent", "overhead_rate"})
#: What a new order asks for; its lines come from the bill of materials.
NEW_HEADER = HEADER.without(
    {*HEADER_COSTS, "quantity_to_assemble", "starting_date", "ending_date", "posting_date", "bin", "description"}
)
#: Header fields that change the lines too.
CHANGES_LINES = frozenset(HEADER.fields) - HEADER_COSTS - {"description", "note", "posting_date", "bin"}

LINE = Sheet(
    Field(name="type", label="Type", kind=kinds.CHOICE, choices=AssemblyLineType.choices, size="type"),
    Field(
        name="no",
        label="No.",
        kind=kinds.CODE,
        lookup="assembly-no-lookup",
        lookup_with=("type",),
        stop=True,
        size="m",
    ),
    Field(name="description", label="Description", kind=kinds.text(200)),
    Field(
        name="quantity_per", label="Qty per", kind=_QUANTITY, stop=True, size="s", help="For one of the order's unit"
    ),
    Field(
        name="unit_of_measure",
        label="Unit",
        kind=kinds.CODE,
        attr="unit_of_measure_id",
        lookup="sales-unit-lookup",
        lookup_with=("no",),
        size="s",
    ),
    Field(name="quantity_to_consume", label="To consume", kind=_QUANTITY, size="s", help="With the next posting"),
    Field(
        name="location",
        label="Location",
        kind=kinds.CODE,
        attr="location_id",
        lookup="sales-location-lookup",
        size="s",
    ),
    Field(
        name="variant",
        label="Variant",
        kind=kinds.CODE,
        attr="variant_code",
        lookup="sales-variant-lookup",
        lookup_with=("no",),
        size="s",
    ),
    Field(name="bin", label="Bin", kind=kinds.CODE, attr="bin_code", size="s"),
    Field(name="due_date", label="Due date", kind=kinds.DAY, size="m"),
    Field(name="lead_time_offset_days", label="Offset days", kind=kinds.filled(kinds.whole(3650)), size="s"),
    Field(
        name="resource_usage_type",
        label="Usage",
        kind=kinds.CHOICE,
        choices=ResourceUsage.choices,
        size="type",
        help="Of a resource: with the quantity, or once an order",
    ),
    Field(name="position", label="Position", kind=kinds.text(20), size="s"),
    Field(name="unit_cost", label="Unit cost", kind=_PRICE, size="s"),
)
LINE_COSTS = frozenset({"unit_cost"})
#: The fields of the panel below a sales line.
PANEL = LINE.without(
    {*LINE_COSTS, "variant", "bin", "due_date", "lead_time_offset_days", "resource_usage_type", "position"}
)
#: What stands in a line before anything is typed.
NEW_LINE = {"type": AssemblyLineType.ITEM.value}

_OF_RESOURCE = frozenset(LINE.fields) - {"variant", "location", "bin", "due_date", "lead_time_offset_days"}
#: What a line of this type has.
FIELDS_OF_TYPE = {
    AssemblyLineType.ITEM: frozenset(LINE.fields) - {"resource_usage_type"},
    AssemblyLineType.RESOURCE: _OF_RESOURCE,
    AssemblyLineType.TEXT: frozenset({"type", "description", "position"}),
}
