"""Whose demand suggestions would cover: the open documents behind what planning finds uncovered. Read only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from assembly.netting import Suggestion

#: So many documents are named for one suggestion; behind them it is only said that there are more.
DOCUMENTS_NAMED = 3


class Demand(NamedTuple):
    """A document row that wants something: base units, > 0, without what is reserved for it."""

    source_kind: str
    document_no: str
    line_no: int
    quantity: Decimal


#: LATERAL: each suggestion looks at the few movements of its own days.
_SQL = """
SELECT wanted.place, demand.*
  FROM unnest(%(items)s::varchar[], %(variants)s::varchar[], %(locations)s::varchar[], %(first)s::date[],
              %(last)s::date[]) WITH ORDINALITY
       AS wanted (item_id, variant_code, location_id, first_day, last_day, place)
 CROSS JOIN LATERAL (
       SELECT source_kind, document_no, line_no, -quantity - reserved_quantity
         FROM inventory_plannedmovement planned
        WHERE (planned.item_id, planned.variant_code, planned.location_id)
              = (wanted.item_id, wanted.variant_code, wanted.location_id)
          AND planned.due_date BETWEEN wanted.first_day AND wanted.last_day
          AND planned.quantity < -planned.reserved_quantity
        ORDER BY due_date, id
        LIMIT %(named)s
       ) demand
"""


def uncovered_demand(suggestions: Sequence[Suggestion], *, today: dt.date) -> list[list[Demand]]:
    """Return for each suggestion whose demand falls due on its day, past due as of today (PLN-02).

    One more than `DOCUMENTS_NAMED` at most, to tell that there are more. One statement, none for no suggestions.
    """
    found: list[list[Demand]] = [[] for _ in suggestions]
    if not suggestions:
        return found
    keys = [suggestion.key for suggestion in suggestions]
    days = [suggestion.due_date for suggestion in suggestions]
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "items": [key.item_id for key in keys],
                "variants": [key.variant_code for key in keys],
                "locations": [key.location_id for key in keys],
                "first": [dt.date.min if day <= today else day for day in days],
                "last": days,
                "named": DOCUMENTS_NAMED + 1,
            },
        )
        for place, *demand in cursor.fetchall():
            found[place - 1].append(Demand(*demand))
    return found
