"""The item card: its fields, units of measure and variants, and what holds between them (DM-10 to DM-18, DM-57)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from backoffice.exceptions import (
    AlreadyExists,
    DomainError,
    Invalid,
    NeverRenamed,
    NotFound,
    Refusals,
    Required,
    raise_all,
)
from backoffice.transactions import act, check_revision
from inventory.exceptions import FixedByUse
from inventory.locks import lock_master
from inventory.models import (
    AssemblyPolicy,
    BomLine,
    CostingMethod,
    Item,
    ItemLedgerEntry,
    ItemSubstitute,
    ItemType,
    ItemUnit,
    ItemVariant,
    ReplenishmentSystem,
    UnitOfMeasure,
)
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO, fits
from inventory.services.usage import refuse_change, refuse_deletion

#: What a client may say of an item: contract field names, parsed values; nested lists of the same.
ItemValues = Mapping[str, Any]

DEFAULT_UNIT = "PCS"
#: Rows that belong to the item itself and go with it.
OWN_ROWS: tuple[type[Model], ...] = (ItemUnit, ItemVariant)

_UNIT_FIELDS = {"base_unit_of_measure", "sales_unit_of_measure"}
_LIST_FIELDS = {"units_of_measure", "variants"}
#: What every entry of the ledger was posted by.
_FIXED_BY_ENTRIES = ("costing_method", "item_tracking")
_NOT_NEGATIVE = (
    "reorder_point",
    "reorder_quantity",
    "maximum_inventory",
    "safety_stock_quantity",
    "unit_cost",
    "standard_cost",
    "unit_price",
    "indirect_cost_percent",
    "overhead_rate",
    "lot_size",
)


@act
def create_item(values: ItemValues) -> Item:
    """Create an item with its units and variants. The base unit is among its units with factor 1, given or not.

    Raises: AlreadyExists, Required, Invalid, NotFound; every fault of the card at once.
    """
    return _create([values], paths=[""])[0]


@act
def create_items(rows: Sequence[ItemValues]) -> list[Item]:
    """Create many items as `create_item` does, all or none; faults stand at "[index].field".

    The number of statements does not depend on the number of items.
    """
    return _create(rows, paths=[f"[{index}]" for index in range(len(rows))])


def _create(rows: Sequence[ItemValues], *, paths: Sequence[str]) -> list[Item]:
    known_units = _known_units(rows)
    taken = set(Item.objects.filter(no__in=[values.get("no") or "" for values in rows]).values_list("no", flat=True))
    items: list[Item] = []
    units: list[ItemUnit] = []
    variants: list[ItemVariant] = []
    errors: list[DomainError] = []
    for values, path in zip(rows, paths, strict=True):
        try:
            item = _new_item(values, taken)
            own_units = _units_to_be(item, values.get("units_of_measure", []))
            variants += _variants_to_be(item, values.get("variants", []))
            raise_all(_card_errors(item, values, own_units, known_units))
        except (DomainError, Refusals) as error:
            errors += _at(error, path)
            continue
        items.append(item)
        units += own_units
    raise_all(errors)
    Item.objects.bulk_create(items)
    ItemUnit.objects.bulk_create(units)
    ItemVariant.objects.bulk_create(variants)
    return items


def _new_item(values: ItemValues, taken: set[str]) -> Item:
    no = values.get("no")
    if not no:
        raise Required(field="no")
    if no in taken:
        raise AlreadyExists(field="no", what="Item", key=no)
    taken.add(no)
    item = Item(no=no)
    _enter_units_of_card(item, values)
    _enter_fields(item, values)
    return item


def _at(error: DomainError | Refusals, path: str) -> list[DomainError]:
    faults = error.errors if isinstance(error, Refusals) else [error]
    return [fault.at(path) for fault in faults] if path else faults


@act
def change_item(no: str, values: ItemValues, *, expected_rev: int | None = None) -> Item:
    """Change fields of an item. `units_of_measure` and `variants`, where given, are the whole lists.

    What documents or entries rely on stays: the type, the base unit, units and variants that they use; once anything
    is posted also the costing method and the tracking (DM-57).

    Raises: Missing, StaleRevision, Invalid, FixedByUse. Locks: the item.
    """
    item = lock_master(Item, no)
    check_revision(item, expected_rev)
    if values.get("no", no) != no:
        raise NeverRenamed(field="no")
    before = _rows_of(item)
    _refuse_fixed(item, values)
    _enter_units_of_card(item, values)
    _enter_fields(item, values)
    units = _units_to_be(item, values["units_of_measure"]) if "units_of_measure" in values else None
    if units is None and item.base_unit_of_measure_id not in before.units:
        units = _units_to_be(item, [_unit_values(unit) for unit in before.units.values()])
    to_be = list(before.units.values()) if units is None else units
    raise_all(_card_errors(item, values, to_be, _known_units([values]) | before.units.keys()))
    item.save()
    if units is not None:
        _replace_units(item, before.units, units)
    if "variants" in values:
        _replace_variants(item, before.variants, _variants_to_be(item, values["variants"]))
    return item


@act
def delete_item(no: str, *, expected_rev: int | None = None) -> None:
    """Delete an item that nothing uses, with its own units, variants, substitutes and bill of materials (DM-57).

    Raises: Missing, StaleRevision, InUse. Locks: the item.
    """
    item = lock_master(Item, no)
    check_revision(item, expected_rev)
    own_bom = BomLine.objects.filter(parent=item)
    own_substitutes = ItemSubstitute.objects.filter(item=item)
    own_bom.delete()
    own_substitutes.delete()
    refuse_deletion(item, what="Item", besides=OWN_ROWS)
    item.delete()


# --- The card ---------------------------------------------------------------------------------------------------------


def _enter_units_of_card(item: Item, values: ItemValues) -> None:
    """Base unit and sales unit; the sales unit follows the base unit unless it is given or is another one."""
    old_base = item.base_unit_of_measure_id
    if "base_unit_of_measure" in values or not old_base:
        item.base_unit_of_measure_id = values.get("base_unit_of_measure") or DEFAULT_UNIT
    if values.get("sales_unit_of_measure"):
        item.sales_unit_of_measure_id = values["sales_unit_of_measure"]
    elif not item.sales_unit_of_measure_id or item.sales_unit_of_measure_id == old_base:
        item.sales_unit_of_measure_id = item.base_unit_of_measure_id


def _enter_fields(item: Item, values: ItemValues) -> None:
    for name, value in values.items():
        if name not in _UNIT_FIELDS | _LIST_FIELDS:
            setattr(item, name, value)
    if item.costing_method == CostingMethod.STANDARD:
        # One cost under two names (DM-10): the one that was typed wins.
        if "unit_cost" in values and "standard_cost" not in values:
            item.standard_cost = item.unit_cost
        elif "unit_cost" not in values:
            item.unit_cost = item.standard_cost


def _card_errors(item: Item, values: ItemValues, units: Sequence[ItemUnit], known_units: set[str]) -> list[DomainError]:
    """Check what must hold on the card. `known_units`: the units of the house that the card names."""
    errors = _unknown_units(item, units, known_units)
    errors += [
        Invalid(field=name, detail="This must not be negative.") for name in _NOT_NEGATIVE if getattr(item, name) < 0
    ]
    if not ZERO < item.rounding_precision <= ONE or not fits(item.rounding_precision, QUANTITY_PRECISION):
        errors.append(Invalid(field="rounding_precision", detail="The precision must be above 0 and at most 1."))
    if item.costing_method == CostingMethod.STANDARD and item.unit_cost != item.standard_cost:
        errors.append(Invalid(field="unit_cost", detail="At standard cost the unit cost is the standard cost."))
    if item.sales_unit_of_measure_id not in {unit.unit_of_measure_id for unit in units}:
        errors.append(
            NotFound(
                field="sales_unit_of_measure",
                what=f"Unit of measure of item {item.no}",
                key=item.sales_unit_of_measure_id,
            )
        )
    return errors + _policy_errors(item, values)


def _policy_errors(item: Item, values: ItemValues) -> list[DomainError]:
    """ERR-42: assembled to order only what is assembled, assembled only what is kept in inventory."""
    errors: list[DomainError] = []
    is_assembled = item.replenishment_system == ReplenishmentSystem.ASSEMBLY
    if item.assembly_policy == AssemblyPolicy.ASSEMBLE_TO_ORDER and not is_assembled:
        field = "assembly_policy" if "assembly_policy" in values else "replenishment_system"
        errors.append(Invalid(field=field, detail="Assemble to order needs the replenishment system assembly."))
    if is_assembled and item.type != ItemType.INVENTORY:
        field = "type" if "type" in values else "replenishment_system"
        errors.append(Invalid(field=field, detail="Only inventory items can be assembled."))
    return errors


def _refuse_fixed(item: Item, values: ItemValues) -> None:
    """Refuse a new type or base unit where anything is counted by the old one, and what its entries stand on."""
    for field in ("type", "base_unit_of_measure"):
        old = getattr(item, f"{field}_id", None) or getattr(item, field)
        if field in values and values[field] != old:
            refuse_change(item, what=f"The {field.replace('_', ' ')}", field=field, besides=OWN_ROWS)
    changed = [field for field in _FIXED_BY_ENTRIES if field in values and values[field] != getattr(item, field)]
    if changed and ItemLedgerEntry.objects.filter(item=item).exists():
        name = changed[0].replace("_", " ")
        raise FixedByUse(field=changed[0], what=f"The {name}", key=item.no, used_by="item ledger entries")


# --- Units and variants -----------------------------------------------------------------------------------------------


class _Rows:
    """The units and variants that an item has, by code."""

    def __init__(self, units: Sequence[ItemUnit], variants: Sequence[ItemVariant]) -> None:
        self.units = {unit.unit_of_measure_id: unit for unit in units}
        self.variants = {variant.code: variant for variant in variants}


def _rows_of(item: Item) -> _Rows:
    return _Rows(list(item.units.all()), list(item.variants.all()))


def _unit_values(unit: ItemUnit) -> dict[str, Any]:
    return {
        "code": unit.unit_of_measure_id,
        "qty_per_unit_of_measure": unit.qty_per_unit_of_measure,
        "qty_rounding_precision": unit.qty_rounding_precision,
    }


def _units_to_be(item: Item, given: Sequence[Mapping[str, Any]]) -> list[ItemUnit]:
    """Return the units that the item is to have, the base unit first where it was not given. Raises all faults."""
    errors: list[DomainError] = []
    units: dict[str, ItemUnit] = {}
    for index, values in enumerate(given):
        code = values.get("code") or ""
        if not code:
            errors.append(Required(field=f"units_of_measure[{index}].code"))
            continue
        unit = ItemUnit(
            item=item,
            unit_of_measure_id=code,
            qty_per_unit_of_measure=values.get("qty_per_unit_of_measure", ONE),
            qty_rounding_precision=values.get("qty_rounding_precision", ZERO),
        )
        errors += [error.at(f"units_of_measure[{index}]") for error in _unit_errors(item, unit)]
        if code in units:
            errors.append(Invalid(field=f"units_of_measure[{index}].code", detail=f"{code} stands twice."))
        units[code] = unit
    raise_all(errors)
    base = item.base_unit_of_measure_id
    if base not in units:
        units = {base: ItemUnit(item=item, unit_of_measure_id=base), **units}
    return list(units.values())


def _unit_errors(item: Item, unit: ItemUnit) -> list[DomainError]:
    errors: list[DomainError] = []
    if unit.qty_per_unit_of_measure <= 0:
        errors.append(Invalid(field="qty_per_unit_of_measure", detail="A unit holds more than nothing."))
    elif unit.unit_of_measure_id == item.base_unit_of_measure_id and unit.qty_per_unit_of_measure != ONE:
        errors.append(Invalid(field="qty_per_unit_of_measure", detail="The base unit counts 1."))
    if not ZERO <= unit.qty_rounding_precision <= ONE:
        errors.append(Invalid(field="qty_rounding_precision", detail="A precision lies between 0 and 1."))
    return errors


def _known_units(rows: Sequence[ItemValues]) -> set[str]:
    """Return which of the units that the rows name exist; one statement."""
    named = {DEFAULT_UNIT}
    for values in rows:
        named |= {values[field] for field in _UNIT_FIELDS if values.get(field)}
        named |= {unit["code"] for unit in values.get("units_of_measure", []) if unit.get("code")}
    return set(UnitOfMeasure.objects.filter(pk__in=named).values_list("pk", flat=True))


def _unknown_units(item: Item, units: Sequence[ItemUnit], known: set[str]) -> list[DomainError]:
    return [
        NotFound(
            field="base_unit_of_measure" if code == item.base_unit_of_measure_id else "units_of_measure",
            what="Unit of measure",
            key=code,
        )
        for code in sorted({unit.unit_of_measure_id for unit in units} - known)
    ]


def _replace_units(item: Item, before: Mapping[str, ItemUnit], units: Sequence[ItemUnit]) -> None:
    after = {unit.unit_of_measure_id: unit for unit in units}
    for code, old in before.items():
        new = after.get(code)
        if new is None or new.qty_per_unit_of_measure != old.qty_per_unit_of_measure:
            refuse_change(
                item,
                what=f"Unit {code}",
                field="units_of_measure",
                besides=OWN_ROWS,
                matching={"item": {"unit_of_measure": code}},
            )
    for code in after.keys() & before.keys():
        after[code].pk = before[code].pk
    item.units.exclude(unit_of_measure__in=after).delete()
    changed = [u for code, u in after.items() if code in before and _unit_values(u) != _unit_values(before[code])]
    if changed:
        ItemUnit.objects.bulk_update(changed, ["qty_per_unit_of_measure", "qty_rounding_precision"])
    ItemUnit.objects.bulk_create([unit for code, unit in after.items() if code not in before])


def _variants_to_be(item: Item, given: Sequence[Mapping[str, Any]]) -> list[ItemVariant]:
    errors: list[DomainError] = []
    variants: dict[str, ItemVariant] = {}
    for index, values in enumerate(given):
        code = values.get("code") or ""
        if not code:
            errors.append(Required(field=f"variants[{index}].code"))
            continue
        if code in variants:
            errors.append(Invalid(field=f"variants[{index}].code", detail=f"{code} stands twice."))
        variants[code] = ItemVariant(
            item=item,
            code=code,
            description=values.get("description", ""),
            blocked=values.get("blocked", False),
        )
    raise_all(errors)
    return list(variants.values())


def _replace_variants(item: Item, before: Mapping[str, ItemVariant], variants: Sequence[ItemVariant]) -> None:
    after = {variant.code: variant for variant in variants}
    for code in before.keys() - after.keys():
        refuse_change(
            item,
            what=f"Variant {code}",
            field="variants",
            besides=OWN_ROWS,
            matching={"item": {"variant_code": code}, "substitute": {"substitute_variant_code": code}},
        )
    for code in after.keys() & before.keys():
        after[code].pk = before[code].pk
    item.variants.exclude(code__in=after).delete()
    changed = [
        v
        for code, v in after.items()
        if code in before and (v.description, v.blocked) != (before[code].description, before[code].blocked)
    ]
    if changed:
        ItemVariant.objects.bulk_update(changed, ["description", "blocked"])
    ItemVariant.objects.bulk_create([variant for code, variant in after.items() if code not in before])
