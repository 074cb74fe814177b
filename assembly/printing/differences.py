"""How the components of an order differ from the item's bill of materials of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from assembly import quantities
from assembly.models import AssemblyDocument, AssemblyLine
from inventory.models import BomLine, BomLineType, ResourceUsage
from inventory.rounding import ONE

#: Type, number, variant, unit, quantity per, usage: what a component is, wherever it stands in the list.
Component = tuple[str, str, str, str, Decimal, str]


def bom_of(document: AssemblyDocument) -> list[BomLine]:
    """Return the bill of materials of the document's item without its texts. One statement."""
    lines = BomLine.objects.filter(parent=document.item_id).exclude(type=BomLineType.TEXT)
    return list(lines.select_related("item", "resource").order_by("line_no"))


def changed_lines(lines: Iterable[AssemblyLine], bom: Sequence[BomLine], *, factor: Decimal = ONE) -> set[int]:
    """Return the numbers of the lines that the bill of materials does not have so. factor: the order's unit's."""
    expected = Counter(_of_bom(line, factor) for line in bom)
    changed = set()
    for line in lines:
        if line.is_text:
            continue
        component = _of_line(line)
        if expected[component]:
            expected[component] -= 1
        else:
            changed.add(line.line_no)
    return changed


def left_out(lines: Iterable[AssemblyLine], bom: Sequence[BomLine]) -> list[str]:
    """Return the items and resources of the bill of materials that the lines do not have at all."""
    there = {(line.type, line.no) for line in lines}
    return [_no(line) for line in bom if (line.type, _no(line)) not in there]


def _of_line(line: AssemblyLine) -> Component:
    unit = line.unit_of_measure_id or ""
    return line.type, line.no, line.variant_code, unit, line.quantity_per, line.resource_usage_type


def _of_bom(line: BomLine, factor: Decimal) -> Component:
    """A resource is used in its base unit, and with the quantity unless said otherwise, as on a new order."""
    usage = ""
    if line.type == BomLineType.RESOURCE:
        usage = line.resource_usage_type or ResourceUsage.DIRECT
    per = quantities.header_quantity_per(
        bom_quantity_per=line.quantity_per, header_factor=factor, fixed=usage == ResourceUsage.FIXED
    )
    return line.type, _no(line), line.variant_code, _unit(line), per, usage


def _no(line: BomLine) -> str:
    return line.item_id or line.resource_id or ""


def _unit(line: BomLine) -> str:
    if line.resource is not None:
        return line.resource.base_unit_of_measure_id
    assert line.item is not None
    return line.unit_of_measure_id or line.item.base_unit_of_measure_id
