"""Stock and plan as they stand, for many items at once: one statement whatever their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import DateField, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Abs, Cast, Coalesce

from inventory.availability.outlook import DayFlow, Nets, Outlook
from inventory.bom_graph import ItemKey
from inventory.locks import StockKey
from inventory.models import PlannedMovement, StockBalance
from inventory.rounding import ZERO

_QUANTITY: DecimalField[Any, Any] = DecimalField(max_digits=18, decimal_places=5)
_NOTHING = Value(ZERO, output_field=_QUANTITY)
_DEMAND, _SUPPLY = Q(quantity__lt=0), Q(quantity__gt=0)

#: How a planned movement counts on its day.
_FLOW = {
    "gross_requirement": Coalesce(Sum(Abs(F("quantity")), filter=_DEMAND), ZERO, output_field=_QUANTITY),
    "reserved_requirement": Coalesce(Sum("reserved_quantity", filter=_DEMAND), ZERO, output_field=_QUANTITY),
    "scheduled_receipt": Coalesce(Sum("quantity", filter=_SUPPLY), ZERO, output_field=_QUANTITY),
    "reserved_receipt": Coalesce(Sum("reserved_quantity", filter=_SUPPLY), ZERO, output_field=_QUANTITY),
}

#: A day, or None, and four quantities.
_Row = Sequence[Any]


@dataclass(slots=True)
class Outlooks:
    """The outlook of each item, variant and location; of what nothing is known, an empty one."""

    known: Mapping[StockKey, Outlook]

    def of(self, key: StockKey) -> Outlook:
        """Return the outlook of one."""
        return self.known.get(key, Outlook())


#: By hand, because every answer about a sales document and every page of the worklist asks it, and the work of the ORM
#: took longer than the server's.
_KEYS = "unnest(%(items)s::varchar[], %(variants)s::varchar[], %(locations)s::varchar[])"
#: LATERAL and OFFSET 0: each key's days are added up by themselves, where PostgreSQL would sort the movements of all.
_OF_KEYS = f"""
SELECT item_id, variant_code, location_id, day.*
  FROM {_KEYS} AS wanted (item_id, variant_code, location_id)
 CROSS JOIN LATERAL (
       SELECT due_date,
              coalesce(-sum(quantity) FILTER (WHERE quantity < 0), 0),
              coalesce(sum(reserved_quantity) FILTER (WHERE quantity < 0), 0),
              coalesce(sum(quantity) FILTER (WHERE quantity > 0), 0),
              coalesce(sum(reserved_quantity) FILTER (WHERE quantity > 0), 0)
         FROM inventory_plannedmovement planned
        WHERE (planned.item_id, planned.variant_code, planned.location_id)
              = (wanted.item_id, wanted.variant_code, wanted.location_id)
        GROUP BY due_date OFFSET 0
       ) day
UNION ALL
SELECT item_id, variant_code, location_id, NULL, quantity, reserved_quantity, 0, 0
  FROM {_KEYS} AS wanted (item_id, variant_code, location_id)
  JOIN inventory_stockbalance USING (item_id, variant_code, location_id)
"""


def load_outlooks(keys: Collection[StockKey]) -> Outlooks:
    """Load stock and plan of these items, variants and locations (AVL-06). One statement, none for no keys."""
    if not keys:
        return Outlooks({})
    items, variants, locations = (list(column) for column in zip(*keys, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_OF_KEYS, {"items": items, "variants": variants, "locations": locations})
        return _by_key(cursor.fetchall())


def load_items(items: Collection[str], *, location: str | None) -> dict[ItemKey, Outlook]:
    """Load stock and plan of these items by variant, at one location, or of all together. One statement."""
    wanted: dict[str, Any] = {"item__in": set(items)}
    if location is not None:
        wanted["location"] = location
    rows = _union(
        StockBalance.objects.filter(**wanted),
        PlannedMovement.objects.filter(**wanted),
        ("item_id", "variant_code"),
    )
    found: dict[ItemKey, list[_Row]] = {}
    for item, variant, *row in rows:
        found.setdefault(ItemKey(item, variant), []).append(row)
    return {key: _outlook(part) for key, part in found.items()}


def load_all(balances: QuerySet[StockBalance], movements: QuerySet[PlannedMovement]) -> Outlooks:
    """Load the outlooks that these balances and planned movements make up. One statement."""
    return _by_key(_union(balances, movements, ("item_id", "variant_code", "location_id")))


def _by_key(rows: Iterable[_Row]) -> Outlooks:
    found: dict[StockKey, list[_Row]] = {}
    for item, variant, location, *row in rows:
        found.setdefault(StockKey(item, variant, location), []).append(row)
    return Outlooks({key: _outlook(part) for key, part in found.items()})


_NETS = """
SELECT location_id, item_id, variant_code, due_date,
       sum(CASE WHEN quantity > 0 THEN quantity - reserved_quantity ELSE quantity + reserved_quantity END)
FROM inventory_plannedmovement WHERE item_id = ANY(%(items)s) GROUP BY 1, 2, 3, 4
UNION ALL
SELECT location_id, item_id, variant_code, NULL, quantity - reserved_quantity
FROM inventory_stockbalance WHERE item_id = ANY(%(items)s)
"""


def load_nets(items: Collection[str]) -> dict[str, dict[ItemKey, Nets]]:
    """Load what is free of these items at every location, and what each day adds. One statement.

    It reads what `load_all` reads, for those who want many items and one figure of each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NETS, {"items": list(items)})
        rows = cursor.fetchall()
    places: dict[str, dict[ItemKey, Nets]] = {}
    for location, item, variant, date, quantity in rows:
        here = places.setdefault(location, {})
        key = ItemKey(item, variant)
        nets = here.get(key)
        if nets is None:
            nets = here[key] = Nets()
        if date is None:
            nets.available_inventory = quantity
        else:
            nets.days.append((date, quantity))
    return places


def load_one(balances: QuerySet[StockBalance], movements: QuerySet[PlannedMovement]) -> Outlook:
    """Load all of these balances and planned movements as if they lay in one place. One statement."""
    return _outlook([list(row) for row in _union(balances, movements, ())])


def _union(
    balances: QuerySet[StockBalance], movements: QuerySet[PlannedMovement], columns: Sequence[str]
) -> Iterable[tuple[Any, ...]]:
    """Return rows of the columns, a day, and four quantities: those of `_FLOW`; or no day, and what is on hand."""
    names = (*columns, "due_date")
    by_day = movements.order_by().values_list(*names).annotate(**_FLOW)
    stock = (
        balances.order_by()
        .annotate(due_date=Cast(Value(None), DateField()))
        .values_list(*names)
        .annotate(
            **dict(zip(_FLOW, (_total("quantity"), _total("reserved_quantity"), _NOTHING, _NOTHING), strict=True))
        )
    )
    return by_day.union(stock, all=True)


def _total(column: str) -> Coalesce:
    return Coalesce(Sum(column), ZERO, output_field=_QUANTITY)


def _outlook(rows: Iterable[_Row]) -> Outlook:
    on_hand = reserved = ZERO
    days = []
    for date, *quantities in rows:
        if date is None:
            on_hand, reserved = on_hand + quantities[0], reserved + quantities[1]
        else:
            days.append(DayFlow(date, *quantities))
    return Outlook(on_hand=on_hand, reserved_on_hand=reserved, days=sorted(days, key=lambda day: day.date))


def until(movements: QuerySet[PlannedMovement], date: dt.date | None, days: int | None) -> QuerySet[PlannedMovement]:
    """Leave out what is due later than the date and the days ahead of it."""
    return movements if date is None else movements.filter(due_date__lte=date + dt.timedelta(days=days or 0))
