"""What a sales line has in the plan already: its demand, its assembly order, and what is reserved for either.

A promise for the line is asked as if it were entered anew (PRM-07), so all of this is given back first. Read only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from assembly.models import AssemblyDocument, AssemblyLine
from inventory.availability.outlook import Nets
from inventory.bom_graph import BomGraph, ItemKey, Part
from inventory.models import ItemType, MovementSource, PlannedMovement, Reservation
from inventory.rounding import QUANTITY_PRECISION, ZERO


class Freed(NamedTuple):
    """What is given back of an item, base units; negative where it is a supply that is taken out. date: None, now."""

    location: str
    key: ItemKey
    date: dt.date | None
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What is left out of the plan, and of what the item is made for this line; None: of its bill of materials."""

    freed: Iterable[Freed] = ()
    parts: list[Part] | None = None

    @property
    def items(self) -> set[str]:
        """The items that a customised assembly is made of."""
        return {part.key.item_id for part in self.parts or ()}

    def in_graph(self, graph: BomGraph, item: str) -> BomGraph:
        """Return the graph with what the item is made of for this line."""
        if self.parts is None:
            return graph
        # Whatever its policy: an assembly document exists, so it is assembled (LNK-01).
        own = replace(graph.articles[item], parts=self.parts, is_assembled=True, has_bom=True)
        return BomGraph({**graph.articles, item: own})

    def give_back(self, places: dict[str, dict[ItemKey, Nets]]) -> None:
        """Add to what is free at each location what this line holds of it."""
        for location, key, date, quantity in self.freed:
            nets = places.setdefault(location, {}).setdefault(key, Nets())
            if date is None:
                nets.available_inventory += quantity
                continue
            days = dict(nets.days)
            days[date] = days.get(date, ZERO) + quantity
            nets.days = list(days.items())


def load_own_plan(line_id: int, assembly_no: str | None) -> OwnPlan:
    """Load what a stored sales line holds, with the assembly document that is made for it. Four statements at most."""
    document, components = _assembly(assembly_no)
    own = Q(source_kind=MovementSource.SALES_ORDER_LINE, source_id=line_id)
    if document is not None:
        own |= Q(source_kind=MovementSource.ASSEMBLY_ORDER, source_id=document.pk)
        ids = [component.pk for component in components]
        own |= Q(source_kind=MovementSource.ASSEMBLY_ORDER_LINE, source_id__in=ids)
    movements = {movement.pk: movement for movement in PlannedMovement.objects.filter(own)}
    reservations = Reservation.objects.filter(demand__in=movements).select_related("supply", "supply_entry")
    return OwnPlan(
        freed=[
            *(_unreserved(movement) for movement in movements.values()),
            *(_set_aside(row) for row in reservations if row.supply_id not in movements),
        ],
        parts=None if document is None else [_part(line, document) for line in components if line.quantity_per],
    )


def _assembly(no: str | None) -> tuple[AssemblyDocument | None, list[AssemblyLine]]:
    """Return the document with its components that are kept in stock."""
    if no is None:
        return None, []
    document = AssemblyDocument.objects.get(no=no)
    lines = document.lines.filter(item__type=ItemType.INVENTORY).select_related("item").order_by("line_no")
    return document, list(lines)


def _unreserved(movement: PlannedMovement) -> Freed:
    """Take out what of a demand or supply is not reserved: the rest comes back with its reservation, or was ours."""
    key = ItemKey(movement.item_id, movement.variant_code)
    taken = movement.reserved_quantity if movement.quantity < 0 else -movement.reserved_quantity
    return Freed(movement.location_id, key, movement.due_date, -(movement.quantity + taken))


def _set_aside(reservation: Reservation) -> Freed:
    if reservation.supply is not None:
        supply = reservation.supply
        key = ItemKey(supply.item_id, supply.variant_code)
        return Freed(supply.location_id, key, supply.due_date, reservation.quantity)
    entry = reservation.supply_entry
    assert entry is not None, "a reservation has a supply"
    return Freed(entry.location_id, ItemKey(entry.item_id, entry.variant_code), None, reservation.quantity)


def _part(line: AssemblyLine, document: AssemblyDocument) -> Part:
    assert line.item is not None
    assert line.item_id is not None
    return Part(
        key=ItemKey(line.item_id, line.variant_code),
        # The document counts in its unit, the tree in base units.
        quantity_per=line.quantity_per / document.qty_per_unit_of_measure,
        factor=line.qty_per_unit_of_measure,
        precision=line.qty_rounding_precision,
        base_precision=line.qty_rounding_precision_base or QUANTITY_PRECISION,
        offset_days=line.lead_time_offset_days,
    )


#: Nothing is in the plan yet.
NOTHING_OWN = OwnPlan()
