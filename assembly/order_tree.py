"""What an assembly order could make, over all levels below its own, customised lines (BOMT-01 to BOMT-08). Read only.

Four statements at most, however deep the tree: the lines, the settings, the bills of materials, stock and plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects

from assembly.able_to_make import Node, OrderPart, build_order_tree, work_out
from assembly.availability import components, own_demand, stock_key
from assembly.reading import shown_lines
from inventory.availability.outlook import Outlook
from inventory.availability.reading import load_outlooks
from inventory.bom_graph import ItemKey, load_bom_graph
from inventory.locks import StockKey
from inventory.lookups import current_setup

if TYPE_CHECKING:
    from assembly.reading import ShownDocument, ShownLine


def order_tree(document: ShownDocument) -> Node:
    """Return the tree of a document with what can be made, in its unit, by the dates of its lines.

    What the document itself asks for and has reserved is there for it (AVL-14). Raises: TreeTooLarge.
    """
    prefetch_related_objects([document], Prefetch("lines", queryset=shown_lines()))
    lines, setup = components(document), current_setup()
    graph = load_bom_graph({line.item_id for line in lines if line.item_id})
    top = build_order_tree(
        graph,
        ItemKey(document.item_id, document.variant_code),
        [_part(line) for line in lines],
        date=document.due_date,
        default_safety_days=setup.default_safety_lead_time_days,
    )
    there = _outlooks(document, lines, top)
    work_out(top, lambda node: there[_key(node)].figures(node.needed_by_date).available)
    return top


def _part(line: ShownLine) -> OrderPart:
    assert line.item_id is not None
    assert line.location_id is not None
    assert line.due_date is not None
    return OrderPart(
        line_no=line.line_no,
        key=ItemKey(line.item_id, line.variant_code),
        location=line.location_id,
        quantity_per=line.quantity_per,
        factor=line.qty_per_unit_of_measure,
        due_date=line.due_date,
    )


def _outlooks(document: ShownDocument, lines: Sequence[ShownLine], top: Node) -> dict[StockKey, Outlook]:
    """Return stock and plan of all rows, the document's own demand left out."""
    keys = {_key(node) for node in top.walk() if node.level}
    loaded = load_outlooks(keys)
    there = {key: loaded.of(key) for key in keys}
    for line in lines:
        key = stock_key(line)
        if key in there:
            there[key] = there[key].without_demand(own_demand(document, line))
    return there


def _key(node: Node) -> StockKey:
    return StockKey(node.key.item_id, node.key.variant_code, node.location)
