"""Write the use of resources into both of their ledgers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice.changes import insert_rows
from inventory.models import CapacityLedgerEntry, Item, Resource, ResourceLedgerEntry
from inventory.rounding import ONE, amount


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUse:
    """Time of a resource that went into an item. quantity: the resource's base unit; unit_cost: for one of it."""

    resource: Resource
    item: Item
    quantity: Decimal
    unit_cost: Decimal
    posting_date: dt.date
    document_no: str
    order_no: str
    order_line_no: int

    @property
    def total_cost(self) -> Decimal:
        """What it costs in all."""
        return amount(self.quantity * self.unit_cost)

    @property
    def direct_cost(self) -> Decimal:
        """The direct share: the total without the resource's indirect percentage (PST-04)."""
        return amount(self.total_cost / (ONE + self.resource.indirect_cost_percent / 100))

    @property
    def overhead_cost(self) -> Decimal:
        """The rest, so that both shares add up to the total."""
        return self.total_cost - self.direct_cost


def post_resource_use(uses: Sequence[ResourceUse]) -> None:
    """Write a resource and a capacity ledger entry for each use, in order. Two statements."""
    if not uses:
        return
    of_resources = (
        ResourceLedgerEntry(**_common(use), unit_cost=use.unit_cost, total_cost=use.total_cost) for use in uses
    )
    of_items = (
        CapacityLedgerEntry(**_common(use), item=use.item, direct_cost=use.direct_cost, overhead_cost=use.overhead_cost)
        for use in uses
    )
    insert_rows(ResourceLedgerEntry, of_resources)
    insert_rows(CapacityLedgerEntry, of_items)


def _common(use: ResourceUse) -> dict[str, object]:
    return {
        "posting_date": use.posting_date,
        "resource": use.resource,
        "quantity": use.quantity,
        "document_no": use.document_no,
        "order_no": use.order_no,
        "order_line_no": use.order_line_no,
    }
