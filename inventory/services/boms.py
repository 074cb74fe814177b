"""Bills of materials: who may be in one, and that none contains itself.

An edit holds the lock of the whole graph (`locks.lock_bom_graph`), then its item: two edits that are
harmless one by one could close a cycle together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from backoffice.exceptions import DomainError, FieldError, Invalid, raise_all
from backoffice.transactions import act, check_revision
from inventory.exceptions import BomCycle, Missing
from inventory.locks import lock_bom_graph, lock_master, lock_masters
from inventory.models import AssemblyPolicy, BomLine, Item, ItemType, ReplenishmentSystem
from inventory.services.bom_lines import BomMasters, BomValues, enter_line, is_new

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
def create_boms(boms: Mapping[str, Sequence[BomValues]]) -> None:
    """Give items that have none their bills of materials: values by parent, in line order; all or nothing.

    Faults stand at "parent[index].field". The number of statements does not depend on the number of lines.

    Raises: Missing, Invalid, Required, NotFound, BomCycle. Locks: the BOM graph, the items by number.
    """
    lock_bom_graph()
    parents = lock_masters(Item, boms)
    rows: list[BomLine] = []
    values: list[BomValues] = []
    paths: list[str] = []
    for no, lines in sorted(boms.items()):
        for index, entry in enumerate(_number(lines)):
            rows.append(BomLine(parent=_require_parent(parents[no]), line_no=entry["line_no"]))
            values.append(entry)
            paths.append(f"{no}[{index}]")
    _enter_lines(rows, values, paths=paths)
    _refuse_any_cycle(rows)
    BomLine.objects.bulk_create(rows)
    _become_assembled([parent for no, parent in parents.items() if boms[no]])


def _refuse_any_cycle(new: Sequence[BomLine]) -> None:
    """Refuse a cycle in the graph of all bills of materials, the new lines among them. One statement."""
    edges: dict[str, set[str]] = {}
    for parent, component in BomLine.objects.filter(item__isnull=False).values_list("parent_id", "item_id"):
        edges.setdefault(parent, set()).add(str(component))
    for row in new:
        if row.item_id:
            edges.setdefault(row.parent_id, set()).add(row.item_id)
    if item := find_cycle(edges):
        raise BomCycle(item=item, component=item)


def _become_assembled(parents: Sequence[Item]) -> None:
    purchased = [parent for parent in parents if parent.replenishment_system == ReplenishmentSystem.PURCHASE]
    if purchased:
        Item.objects.filter(pk__in=[parent.pk for parent in purchased]).update(
            replenishment_system=ReplenishmentSystem.ASSEMBLY
        )


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
    return _require_parent(parent)


def _require_parent(item: Item) -> Item:
    if item.type != ItemType.INVENTORY:
        raise Invalid(detail=f"{item.no} is not kept in inventory: it cannot be assembled.")
    return item


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
    changed = _enter_lines(rows, values, paths=paths)
    try:
        refuse_cycle(parent, {row.item_id for row in changed if row.item_id})
    except BomCycle as cycle:
        path = next(path for row, path in zip(rows, paths, strict=True) if row.item_id == cycle.params["component"])
        raise BomCycle(field=f"{path}.no" if path else "no", **cycle.params) from None
    return changed


def _enter_lines(rows: Sequence[BomLine], values: Sequence[BomValues], *, paths: Sequence[str]) -> list[BomLine]:
    masters = BomMasters.load(rows, values)
    changed: list[BomLine] = []
    errors: list[DomainError] = []
    for row, entry, path in zip(rows, values, paths, strict=True):
        before = _state(row)
        try:
            enter_line(row, entry, masters)
        except FieldError as error:
            errors.append(error.at(path) if path else error)
        else:
            if is_new(row) or _state(row) != before:
                changed.append(row)
    raise_all(errors)
    return changed


def _state(row: BomLine) -> dict[str, Any]:
    return {name: getattr(row, f"{name}_id", getattr(row, name, None)) for name in _WRITABLE}


def _write(parent: Item, changed: Sequence[BomLine], *, deleted: Sequence[BomLine] = ()) -> None:
    if deleted:
        parent.bom_lines.filter(pk__in=[row.pk for row in deleted]).delete()
    if updated := [row for row in changed if not is_new(row)]:
        BomLine.objects.bulk_update(updated, _WRITABLE)
    BomLine.objects.bulk_create([row for row in changed if is_new(row)])


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
