"""What is typed into the pages of inventory: the fields of each kind of record, named as in the services."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.pages import kinds
from backoffice.pages.entries import Field, Sheet
from inventory.models import (
    AssemblyPolicy,
    BomLineType,
    CostingMethod,
    DefaultQuantityToShip,
    ItemTracking,
    ItemType,
    LedgerEntryType,
    ReorderingPolicy,
    ReplenishmentSystem,
    ReservePolicy,
    ResourceType,
    ResourceUsage,
)

MAX_DAYS = 36_500
#: What people without the right to see costs neither see nor change.
ITEM_COSTS = frozenset({"unit_cost", "standard_cost", "indirect_cost_percent", "overhead_rate"})
RESOURCE_COSTS = frozenset({"unit_cost", "indirect_cost_percent"})

_QUANTITY = kinds.or_zero(kinds.QUANTITY)
_QUANTITY_PER = kinds.blank_zero(kinds.filled(kinds.QUANTITY))
_PRICE = kinds.or_zero(kinds.PRICE)
_PERCENT = kinds.or_zero(kinds.PERCENT)
_DAYS = kinds.or_zero(kinds.whole(MAX_DAYS))
_DESCRIPTION = kinds.text(200)
_NAME = kinds.text(100)

# --- Items ------------------------------------------------------------------------------------------------------------

ITEM_GENERAL = Sheet(
    Field(name="description", label="Description", kind=_DESCRIPTION, size="wide"),
    Field(name="type", label="Type", kind=kinds.CHOICE, choices=ItemType.choices),
    Field(
        name="base_unit_of_measure",
        label="Base unit of measure",
        kind=kinds.CODE,
        attr="base_unit_of_measure_id",
        lookup="unit-lookup",
        help="What stock is counted in",
    ),
    Field(
        name="rounding_precision",
        label="Rounding precision",
        kind=kinds.filled(kinds.QUANTITY),
        help="Base quantities are rounded to it",
    ),
    Field(name="item_tracking", label="Item tracking", kind=kinds.CHOICE, choices=ItemTracking.choices),
    Field(name="blocked", label="Blocked", kind=kinds.FLAG),
)
ITEM_SALES = Sheet(
    Field(name="unit_price", label="Unit price", kind=_PRICE),
    Field(
        name="sales_unit_of_measure",
        label="Sales unit of measure",
        kind=kinds.CODE,
        attr="sales_unit_of_measure_id",
        lookup="unit-lookup",
        help="One of the item's units",
    ),
    Field(name="reserve", label="Reserve", kind=kinds.CHOICE, choices=ReservePolicy.choices),
    Field(name="sales_blocked", label="Blocked for sales", kind=kinds.FLAG),
    Field(name="costing_method", label="Costing method", kind=kinds.CHOICE, choices=CostingMethod.choices),
    Field(name="unit_cost", label="Unit cost", kind=_PRICE),
    Field(name="standard_cost", label="Standard cost", kind=_PRICE),
    Field(name="indirect_cost_percent", label="Indirect cost %", kind=_PERCENT),
    Field(name="overhead_rate", label="Overhead rate", kind=_PRICE, help="A base unit"),
)
ITEM_REPLENISHMENT = Sheet(
    Field(
        name="replenishment_system",
        label="Replenishment system",
        kind=kinds.CHOICE,
        choices=ReplenishmentSystem.choices,
    ),
    Field(
        name="assembly_policy",
        label="Assembly policy",
        kind=kinds.CHOICE,
        choices=AssemblyPolicy.choices,
        help="To order: a sales line brings its own assembly order",
    ),
    Field(name="lead_time_days", label="Lead time, days", kind=_DAYS),
    Field(
        name="safety_lead_time_days",
        label="Safety lead time, days",
        kind=kinds.whole(MAX_DAYS),
        help="Blank: the default of the setup",
    ),
    Field(name="reordering_policy", label="Reordering policy", kind=kinds.CHOICE, choices=ReorderingPolicy.choices),
    Field(name="reorder_point", label="Reorder point", kind=_QUANTITY),
    Field(name="reorder_quantity", label="Reorder quantity", kind=_QUANTITY),
    Field(name="maximum_inventory", label="Maximum inventory", kind=_QUANTITY),
    Field(name="safety_stock_quantity", label="Safety stock quantity", kind=_QUANTITY),
    Field(name="lot_size", label="Lot size", kind=_QUANTITY),
)
NEW_ITEM = Sheet(
    Field(name="no", label="No.", kind=kinds.KEY, required=True, help="Never changed afterwards"),
    *(ITEM_GENERAL[name] for name in ("description", "type", "base_unit_of_measure")),
    *(ITEM_REPLENISHMENT[name] for name in ("replenishment_system", "assembly_policy")),
    *(ITEM_SALES[name] for name in ("unit_price", "unit_cost")),
)
ITEM_UNIT = Sheet(
    Field(
        name="code",
        label="Unit",
        kind=kinds.CODE,
        attr="unit_of_measure_id",
        lookup="unit-lookup",
        stop=True,
        size="m",
    ),
    Field(
        name="qty_per_unit_of_measure",
        label="Quantity per",
        kind=kinds.filled(kinds.QUANTITY),
        stop=True,
        help="Base units in one of it",
    ),
    Field(
        name="qty_rounding_precision",
        label="Rounding precision",
        kind=_QUANTITY,
        help="The step that quantities in it are counted in; 0: five decimals",
    ),
)
ITEM_VARIANT = Sheet(
    Field(name="code", label="Code", kind=kinds.KEY, stop=True, size="m"),
    Field(name="description", label="Description", kind=_DESCRIPTION, stop=True, size="l"),
    Field(name="blocked", label="Blocked", kind=kinds.FLAG, size="s"),
)
BOM_LINE = Sheet(
    Field(name="type", label="Type", kind=kinds.CHOICE, choices=BomLineType.choices, size="m"),
    Field(
        name="no",
        label="No.",
        kind=kinds.CODE,
        lookup="component-lookup",
        lookup_with=("type",),
        stop=True,
        size="m",
    ),
    Field(
        name="variant",
        label="Variant",
        kind=kinds.CODE,
        attr="variant_code",
        lookup="variant-lookup",
        lookup_with=("no",),
        size="s",
    ),
    Field(name="description", label="Description", kind=_DESCRIPTION, size="l"),
    Field(
        name="quantity_per",
        label="Quantity per",
        kind=kinds.blank_zero(kinds.filled(kinds.QUANTITY)),
        stop=True,
        size="s",
    ),
    Field(
        name="unit_of_measure",
        label="Unit",
        kind=kinds.CODE,
        attr="unit_of_measure_id",
        lookup="item-unit-lookup",
        lookup_with=("no",),
        size="s",
    ),
    Field(
        name="resource_usage_type",
        label="Usage",
        kind=kinds.CHOICE,
        choices=ResourceUsage.choices,
        help="Of a resource: with the quantity, or once an order",
        size="s",
    ),
    Field(
        name="lead_time_offset_days",
        label="Offset",
        kind=kinds.blank_zero(_DAYS),
        help="Days that it is needed before the start",
        size="s",
    ),
    Field(name="position", label="Position", kind=kinds.text(20), size="s"),
)
SUBSTITUTE = Sheet(
    Field(
        name="variant",
        label="Variant",
        kind=kinds.CODE,
        attr="variant_code",
        help="Of this item; blank: without one",
        size="m",
    ),
    Field(
        name="substitute",
        label="Substitute",
        kind=kinds.CODE,
        attr="substitute_id",
        lookup="item-lookup",
        stop=True,
        size="m",
    ),
    Field(
        name="substitute_variant",
        label="Its variant",
        kind=kinds.CODE,
        attr="substitute_variant_code",
        lookup="variant-lookup",
        lookup_with=("substitute",),
        size="m",
    ),
    Field(
        name="interchangeable",
        label="Interchangeable",
        kind=kinds.FLAG,
        help="Each may take the other's place",
        size="m",
    ),
)

# --- Other masters ----------------------------------------------------------------------------------------------------

UNIT_OF_MEASURE = Sheet(
    Field(name="code", label="Code", kind=kinds.KEY, stop=True, size="m"),
    Field(name="description", label="Description", kind=_NAME, stop=True, size="l"),
)
RESOURCE = Sheet(
    Field(name="name", label="Name", kind=_NAME, size="wide"),
    Field(name="type", label="Type", kind=kinds.CHOICE, choices=ResourceType.choices),
    Field(
        name="base_unit_of_measure",
        label="Base unit of measure",
        kind=kinds.CODE,
        attr="base_unit_of_measure_id",
        lookup="unit-lookup",
    ),
    Field(name="unit_price", label="Unit price", kind=_PRICE),
    Field(name="unit_cost", label="Unit cost", kind=_PRICE, help="With the indirect share"),
    Field(name="indirect_cost_percent", label="Indirect cost %", kind=_PERCENT),
    Field(name="blocked", label="Blocked", kind=kinds.FLAG),
)
NEW_RESOURCE = Sheet(
    Field(name="no", label="No.", kind=kinds.KEY, required=True, help="Never changed afterwards"),
    *RESOURCE.without({"blocked"}).fields.values(),
)


def location_sheet(bin_codes: Sequence[str]) -> Sheet:
    """Return the fields of a location that has these bins."""
    choices = [("", ""), *((code, code) for code in bin_codes)]

    def bin_field(name: str, label: str, help_text: str = "") -> Field:
        return Field(name=name, label=label, kind=kinds.CHOICE, choices=choices, help=help_text)

    return Sheet(
        *_LOCATION.fields.values(),
        bin_field("default_bin", "Default bin"),
        bin_field("to_assembly_bin", "To-assembly bin", "Where components are taken from"),
        bin_field("from_assembly_bin", "From-assembly bin", "Where output to stock goes"),
        bin_field("asm_to_order_shpt_bin", "Assemble-to-order shipment bin", "Where output to order goes"),
    )


_LOCATION = Sheet(
    Field(name="name", label="Name", kind=_NAME, size="wide"),
    Field(name="bin_mandatory", label="Bins are mandatory", kind=kinds.FLAG),
    Field(name="require_pick", label="Require pick", kind=kinds.FLAG),
    Field(name="require_shipment", label="Require shipment", kind=kinds.FLAG),
)
NEW_LOCATION = Sheet(
    Field(name="code", label="Code", kind=kinds.KEY, required=True, help="Never changed afterwards"),
    *_LOCATION.fields.values(),
)
BIN = Sheet(
    Field(name="code", label="Code", kind=kinds.KEY, stop=True, size="m"),
    Field(name="description", label="Description", kind=_NAME, stop=True, size="l"),
)
SETUP = Sheet(
    Field(name="work_date", label="Work date", kind=kinds.DAY, help="Stands in for today; blank: today"),
    Field(
        name="default_location",
        label="Default location",
        kind=kinds.CODE,
        attr="default_location_id",
        lookup="location-lookup",
    ),
    Field(
        name="default_quantity_to_ship",
        label="Default quantity to ship",
        kind=kinds.CHOICE,
        choices=DefaultQuantityToShip.choices,
    ),
    Field(name="copy_comments", label="Copy comments to posted documents", kind=kinds.FLAG),
    Field(name="default_safety_lead_time_days", label="Default safety lead time, days", kind=_DAYS),
    Field(
        name="check_avail_period_days",
        label="Check availability beyond, days",
        kind=kinds.whole(MAX_DAYS),
        help="Demand after the due date that counts too; blank: none",
    ),
    Field(name="stockout_warning", label="Warn of stockouts", kind=kinds.FLAG),
    Field(name="create_movements_automatically", label="Create movements automatically", kind=kinds.FLAG),
)

# --- Stock and purchases ----------------------------------------------------------------------------------------------

PURCHASE_HEADER = Sheet(
    Field(name="vendor_name", label="Vendor", kind=_NAME, size="wide"),
    Field(name="order_date", label="Order date", kind=kinds.filled(kinds.DAY)),
)
NEW_PURCHASE_ORDER = Sheet(
    Field(name="vendor_name", label="Vendor", kind=_NAME, size="wide"),
    Field(name="order_date", label="Order date", kind=kinds.DAY, help="Blank: the work date"),
    Field(name="no", label="No.", kind=kinds.KEY, help="Blank: the next number"),
)
PURCHASE_LINE = Sheet(
    Field(name="item", label="Item", kind=kinds.CODE, attr="item_id", lookup="item-lookup", stop=True, size="m"),
    Field(
        name="variant",
        label="Variant",
        kind=kinds.CODE,
        attr="variant_code",
        lookup="variant-lookup",
        lookup_with=("item",),
        size="s",
    ),
    Field(name="description", label="Description", kind=_DESCRIPTION, size="l"),
    Field(name="location", label="Location", kind=kinds.CODE, attr="location_id", lookup="location-lookup", size="s"),
    Field(name="quantity", label="Quantity", kind=kinds.filled(kinds.QUANTITY), stop=True, size="s"),
    Field(
        name="unit_of_measure",
        label="Unit",
        kind=kinds.CODE,
        attr="unit_of_measure_id",
        lookup="item-unit-lookup",
        lookup_with=("item",),
        size="s",
    ),
    Field(name="unit_cost", label="Unit cost", kind=kinds.filled(kinds.PRICE), size="s"),
    Field(name="expected_receipt_date", label="Expected", kind=kinds.filled(kinds.DAY), size="m"),
)
ADJUSTMENT = Sheet(
    Field(
        name="entry_type",
        label="Kind",
        kind=kinds.CHOICE,
        choices=[
            (kind.value, str(kind.label))
            for kind in (LedgerEntryType.POSITIVE_ADJUSTMENT, LedgerEntryType.NEGATIVE_ADJUSTMENT)
        ],
    ),
    Field(name="item", label="Item", kind=kinds.CODE, lookup="item-lookup", required=True),
    Field(name="variant", label="Variant", kind=kinds.CODE, lookup="variant-lookup", lookup_with=("item",)),
    Field(
        name="location",
        label="Location",
        kind=kinds.CODE,
        lookup="location-lookup",
        help="Blank: the default location",
    ),
    Field(
        name="bin",
        label="Bin",
        kind=kinds.CODE,
        lookup="bin-lookup",
        lookup_with=("location",),
        help="Blank: the location's default bin",
    ),
    Field(name="quantity", label="Quantity", kind=kinds.QUANTITY, required=True),
    Field(
        name="unit_of_measure",
        label="Unit",
        kind=kinds.CODE,
        lookup="item-unit-lookup",
        lookup_with=("item",),
        help="Blank: the base unit",
    ),
    Field(name="unit_cost", label="Unit cost", kind=kinds.PRICE, help="Of what comes in; blank: the item's"),
    Field(name="posting_date", label="Posting date", kind=kinds.DAY, help="Blank: the work date"),
    Field(name="lot_no", label="Lot no.", kind=kinds.text(50)),
    Field(name="serial_no", label="Serial no.", kind=kinds.text(50)),
)
