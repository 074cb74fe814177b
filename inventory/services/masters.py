"""Units of measure, resources, locations with their bins, and the company's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice.exceptions import AlreadyExists, DomainError, Invalid, NeverRenamed, NotFound, Required, raise_all
from backoffice.transactions import act, check_revision, forget
from inventory.exceptions import FixedByUse, Missing
from inventory.locks import lock_master, lock_setup
from inventory.lookups import SETUP
from inventory.models import Bin, Location, Resource, Setup, StockBalance, UnitOfMeasure
from inventory.services.usage import refuse_change, refuse_deletion

#: What a client may say of a master record: contract field names, parsed values.
Values = Mapping[str, Any]

DEFAULT_RESOURCE_UNIT = "HOUR"
#: The fields of a location that name one of its bins.
BIN_FIELDS = ("to_assembly_bin", "from_assembly_bin", "asm_to_order_shpt_bin", "default_bin")


# --- Units of measure -------------------------------------------------------------------------------------------------


@act
def create_unit_of_measure(values: Values) -> UnitOfMeasure:
    """Create a unit. Raises: Required, AlreadyExists."""
    code = _new_key(UnitOfMeasure, values, "code")
    unit = UnitOfMeasure(code=code, description=values.get("description", ""))
    unit.save(force_insert=True)
    return unit


@act
def change_unit_of_measure(code: str, values: Values, *, expected_rev: int | None = None) -> UnitOfMeasure:
    """Change a unit's description. Raises: Missing, StaleRevision, NeverRenamed. Locks: the unit."""
    unit = lock_master(UnitOfMeasure, code)
    check_revision(unit, expected_rev)
    _refuse_rename(values, "code", code)
    unit.description = values.get("description", unit.description)
    unit.save()
    return unit


@act
def delete_unit_of_measure(code: str, *, expected_rev: int | None = None) -> None:
    """Delete a unit that nothing is counted in. Raises: Missing, StaleRevision, InUse. Locks: the unit."""
    unit = lock_master(UnitOfMeasure, code)
    check_revision(unit, expected_rev)
    refuse_deletion(unit, what="Unit of measure")
    unit.delete()


# --- Resources --------------------------------------------------------------------------------------------------------


@act
def create_resource(values: Values) -> Resource:
    """Create a resource. Raises: Required, AlreadyExists, NotFound, Invalid."""
    resource = Resource(no=_new_key(Resource, values, "no"), base_unit_of_measure_id=DEFAULT_RESOURCE_UNIT)
    _enter_resource(resource, values)
    resource.save(force_insert=True)
    return resource


@act
def change_resource(no: str, values: Values, *, expected_rev: int | None = None) -> Resource:
    """Change a resource; its unit stays while anything is counted in it (DM-57).

    Raises: Missing, StaleRevision, Invalid, FixedByUse. Locks: the resource.
    """
    resource = lock_master(Resource, no)
    check_revision(resource, expected_rev)
    _refuse_rename(values, "no", no)
    if values.get("base_unit_of_measure", resource.base_unit_of_measure_id) != resource.base_unit_of_measure_id:
        refuse_change(resource, what="The base unit of measure", field="base_unit_of_measure")
    _enter_resource(resource, values)
    resource.save()
    return resource


@act
def delete_resource(no: str, *, expected_rev: int | None = None) -> None:
    """Delete a resource that nothing uses. Raises: Missing, StaleRevision, InUse. Locks: the resource."""
    resource = lock_master(Resource, no)
    check_revision(resource, expected_rev)
    refuse_deletion(resource, what="Resource")
    resource.delete()


def _enter_resource(resource: Resource, values: Values) -> None:
    if "base_unit_of_measure" in values:
        resource.base_unit_of_measure_id = values["base_unit_of_measure"]
        _require_known(UnitOfMeasure, resource.base_unit_of_measure_id, "base_unit_of_measure")
    for name in ("name", "type", "unit_cost", "unit_price", "indirect_cost_percent", "blocked"):
        if name in values:
            setattr(resource, name, values[name])
    raise_all(_negative(resource, "unit_cost", "unit_price", "indirect_cost_percent"))


def _negative(row: Resource, *names: str) -> list[DomainError]:
    return [Invalid(field=name, detail="This must not be negative.") for name in names if getattr(row, name) < 0]


# --- Locations and bins -----------------------------------------------------------------------------------------------


@act
def create_location(values: Values) -> Location:
    """Create a location. It has no bins yet, so it cannot name any. Raises: Required, AlreadyExists, NotFound."""
    location = Location(code=_new_key(Location, values, "code"))
    _enter_location(location, values)
    location.save(force_insert=True)
    return location


@act
def change_location(code: str, values: Values, *, expected_rev: int | None = None) -> Location:
    """Change a location. Bins are not made mandatory, or given up, while stock lies there without them, or in them.

    Raises: Missing, StaleRevision, Invalid, FixedByUse. Locks: the location.
    """
    location = _lock_location(code, expected_rev)
    _refuse_rename(values, "code", code)
    if values.get("bin_mandatory", location.bin_mandatory) != location.bin_mandatory:
        _require_empty(location)
    _enter_location(location, values)
    location.save()
    return location


@act
def delete_location(code: str, *, expected_rev: int | None = None) -> None:
    """Delete a location that nothing uses, with its bins. Raises: Missing, StaleRevision, InUse. Locks: it."""
    location = _lock_location(code, expected_rev)
    refuse_deletion(location, what="Location", besides=[Bin])
    location.bins.all().delete()
    location.delete()


def _enter_location(location: Location, values: Values) -> None:
    for name in ("name", "bin_mandatory", "require_pick", "require_shipment", *BIN_FIELDS):
        if name in values:
            setattr(location, name, values[name])
    wanted = {name: getattr(location, name) for name in BIN_FIELDS if getattr(location, name)}
    if not wanted:
        return
    known = set(Bin.objects.filter(location=location, code__in=wanted.values()).values_list("code", flat=True))
    raise_all(
        [
            NotFound(field=name, what=f"Bin at location {location.code}", key=code)
            for name, code in wanted.items()
            if code not in known
        ]
    )


def _require_empty(location: Location) -> None:
    if StockBalance.objects.filter(location=location, quantity__gt=0).exists():
        raise FixedByUse(
            field="bin_mandatory", what="Whether bins are mandatory", key=location.code, used_by="stock that lies there"
        )


@act
def create_bin(location_code: str, values: Values, *, expected_rev: int | None = None) -> Bin:
    """Create a bin at a location. Raises: Missing, StaleRevision, Required, AlreadyExists. Locks: the location."""
    location = _lock_location(location_code, expected_rev)
    code = values.get("code")
    if not code:
        raise Required(field="code")
    if location.bins.filter(code=code).exists():
        raise AlreadyExists(field="code", what=f"Bin at location {location_code}", key=code)
    return Bin.objects.create(location=location, code=code, description=values.get("description", ""))


@act
def change_bin(location_code: str, code: str, values: Values, *, expected_rev: int | None = None) -> Bin:
    """Change a bin's description. Raises: Missing, StaleRevision, Invalid. Locks: the location."""
    row = _bin_of(_lock_location(location_code, expected_rev), code)
    _refuse_rename(values, "code", code)
    row.description = values.get("description", row.description)
    row.save(update_fields=["description"])
    return row


@act
def delete_bin(location_code: str, code: str, *, expected_rev: int | None = None) -> None:
    """Delete a bin that neither its location nor any line or entry names.

    Raises: Missing, StaleRevision, FixedByUse. Locks: the location.
    """
    location = _lock_location(location_code, expected_rev)
    row = _bin_of(location, code)
    if any(getattr(location, name) == code for name in BIN_FIELDS):
        raise FixedByUse(what=f"Bin {code}", key=code, used_by=f"the settings of location {location_code}")
    refuse_change(location, what=f"Bin {code}", field="code", matching={"location": {"bin_code": code}})
    row.delete()


def _lock_location(code: str, expected_rev: int | None) -> Location:
    location = lock_master(Location, code)
    check_revision(location, expected_rev)
    return location


def _bin_of(location: Location, code: str) -> Bin:
    row = location.bins.filter(code=code).first()
    if row is None:
        raise Missing(what=f"Bin at location {location.code}", key=code)
    return row


# --- Settings ---------------------------------------------------------------------------------------------------------


@act
def change_setup(values: Values, *, expected_rev: int | None = None) -> Setup:
    """Change the company's settings. Raises: StaleRevision, NotFound. Locks: the settings."""
    setup = lock_setup()
    check_revision(setup, expected_rev)
    for name, value in values.items():
        if name == "default_location":
            setup.default_location_id = value or None
            if value:
                _require_known(Location, value, "default_location")
        else:
            setattr(setup, name, value)
    setup.save()
    forget(SETUP)
    return setup


# --- Keys -------------------------------------------------------------------------------------------------------------


def _new_key(model: type[UnitOfMeasure] | type[Resource] | type[Location], values: Values, name: str) -> str:
    key: str = values.get(name) or ""
    if not key:
        raise Required(field=name)
    if model._default_manager.filter(pk=key).exists():
        raise AlreadyExists(field=name, what=str(model._meta.verbose_name).capitalize(), key=key)
    return key


def _refuse_rename(values: Values, name: str, key: str) -> None:
    if values.get(name, key) != key:
        raise NeverRenamed(field=name)


def _require_known(model: type[UnitOfMeasure] | type[Location], key: str, field: str) -> None:
    if not model._default_manager.filter(pk=key).exists():
        raise NotFound(field=field, what=str(model._meta.verbose_name).capitalize(), key=key)
