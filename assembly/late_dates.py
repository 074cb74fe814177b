"""Which assembly documents and components are due before the work date (WRN-04)."""

from __future__ import annotations

from collections.abc import Iterable

from assembly.models import AssemblyDocument, AssemblyLine
from backoffice.notices import Notice
from inventory.late_dates import late_date_notices

#: Fields of a document and of a line whose edit sets its date.
DATES = frozenset({"item", "due_date", "starting_date", "ending_date"})
LINE_DATES = frozenset({"type", "no", "due_date", "lead_time_offset_days"})


def document_notices(document: AssemblyDocument, lines: Iterable[AssemblyLine]) -> list[Notice]:
    """Return the warnings that the dates of a document deserve: its own, and the first component that is late."""
    due = [line for line in lines if line.due_date is not None and line.remaining_quantity]
    first = min(due, key=_day_and_place, default=None)
    return late_date_notices(document.due_date, what="The due date") + line_notices([first] if first else [])


def line_notices(lines: Iterable[AssemblyLine]) -> list[Notice]:
    """Return the warnings that the dates of these components deserve."""
    return [
        notice
        for line in lines
        for notice in late_date_notices(line.due_date, what=f"The due date of {line.no}", line_no=line.line_no)
    ]


def _day_and_place(line: AssemblyLine) -> tuple[object, int]:
    return line.due_date, line.line_no
