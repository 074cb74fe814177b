"""The dates of an assembly document. Pure. They run backwards: due, then end, then start (LNK-60)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimes:
    """How long assembling takes, and how long before the due date it is to be done; days, >= 0."""

    assembly: int
    safety: int

    def ending_before(self, due: dt.date) -> dt.date:
        """Return the ending date that keeps the safety lead time."""
        return due - timedelta(days=self.safety)

    def starting_before(self, ending: dt.date) -> dt.date:
        """Return the starting date that leaves time to assemble."""
        return ending - timedelta(days=self.assembly)

    def ending_after(self, starting: dt.date) -> dt.date:
        """Return the ending date of work that starts then."""
        return starting + timedelta(days=self.assembly)

    def due_after(self, ending: dt.date) -> dt.date:
        """Return the due date of work that ends then."""
        return ending + timedelta(days=self.safety)


def component_due_date(*, starting: dt.date, offset_days: int) -> dt.date:
    """When a component has to be there: at the start, less its offset."""
    return starting - timedelta(days=offset_days)
