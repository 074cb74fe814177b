"""How much of an assembly document its components allow, and from when. Pure.

Quantities `…_base` are in base units of the component, all others in the unit that is said; all >= 0 but what is
expected, which may be negative. Source: docs/rules/05-availability.md (AVL-12 to AVL-20).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from assembly.dates import LeadTimes
from inventory.availability.outlook import Figures, Outlook
from inventory.rounding import QUANTITY_PRECISION, ZERO, from_base


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one item line still needs. `outlook`: with its own demand left out."""

    line_no: int
    #: For one of the document's unit, in the line's unit.
    quantity_per: Decimal
    #: Base units in one of the line's unit.
    factor: Decimal
    remaining_base: Decimal
    due_date: dt.date
    offset_days: int
    outlook: Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAbility:
    """What one component allows. able_to_assemble: the document's unit; figures and expected: base units."""

    need: Need
    figures: Figures
    able_to_assemble: Decimal
    earliest_date: dt.date | None
    #: AVL-20, whatever the setup says about warnings.
    is_short: bool

    @property
    def expected_base(self) -> Decimal:
        """What is expected to be there for the line, its own demand left out (AVL-14)."""
        return self.figures.available

    def in_unit(self, quantity_base: Decimal) -> Decimal:
        """Return a base quantity in the line's unit."""
        return from_base(quantity_base, factor=self.need.factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """What all components together allow. Quantities are in the document's unit."""

    remaining: Decimal
    able_to_assemble: Decimal
    earliest_date: dt.date | None
    lines: Sequence[LineAbility]

    @property
    def is_short(self) -> bool:
        """Whether less can be assembled than remains (WRN-01)."""
        return self.able_to_assemble < self.remaining

    def is_bottleneck(self, line: LineAbility) -> bool:
        """Whether the line is one of those that allow the least."""
        return self.is_short and line.able_to_assemble == self.able_to_assemble


def assess(needs: Sequence[Need], *, remaining: Decimal, lead_times: LeadTimes, look_ahead_days: int | None) -> Ability:
    """AVL-12, AVL-13: the least that a component with a quantity per allows, and the latest date of one."""
    lines = [_line_ability(need, remaining=remaining, look_ahead_days=look_ahead_days) for need in needs]
    counted = [line for line in lines if line.need.quantity_per]
    return Ability(
        remaining=remaining,
        able_to_assemble=min([remaining, *(line.able_to_assemble for line in counted)]),
        earliest_date=_due_when_all_are_there(counted, lead_times),
        lines=lines,
    )


def able_to_assemble(
    *, expected_base: Decimal, available_inventory: Decimal, need: Need, remaining: Decimal
) -> Decimal:
    """AVL-14: how much of what remains one component allows, rounded down to 0.00001."""
    if expected_base >= need.remaining_base:
        return remaining
    if expected_base < ZERO:
        return remaining if available_inventory >= need.remaining_base else ZERO
    if not need.quantity_per:
        return remaining
    able = (expected_base / (need.quantity_per * need.factor)).quantize(QUANTITY_PRECISION, rounding=ROUND_FLOOR)
    return min(able, remaining)


def _line_ability(need: Need, *, remaining: Decimal, look_ahead_days: int | None) -> LineAbility:
    figures = need.outlook.figures(need.due_date, look_ahead_days=look_ahead_days)
    enough = figures.available >= need.remaining_base
    return LineAbility(
        need=need,
        figures=figures,
        able_to_assemble=able_to_assemble(
            expected_base=figures.available,
            available_inventory=figures.available_inventory,
            need=need,
            remaining=remaining,
        ),
        earliest_date=None if enough else need.outlook.earliest_date(needed=need.remaining_base, start=need.due_date),
        is_short=ZERO < need.remaining_base > need.outlook.figures(need.due_date).available,
    )


def _due_when_all_are_there(lines: Sequence[LineAbility], lead_times: LeadTimes) -> dt.date | None:
    """AVL-13: the due date of work that starts when the last component is there; a line without a date has no say."""
    starts = [
        line.earliest_date + timedelta(days=line.need.offset_days) for line in lines if line.earliest_date is not None
    ]
    if not starts:
        return None
    return lead_times.due_after(lead_times.ending_after(max(starts)))
