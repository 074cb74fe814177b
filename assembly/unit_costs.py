"""What one unit of an assembly order costs by its lines."""

from __future__ import annotations

from decimal import Decimal

from assembly import quantities
from assembly.revision import Revision


def rolled_up_unit_cost(revision: Revision) -> Decimal:
    """Return the lines' cost with overhead on top, for one of the document's unit (PRC-04). Its quantity: > 0."""
    document = revision.document
    return quantities.rolled_up_unit_cost(
        rolled_up_cost=revision.rolled_up_cost(),
        quantity=document.quantity,
        indirect_cost_percent=document.indirect_cost_percent,
        overhead_rate=document.overhead_rate,
    )
