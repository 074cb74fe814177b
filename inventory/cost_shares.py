"""Where the cost of an assembled item comes from, row by row of its bill of materials (BOMT-09, PRC-12). Read only.

The arithmetic is that of the standard cost, all levels; nothing is stored or locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from inventory.lookups import BomRow
from inventory.models import BomLineType, Item, ReplenishmentSystem, ResourceUsage
from inventory.rounding import ONE, ZERO, round_quantity
from inventory.services.standard_cost import CostShares, CostTree

#: More rows than that nobody reads.
MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """A row of the tree: the item itself at level 0, then items and resources, depth first.

    quantity_per_parent: in its unit, of fixed usage the whole of a lot. quantity_per_top_item: base units, of fixed
    usage its part of one. single, rolled_up: what it adds to the cost of one top item, by its parent's bill of
    materials alone and down to the leaves. lot_size: what fixed usage is spread over; None otherwise. doubt: in words.
    """

    level: int
    no: str
    description: str
    unit: str
    is_resource: bool
    quantity_per_parent: Decimal
    quantity_per_top_item: Decimal
    single: CostShares
    rolled_up: CostShares
    lot_size: Decimal | None = None
    doubt: str = ""


def cost_rows(no: str) -> list[CostRow]:
    """Return the tree of an item, its first `MAX_ROWS` rows. Three statements, whatever its size.

    Raises: Missing, Invalid (bought, or without a bill of materials).
    """
    tree = CostTree(no, all_levels=True, to_write=False)
    top, cost = tree.top, tree.cost_of(tree.top)
    rows = [
        CostRow(
            level=0,
            no=top.no,
            description=top.description,
            unit=top.base_unit_of_measure_id,
            is_resource=False,
            quantity_per_parent=ONE,
            quantity_per_top_item=ONE,
            single=cost.shares,
            rolled_up=cost.rolled_up,
        )
    ]
    for row in _below(tree, top, ONE, level=1):
        if len(rows) == MAX_ROWS:
            break
        rows.append(row)
    return rows


def _below(tree: CostTree, parent: Item, times: Decimal, *, level: int) -> Iterator[CostRow]:
    """Yield what so many of a parent are made of."""
    for row in tree.boms[parent.no]:
        if row.line.type == BomLineType.TEXT:
            continue
        shown = _row(tree, row, parent, times, level=level)
        yield shown
        item = tree.items.get(row.line.item_id or "")
        if item is not None and item.is_inventoriable and tree.is_assembled(item):
            yield from _below(tree, item, times * row.line.quantity_per * row.unit_factor, level=level + 1)


def _row(tree: CostTree, row: BomRow, parent: Item, times: Decimal, *, level: int) -> CostRow:
    line = row.line
    is_fixed = line.type == BomLineType.RESOURCE and line.resource_usage_type == ResourceUsage.FIXED
    lot_size = parent.lot_size if is_fixed and parent.lot_size else None
    quantity = line.quantity_per * row.unit_factor / (lot_size or ONE)
    return CostRow(
        level=level,
        no=line.item_id or line.resource_id or "",
        description=line.description or _name_of(row),
        unit=line.unit_of_measure_id or "",
        is_resource=line.type == BomLineType.RESOURCE,
        quantity_per_parent=line.quantity_per,
        quantity_per_top_item=round_quantity(quantity * times),
        single=CostShares().plus(tree.share(row, parent), times).rounded(),
        rolled_up=CostShares().plus(tree.rolled_up_share(row, parent), times).rounded(),
        lot_size=lot_size,
        doubt=_doubt(tree, row),
    )


def _name_of(row: BomRow) -> str:
    if row.line.item is not None:
        return row.line.item.description
    return row.line.resource.name if row.line.resource is not None else ""


def _doubt(tree: CostTree, row: BomRow) -> str:
    """Return what makes the row's cost doubtful, "" for nothing."""
    if row.line.quantity_per == ZERO:
        return "Quantity per is zero"
    item = tree.items.get(row.line.item_id or "")
    if item is None or tree.is_assembled(item):
        return ""
    if item.replenishment_system == ReplenishmentSystem.ASSEMBLY:
        return "Assembled, but without a bill of materials"
    return "Bought, though it has a bill of materials" if tree.boms.get(item.no) else ""
