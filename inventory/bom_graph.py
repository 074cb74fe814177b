"""Bills of materials down to the last level, for any number of items: one statement, whatever their depth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import connection

from inventory.models import ItemType, ReplenishmentSystem
from inventory.rounding import ONE, QUANTITY_PRECISION, ZERO, base_quantity, round_up_component


class ItemKey(NamedTuple):
    """An item, and of it a variant or "" for none."""

    item_id: str
    variant_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An inventory item in a bill of materials. quantity_per: its own unit, for one base unit of the parent."""

    key: ItemKey
    quantity_per: Decimal
    #: Base units in one of its unit.
    factor: Decimal
    #: The precision of quantities in its unit; 0: none.
    precision: Decimal
    base_precision: Decimal
    offset_days: int

    def needed_for(self, quantity: Decimal) -> Decimal:
        """Return what an order of so many base units of the parent takes, base units (QTY-13, QTY-03)."""
        if not self.precision and self.factor == ONE and self.base_precision == QUANTITY_PRECISION:
            # Nothing but the five decimals to round to, as nearly always: the same, in a quarter of the time.
            return (self.quantity_per * quantity).quantize(QUANTITY_PRECISION, rounding=ROUND_HALF_UP)
        taken = round_up_component(self.quantity_per * quantity, self.precision)
        return base_quantity(taken, factor=self.factor, precision=self.base_precision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is to be known of an item in a tree. Days; null safety lead time: the setup's."""

    no: str
    is_inventoriable: bool
    is_assembled: bool
    #: Whether it has a bill of materials, if only one of resources and texts.
    has_bom: bool
    base_precision: Decimal
    lead_time_days: int
    safety_lead_time_days: int | None
    parts: list[Part] = field(default_factory=list)

    @property
    def can_be_assembled(self) -> bool:
        """Whether an assembly order could bring more of it."""
        return self.is_assembled and self.has_bom

    def total_lead_days(self, default_safety_days: int) -> int:
        """Return the days from the start of its assembly until it may leave."""
        safety = default_safety_days if self.safety_lead_time_days is None else self.safety_lead_time_days
        return self.lead_time_days + safety


@dataclass(frozen=True, slots=True)
class BomGraph:
    """Items and what they are made of, all levels. Only items that are assembled are opened, and the roots."""

    articles: Mapping[str, Article]

    def parts_of(self, item: str) -> list[Part]:
        """Return the inventory items that one is made of, in line order."""
        return self.articles[item].parts

    def parents_first(self, roots: Iterable[ItemKey]) -> list[ItemKey]:
        """Return the roots and all that they are made of, each after everything that it goes into."""
        order: list[ItemKey] = []
        left: set[ItemKey] = set()
        stack = [(root, False) for root in roots]
        while stack:
            key, leaving = stack.pop()
            if leaving:
                order.append(key)
            elif key not in left:
                left.add(key)
                stack.append((key, True))
                stack.extend((part.key, False) for part in self.parts_of(key.item_id))
        return order[::-1]

    def in_tree_order(self, root: ItemKey) -> Iterator[ItemKey]:
        """Yield what a root is made of, each once, depth first in line order."""
        seen = {root}
        stack = [part.key for part in reversed(self.parts_of(root.item_id))]
        while stack:
            key = stack.pop()
            if key not in seen:
                seen.add(key)
                yield key
                stack.extend(part.key for part in reversed(self.parts_of(key.item_id)))


_SQL = """
WITH RECURSIVE reached(no, is_root) AS (
    SELECT no, true FROM inventory_item WHERE no = ANY(%(roots)s)
    UNION
    SELECT line.item_id, line.item_id = ANY(%(roots)s)
    FROM reached
    JOIN inventory_item parent ON parent.no = reached.no
    JOIN inventory_bomline line ON line.parent_id = reached.no
    WHERE line.item_id IS NOT NULL AND (reached.is_root OR parent.replenishment_system = %(assembly)s)
)
SELECT item.no, item.type, item.replenishment_system, item.lead_time_days, item.safety_lead_time_days,
       COALESCE(NULLIF(base.qty_rounding_precision, 0), item.rounding_precision),
       EXISTS (SELECT FROM inventory_bomline any_line WHERE any_line.parent_id = item.no),
       line.item_id, line.variant_code, line.quantity_per, line.lead_time_offset_days,
       COALESCE(unit.qty_per_unit_of_measure, 1), COALESCE(unit.qty_rounding_precision, 0)
FROM (SELECT no, bool_or(is_root) AS is_root FROM reached GROUP BY no) reached
JOIN inventory_item item ON item.no = reached.no
LEFT JOIN inventory_itemunit base
    ON base.item_id = item.no AND base.unit_of_measure_id = item.base_unit_of_measure_id
LEFT JOIN inventory_bomline line
    ON line.parent_id = item.no AND line.item_id IS NOT NULL
    AND (reached.is_root OR item.replenishment_system = %(assembly)s)
LEFT JOIN inventory_itemunit unit ON unit.item_id = line.item_id AND unit.unit_of_measure_id = line.unit_of_measure_id
ORDER BY item.no, line.line_no
"""


def load_bom_graph(roots: Collection[str]) -> BomGraph:
    """Load these items with what they are made of, down to what is not assembled. One statement, none for no roots."""
    if not roots:
        return BomGraph({})
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"roots": list(roots), "assembly": ReplenishmentSystem.ASSEMBLY.value})
        rows = cursor.fetchall()
    articles = {row[0]: _article(row) for row in rows}
    for row in rows:
        component = articles.get(row[7])
        # What is not kept in stock stops nothing, and what is needed in no quantity neither (BOMT-01).
        if component is not None and component.is_inventoriable and row[9]:
            articles[row[0]].parts.append(_part(row, component))
    return BomGraph(articles)


def _article(row: tuple[Any, ...]) -> Article:
    no, kind, replenishment, lead, safety, base_precision, has_bom = row[:7]
    return Article(
        no=no,
        is_inventoriable=kind == ItemType.INVENTORY,
        is_assembled=replenishment == ReplenishmentSystem.ASSEMBLY,
        has_bom=has_bom,
        base_precision=base_precision or QUANTITY_PRECISION,
        lead_time_days=lead,
        safety_lead_time_days=safety,
    )


def _part(row: tuple[Any, ...], component: Article) -> Part:
    item, variant, quantity_per, offset, factor, precision = row[7:]
    return Part(
        key=ItemKey(item, variant),
        quantity_per=quantity_per,
        factor=factor,
        precision=precision or ZERO,
        base_precision=component.base_precision,
        offset_days=offset,
    )
