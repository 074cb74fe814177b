"""Dates run backwards: due, end, start, and a component's before that (LNK-60)."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from assembly.dates import LeadTimes, component_due_date

DAY = dt.date(2031, 3, 3)
days = st.integers(min_value=0, max_value=400)
dates = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 1, 1))


def test_from_the_due_date_backwards() -> None:
    lead = LeadTimes(assembly=3, safety=2)

    ending = lead.ending_before(DAY)
    starting = lead.starting_before(ending)

    assert (ending, starting) == (dt.date(2031, 3, 1), dt.date(2031, 2, 26))
    assert component_due_date(starting=starting, offset_days=1) == dt.date(2031, 2, 25)


@given(days, days, dates)
def test_there_and_back_again(assembly: int, safety: int, due: dt.date) -> None:
    lead = LeadTimes(assembly=assembly, safety=safety)
    ending = lead.ending_before(due)
    starting = lead.starting_before(ending)

    assert starting <= ending <= due
    assert lead.ending_after(starting) == ending
    assert lead.due_after(ending) == due


@given(dates, days)
def test_no_component_is_due_after_the_start(starting: dt.date, offset: int) -> None:
    assert component_due_date(starting=starting, offset_days=offset) <= starting
