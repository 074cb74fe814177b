"""When sales order lines can leave, told before and after a write: the touched ones, and those that share goods."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Any

from assembly.models import AssembleToOrderLink, AssemblyLine
from backoffice.decimals import plain
from inventory.models import DEMAND_SOURCES, MovementSource, PlannedMovement
from sales.availability import attach_to_orders
from sales.reading import shown_lines

if TYPE_CHECKING:
    from sales.reading import ShownLine

#: So many demands are looked at, the earliest first: those behind them can only be told by asking for them.
MAX_DEMANDS = 200


class PromisesOfLines:
    """What the touched documents plan concerns everybody who wants the same items at the same locations."""

    def subjects_of(self, document_nos: Collection[str]) -> set[Hashable]:
        """Return item and location of what the documents plan. One statement."""
        planned = PlannedMovement.objects.filter(document_no__in=document_nos)
        return set(planned.order_by().values_list("item", "location").distinct())

    def read(self, subjects: Collection[tuple[str, str]]) -> dict[str, dict[str, Any]]:
        """Return by sales order line when it can leave: null where nothing known is enough. Ten statements at most."""
        lines = list(shown_lines().filter(pk__in=_sales_lines(subjects)).select_related("document"))
        attach_to_orders(lines)
        return {f"{line.document.no} {line.line_no}": _promise(line) for line in lines if line.availability is not None}


def _sales_lines(subjects: Collection[tuple[str, str]]) -> set[int]:
    items, locations = {item for item, _ in subjects}, {location for _, location in subjects}
    demands = list(
        PlannedMovement.objects.filter(item__in=items, location__in=locations, source_kind__in=DEMAND_SOURCES)
        .order_by("due_date", "pk")
        .values_list("source_kind", "source_id")[:MAX_DEMANDS]
    )
    sold = {source for kind, source in demands if kind == MovementSource.SALES_ORDER_LINE}
    components = [source for kind, source in demands if kind == MovementSource.ASSEMBLY_ORDER_LINE]
    assemblies = AssemblyLine.objects.filter(pk__in=components).values("document")
    return sold | set(AssembleToOrderLink.objects.filter(assembly__in=assemblies).values_list("sales_line", flat=True))


def _promise(line: ShownLine) -> dict[str, Any]:
    seen = line.availability
    assert seen is not None
    late = bool(seen.missing) or seen.lacks_components
    date = seen.earliest_date if late else line.shipment_date
    return {
        "item": line.item_id,
        "quantity": plain(line.outstanding_quantity),
        "shipment_date": None if line.shipment_date is None else line.shipment_date.isoformat(),
        "earliest_date": None if date is None else date.isoformat(),
        "missing": plain(seen.missing),
    }
