"""When a stored sales line can leave: the promise of its item, asked as if the line were entered anew (PRM-07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from assembly.own_plan import load_own_plan
from assembly.promise import Alternative, Promise, promise
from inventory.bom_graph import ItemKey
from inventory.models import ItemType, Setup
from inventory.rounding import from_base

if TYPE_CHECKING:
    from sales.reading import ShownLine


@dataclass(frozen=True, slots=True, kw_only=True)
class InUnit:
    """A promise as somebody reads it who thinks in a unit of `factor` base units each."""

    promise: Promise
    factor: Decimal

    def of(self, quantity_base: Decimal) -> Decimal:
        """Return a base quantity of the promised item in the unit."""
        return from_base(quantity_base, factor=self.factor)

    @property
    def from_inventory(self) -> Decimal:
        """What comes from stock."""
        return self.of(self.promise.from_inventory)

    @property
    def to_assemble(self) -> Decimal:
        """What is assembled."""
        return self.of(self.promise.to_assemble)

    @property
    def missing(self) -> Decimal:
        """What is not to be had: of the bottleneck in its base unit, else of the item itself."""
        return self.promise.missing if self.promise.bottleneck else self.of(self.promise.missing)

    @property
    def ways(self) -> list[tuple[Alternative, list[tuple[Decimal, dt.date | None]]]]:
        """The ways to be earlier, each with its parts in the unit."""
        return [
            (way, [(self.of(part.quantity), part.earliest_date) for part in way.parts])
            for way in self.promise.alternatives
        ]


def promise_line(line: ShownLine, *, setup: Setup) -> InUnit | None:
    """Promise what is outstanding of a line, None where nothing is, or where it is not kept in stock.

    Ten statements at most, however deep the bill of materials.
    """
    is_kept = line.item_type == ItemType.INVENTORY and line.location_id is not None
    if not is_kept or not line.outstanding_quantity_base:
        return None
    assert line.item_id is not None
    assert line.location_id is not None
    found = promise(
        item=ItemKey(line.item_id, line.variant_code),
        location=line.location_id,
        quantity=line.outstanding_quantity_base,
        setup=setup,
        own=load_own_plan(line.pk, line.assembly_no),
    )
    return InUnit(promise=found, factor=line.qty_per_unit_of_measure)
