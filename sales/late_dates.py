"""Which sales documents and lines are to be shipped before the work date (WRN-04)."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.notices import Notice
from inventory.late_dates import late_date_notices
from sales.models import SalesDocument, SalesLine

#: Fields of a line whose edit sets its date.
DATES = frozenset({"type", "no", "shipment_date"})


def document_notices(document: SalesDocument, lines: Iterable[SalesLine]) -> list[Notice]:
    """Return the warnings that the dates of a document deserve; a line is named where its date is one of its own."""
    own = [line for line in lines if line.shipment_date != document.shipment_date]
    return late_date_notices(document.shipment_date, what="The shipment date") + line_notices(own)


def line_notices(lines: Iterable[SalesLine]) -> list[Notice]:
    """Return the warnings that the dates of these lines deserve; none for what has left already."""
    return [
        notice
        for line in lines
        if line.outstanding_quantity
        for notice in late_date_notices(
            line.shipment_date, what=f"The shipment date of {line.no}", line_no=line.line_no
        )
    ]
