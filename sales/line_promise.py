"""What a sales line promises, in a word: ready, expected on a day, short by so many, or not checked.

Read only, and no statement of its own: it sums up what `sales.availability` has found.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import TextChoices

from inventory.rounding import ZERO

if TYPE_CHECKING:
    from sales.reading import ShownLine


class PromiseState(TextChoices):
    """Whether a line can leave on its shipment date, and otherwise when."""

    READY = "ready", "Ready"
    EXPECTED = "expected", "Expected"
    SHORT = "short", "Short"
    NOT_CHECKED = "not_checked", "Not checked"

    @property
    def tone(self) -> str:
        """How its chip looks."""
        return {"ready": "success", "expected": "warning", "short": "danger"}.get(self.value, "neutral")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePromise:
    """The promise of one line. date: when all of it can leave; only where expected. quantity: what is short, in the
    line's unit: from stock and of what can be assembled; only where expected or short.
    """

    state: PromiseState
    date: dt.date | None = None
    quantity: Decimal = ZERO


NOT_CHECKED = LinePromise(state=PromiseState.NOT_CHECKED)


def promise_of(line: ShownLine) -> LinePromise | None:
    """Return the promise of a line whose availability is attached; None where there is nothing left to promise.

    What is not kept in stock waits for nothing, and is not checked.
    """
    if not line.outstanding_quantity:
        return None
    seen = line.availability
    if seen is None:
        return NOT_CHECKED
    if not seen.missing and not seen.lacks_components:
        return LinePromise(state=PromiseState.READY)
    unassembled = ZERO if seen.able_to_assemble is None else max(seen.to_assemble - seen.able_to_assemble, ZERO)
    short = seen.missing + unassembled
    if seen.earliest_date is None or seen.lacks_for_good:
        return LinePromise(state=PromiseState.SHORT, quantity=short)
    return LinePromise(state=PromiseState.EXPECTED, date=seen.earliest_date, quantity=short)
