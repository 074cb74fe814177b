"""What an assembly order should cost, is expected to cost by its lines, and has cost by the ledger (PRC-05)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assembly.models import AssemblyDocument, AssemblyLine
from inventory.models import Resource
from inventory.rounding import ONE, amount, round_quantity
from inventory.services.order_costs import actual_costs
from inventory.services.standard_cost import CostShares, shares_of

_PARTS = {
    "material": "Material",
    "capacity": "Resources",
    "capacity_overhead": "Overhead of resources",
    "overhead": "Overhead of assembly",
    "total": "Total",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """A part of the cost, in money. Of what is assembled: standard, actual and the variance between them."""

    name: str
    #: For the whole order by the item's bill of materials as it is now; None where it has none.
    standard: Decimal | None
    #: For the whole order by its own lines.
    expected: Decimal
    #: For what is assembled so far, by the ledger.
    actual: Decimal
    standard_of_assembled: Decimal | None

    @property
    def variance(self) -> Decimal | None:
        """How much more than the standard it cost; negative: less."""
        return None if self.standard_of_assembled is None else self.actual - self.standard_of_assembled

    @property
    def deviation_percent(self) -> Decimal | None:
        """The variance in whole percent of the standard; None where there is no standard."""
        if self.variance is None or not self.standard_of_assembled:
            return None
        return round_quantity(self.variance / self.standard_of_assembled * 100, ONE)


def cost_rows(document: AssemblyDocument, lines: Iterable[AssemblyLine]) -> list[CostRow]:
    """Return the parts of an order's cost and their total. Its item is loaded; seven statements at most."""
    shares = shares_of(document.item)
    expected = _expected(document, lines)
    actual = actual_costs(document.no)
    return [
        CostRow(
            name=name,
            standard=_times(shares, part, document.quantity_base),
            expected=amount(getattr(expected, part)),
            actual=amount(getattr(actual, part)),
            standard_of_assembled=_times(shares, part, document.assembled_quantity_base),
        )
        for part, name in _PARTS.items()
    ]


def _times(shares: CostShares | None, part: str, quantity_base: Decimal) -> Decimal | None:
    return None if shares is None else amount(getattr(shares, part) * quantity_base)


def _expected(document: AssemblyDocument, lines: Iterable[AssemblyLine]) -> CostShares:
    """What the lines say. The rate counts once for each unit of the document, as in its unit cost (PRC-04)."""
    direct = CostShares()
    for line in lines:
        direct = direct.plus(_share_of(line))
    own = direct.direct * document.indirect_cost_percent / 100 + document.overhead_rate * document.quantity
    return direct.plus(CostShares(overhead=own))


def _share_of(line: AssemblyLine) -> CostShares:
    if line.resource is None:
        return CostShares(material=line.cost_amount)
    capacity = amount(line.cost_amount / _overhead_factor(line.resource))
    return CostShares(capacity=capacity, capacity_overhead=line.cost_amount - capacity)


def _overhead_factor(resource: Resource) -> Decimal:
    return ONE + resource.indirect_cost_percent / 100
