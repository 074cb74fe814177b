"""What the components allow of the assembly documents behind sales lines (AVL-23). Read only.

One statement for the components of all lines, with no more columns than the answer takes: every answer about a sales
document asks for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, OuterRef

from assembly.ability import Ability, Need, assess
from assembly.availability import lead_times
from assembly.models import AssembleToOrderLink, AssemblyDocumentType
from assembly.quantities import component_quantity
from assembly.reading import reserved_of
from inventory.availability.outlook import DayFlow
from inventory.availability.reading import Outlooks
from inventory.locks import StockKey
from inventory.models import ItemType, MovementSource, Setup
from inventory.rounding import ZERO, base_quantity
from sales.made_to_order import MakingAbility
from sales.models import SalesLine


class _Row(NamedTuple):
    """A line of the assembly document behind a sales line; one without an item where it has no lines at all."""

    sales_line: int
    document_type: str
    quantity: Decimal
    assembled_quantity: Decimal
    lead_time_days: int
    safety_lead_time_days: int | None
    line_no: int
    item_type: str | None
    item: str
    variant_code: str
    location: str
    quantity_per: Decimal
    factor: Decimal
    precision: Decimal
    precision_base: Decimal
    line_quantity_base: Decimal
    consumed_quantity_base: Decimal
    due_date: dt.date
    offset_days: int
    reserved_base: Decimal

    @property
    def remaining(self) -> Decimal:
        """What remains to be assembled, in the document's unit."""
        return self.quantity - self.assembled_quantity

    @property
    def is_component(self) -> bool:
        """Whether it takes something that is kept in stock."""
        return self.item_type == ItemType.INVENTORY

    @property
    def key(self) -> StockKey:
        """Where it takes it."""
        return StockKey(self.item, self.variant_code, self.location)


#: Where the columns of a row stand, as seen from the link; the reserved quantity comes last.
_COLUMNS = (
    "sales_line_id",
    "assembly__document_type",
    "assembly__quantity",
    "assembly__assembled_quantity",
    "assembly__item__lead_time_days",
    "assembly__item__safety_lead_time_days",
    "assembly__lines__line_no",
    "assembly__lines__item__type",
    "assembly__lines__item_id",
    "assembly__lines__variant_code",
    "assembly__lines__location_id",
    "assembly__lines__quantity_per",
    "assembly__lines__qty_per_unit_of_measure",
    "assembly__lines__qty_rounding_precision",
    "assembly__lines__qty_rounding_precision_base",
    "assembly__lines__quantity_base",
    "assembly__lines__consumed_quantity_base",
    "assembly__lines__due_date",
    "assembly__lines__lead_time_offset_days",
)


@dataclass(frozen=True, slots=True)
class LineAbilities:
    """What can be made for sales lines, once stock and plan are known (`sales.made_to_order.MakingAbilities`)."""

    rows: Sequence[_Row] = field(default=())

    @property
    def stock_keys(self) -> set[StockKey]:
        """What is to be known of: everything that the documents take from stock."""
        return {row.key for row in self.rows if row.is_component}

    def assess(self, outlooks: Outlooks, *, setup: Setup) -> Mapping[int, MakingAbility]:
        """Return it by sales line id."""
        by_line = groupby(self.rows, key=attrgetter("sales_line"))
        return {line: _answer(_assess(list(rows), outlooks, setup)) for line, rows in by_line}


def load_abilities(lines: Collection[SalesLine]) -> LineAbilities:
    """Load the documents that are made for sales lines. One statement, none where nothing is assembled."""
    wanted = [line.pk for line in lines if line.is_assembled_to_order]
    if not wanted:
        return LineAbilities()
    reserved = reserved_of(MovementSource.ASSEMBLY_ORDER_LINE, OuterRef("line_id"))
    rows: Iterable[tuple[object, ...]] = (
        AssembleToOrderLink.objects.filter(sales_line__in=wanted)
        .order_by("sales_line", "assembly__lines__line_no")
        .annotate(line_id=F("assembly__lines__pk"))
        .values_list(*_COLUMNS, reserved)
    )
    return LineAbilities([_Row._make(row) for row in rows])


def _assess(rows: Sequence[_Row], outlooks: Outlooks, setup: Setup) -> Ability:
    first = rows[0]
    return assess(
        [_need(row, outlooks) for row in rows if row.is_component],
        remaining=first.remaining,
        lead_times=lead_times(assembly=first.lead_time_days, safety=first.safety_lead_time_days, setup=setup),
        look_ahead_days=setup.check_avail_period_days,
    )


def _answer(ability: Ability) -> MakingAbility:
    return MakingAbility(
        remaining=ability.remaining,
        able_to_assemble=ability.able_to_assemble,
        earliest_date=ability.earliest_date,
        is_short=ability.is_short and any(line.is_short for line in ability.lines),
        lacks_for_good=any(line.is_short and line.earliest_date is None for line in ability.lines),
    )


def _need(row: _Row, outlooks: Outlooks) -> Need:
    """Return what the document's remaining quantity takes of a component, whatever was consumed so far."""
    outlook = outlooks.of(row.key)
    own = max(row.line_quantity_base - row.consumed_quantity_base, ZERO) if row.remaining else ZERO
    if own and row.document_type == AssemblyDocumentType.ORDER:
        outlook = outlook.without_demand(
            DayFlow(date=row.due_date, gross_requirement=own, reserved_requirement=row.reserved_base)
        )
    return Need(
        line_no=row.line_no,
        quantity_per=row.quantity_per,
        factor=row.factor,
        remaining_base=_taken(row),
        due_date=row.due_date,
        offset_days=row.offset_days,
        outlook=outlook,
    )


def _taken(row: _Row) -> Decimal:
    quantity = component_quantity(
        quantity_per=row.quantity_per, header_quantity=row.remaining, precision=row.precision, fixed=False
    )
    return base_quantity(quantity, factor=row.factor, precision=row.precision_base)
