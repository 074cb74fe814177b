"""Bills of materials: who may be in one, and that none contains itself.

An edit holds the lock of the whole graph (`locks.lock_bom_graph`), then its item: two edits that are
harmless one by one could close a cycle together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from backoffice.exceptions import DomainError, FieldError, Invalid, NotFound, Required, raise_all
from backoffice.transactions import act, check_revision
from inventory.exceptions import BomCycle, Missing
from inventory.locks import lock_bom_graph, lock_master
from inventory.lookups import ItemFacts, load_items, load_resources
from inventory.models import (
    AssemblyPolicy,
    BomLine,
    BomLineType,
    Item,
    ItemType,
    ReplenishmentSystem,
    Resource,
    ResourceUsage,
)
from inventory.rounding import ZERO

#: What a client may say of a line: contract field names, parsed values.
BomValues = Mapping[str, Any]

LINE_NO_STEP = 10_000
_WRITABLE = (
    "type",
    "item",
    "resource",
    "variant_code",
    "description",
    "quantity_per",
    "unit_of_measure",
    "resource_usage_type",
    "lead_time_offset_days",
    "position",
    "installed_in",
)


@act
def replace_bom(item_no: str, lines: Sequence[BomValues], *, expected_rev: int | None = None) -> list[BomLine]:
    """Make `lines` the item's whole bill of materials and return it, in line order.

    Lines keep their identity by `line_no`; a line without one comes after the highest of those given. Every
    refusal of every line is reported at once, at "[index].field".

    Raises: Invalid, Required, NotFound, BomCycle, StaleRevision. Locks: the BOM graph, the item.
    """
    parent = _lock_parent(item_no, expected_rev)
    existing = {line.line_no: line for line in parent.bom_lines.all()}
    numbered = _number(lines)
    rows = [existing.get(values["line_no"]) or BomLine(parent=parent, line_no=values["line_no"]) for values in numbered]
    changed = _enter(parent, rows, numbered, paths=[f"[{index}]" for index in range(len(rows))])
    kept = {row.line_no for row in rows}
    _write(parent, changed, deleted=[line for no, line in existing.items() if no not in kept])
    _follow_bom(parent, had_lines=bool(existing), has_lines=bool(rows))
    return sorted(rows, key=lambda row: row.line_no)


@act
def add_bom_line(item_no: str, values: BomValues, *, expected_rev: int | None = None) -> BomLine:
    """Add one line, numbered after the highest unless `line_no` is given. Raises and locks as `replace_bom`."""
    parent = _lock_parent(item_no, expected_rev)
    taken = set(parent.bom_lines.values_list("line_no", flat=True))
    line_no = values.get("line_no") or max(taken, default=0) + LINE_NO_STEP
    if line_no in taken:
        raise Invalid(field="line_no", detail=f"Line {line_no} is there already.")
    row = BomLine(parent=parent, line_no=line_no)
    _write(parent, _enter(parent, [row], [values], paths=[""]))
    _follow_bom(parent, had_lines=bool(taken), has_lines=True)
    return row


@act
def change_bom_line(item_no: str, line_no: int, values: BomValues, *, expected_rev: int | None = None) -> BomLine:
    """Change fields of one line. A new component brings its own defaults. Raises and locks as `replace_bom`."""
    parent = _lock_parent(item_no, expected_rev)
    row = _line_of(parent, line_no)
    _write(parent, _enter(parent, [row], [values], paths=[""]))
    return row


@act
def delete_bom_line(item_no: str, line_no: int, *, expected_rev: int | None = None) -> None:
    """Delete one line. Raises: Missing, StaleRevision. Locks as `replace_bom`."""
    parent = _lock_parent(item_no, expected_rev)
    _line_of(parent, line_no).delete()
    _follow_bom(parent, had_lines=True, has_lines=parent.bom_lines.exists())


def find_cycle(edges: Mapping[str, Collection[str]]) -> str | None:
    """Return an item that contains itself in a graph of parents and their components, or None. Pure."""
    state: dict[str, bool] = {}  # False: on the way down to it, True: nothing below it leads back
    for root in edges:
        stack = [(root, False)]
        while stack:
            item, leaving = stack.pop()
            if leaving:
                state[item] = True
            elif item not in state:
                state[item] = False
                stack.append((item, True))
                below = edges.get(item, ())
                if any(state.get(component) is False for component in below):
                    return item
                stack.extend((component, False) for component in below if component not in state)
    return None


# --- One edit ---------------------------------------------------------------------------------------------------------


def _lock_parent(item_no: str, expected_rev: int | None) -> Item:
    lock_bom_graph()
    parent = lock_master(Item, item_no)
    check_revision(parent, expected_rev)
    if parent.type != ItemType.INVENTORY:
        raise Invalid(detail=f"{parent.no} is not kept in inventory: it cannot be assembled.")
    return parent


def _line_of(parent: Item, line_no: int) -> BomLine:
    row = parent.bom_lines.filter(line_no=line_no).first()
    if row is None:
        raise Missing(what=f"Line of the bill of materials of {parent.no}", key=line_no)
    return row


def _number(lines: Sequence[BomValues]) -> list[dict[str, Any]]:
    """Give every line its number, in the order given; refuse a number that stands twice."""
    numbered: list[dict[str, Any]] = []
    errors: list[DomainError] = []
    seen: set[int] = set()
    highest = max((values.get("line_no") or 0 for values in lines), default=0)
    for index, values in enumerate(lines):
        line_no = values.get("line_no")
        if not line_no:
            line_no = highest = highest + LINE_NO_STEP
        if line_no in seen:
            errors.append(Invalid(field=f"[{index}].line_no", detail=f"Line {line_no} stands twice."))
        seen.add(line_no)
        numbered.append({**values, "line_no": line_no})
    raise_all(errors)
    return numbered


def _enter(
    parent: Item, rows: Sequence[BomLine], values: Sequence[BomValues], *, paths: Sequence[str]
) -> list[BomLine]:
    """Apply the values in memory, check every line and the graph; return the rows that differ from the database."""
    masters = _Masters.load(rows, values)
    changed: list[BomLine] = []
    errors: list[DomainError] = []
    for row, entry, path in zip(rows, values, paths, strict=True):
        before = _state(row)
        try:
            _enter_line(row, entry, masters)
        except FieldError as error:
            errors.append(error.at(path) if path else error)
        else:
            if _is_new(row) or _state(row) != before:
                changed.append(row)
    raise_all(errors)
    refuse_cycle(parent, {row.item_id for row in changed if row.item_id})
    return changed


def _is_new(row: BomLine) -> bool:
    return row._state.adding


def _state(row: BomLine) -> dict[str, Any]:
    return {name: getattr(row, f"{name}_id", getattr(row, name, None)) for name in _WRITABLE}


def _write(parent: Item, changed: Sequence[BomLine], *, deleted: Sequence[BomLine] = ()) -> None:
    if deleted:
        parent.bom_lines.filter(pk__in=[row.pk for row in deleted]).delete()
    if updated := [row for row in changed if not _is_new(row)]:
        BomLine.objects.bulk_update(updated, _WRITABLE)
    BomLine.objects.bulk_create([row for row in changed if _is_new(row)])


def _follow_bom(parent: Item, *, had_lines: bool, has_lines: bool) -> None:
    """A first component makes a purchased item an assembled one, the last to go makes it purchased again (DM-11)."""
    if has_lines and not had_lines and parent.replenishment_system == ReplenishmentSystem.PURCHASE:
        parent.replenishment_system = ReplenishmentSystem.ASSEMBLY
    elif (
        had_lines
        and not has_lines
        and parent.replenishment_system == ReplenishmentSystem.ASSEMBLY
        and parent.assembly_policy != AssemblyPolicy.ASSEMBLE_TO_ORDER
    ):
        parent.replenishment_system = ReplenishmentSystem.PURCHASE
    else:
        return
    parent.save(update_fields=["replenishment_system"])


def refuse_cycle(parent: Item, components: Iterable[str]) -> None:
    """Refuse components that contain the parent, at any depth, or are it (DM-14). One statement."""
    wanted = sorted(set(components))
    if parent.no in wanted:
        raise BomCycle(item=parent.no, component=parent.no)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COMPONENTS_THAT_CONTAIN, [wanted, parent.no])
        found = cursor.fetchone()
    if found is not None:
        raise BomCycle(item=parent.no, component=found[0])


_COMPONENTS_THAT_CONTAIN = """
    WITH RECURSIVE below (component, item) AS (
        SELECT no, no FROM unnest(%s::text[]) AS no
        UNION
        SELECT below.component, line.item_id
        FROM below JOIN inventory_bomline line ON line.parent_id = below.item
        WHERE line.item_id IS NOT NULL
    )
    SELECT component FROM below WHERE item = %s ORDER BY component LIMIT 1
"""


# --- One line ---------------------------------------------------------------------------------------------------------


class _Masters:
    """The items and resources that the lines of one edit refer to."""

    def __init__(self, items: dict[str, ItemFacts], resources: dict[str, Resource]) -> None:
        self.items, self.resources = items, resources

    @classmethod
    def load(cls, rows: Sequence[BomLine], values: Sequence[BomValues]) -> _Masters:
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


def _enter_line(row: BomLine, values: BomValues, masters: _Masters) -> None:
    """Apply values to a line in memory and check it. Raises FieldError at the field."""
    kind = values.get("type") or row.type or BomLineType.ITEM
    if _is_new(row) or kind != row.type or values.get("no", row.no) != row.no:
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


def _enter_item(row: BomLine, values: BomValues, masters: _Masters) -> None:
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
    is_new = row.item_id is None
    row.item = facts.item
    row.variant_code = values.get("variant", row.variant_code)
    facts.variant(row.variant_code)
    unit = values.get("unit_of_measure") or row.unit_of_measure_id or facts.item.base_unit_of_measure_id
    row.unit_of_measure_id = facts.unit(unit).code
    row.description = values.get("description", facts.item.description if is_new else row.description)
    _enter_quantity_per(row, values)


def _enter_resource(row: BomLine, values: BomValues, masters: _Masters) -> None:
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
    elif _is_new(row):
        raise Required(field="quantity_per")
    if row.quantity_per < 0:
        raise Invalid(field="quantity_per", detail="The quantity per must not be negative.")
