"""A due date before the work date is taken, and said (WRN-04)."""

from __future__ import annotations

import datetime as dt

from backoffice.notices import Notice
from inventory.lookups import current_setup

#: WRN-04: something is due before the work date.
DUE_DATE_BEFORE_WORK_DATE = "due_date_before_work_date"


def late_date_notices(due_date: dt.date | None, *, what: str, line_no: int | None = None) -> list[Notice]:
    """Return the warning that a date lies before the work date, none where it does not. It never blocks.

    what: the date in words, at the beginning of a sentence.
    """
    today = current_setup().today
    if due_date is None or due_date >= today:
        return []
    detail = f"{what} {due_date} lies before the work date {today}."
    figures = {"due_date": due_date, "work_date": today}
    return [Notice(code=DUE_DATE_BEFORE_WORK_DATE, detail=detail, line_no=line_no, figures=figures)]
