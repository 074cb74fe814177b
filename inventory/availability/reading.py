"""Stock and plan as they stand, for many items at once: two statements whatever their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Abs, Coalesce

from inventory.availability.outlook import DayFlow, Outlook
from inventory.locks import StockKey
from inventory.models import PlannedMovement, StockBalance
from inventory.rounding import ZERO

_QUANTITY: DecimalField[Any, Any] = DecimalField(max_digits=18, decimal_places=5)
_DEMAND, _SUPPLY = Q(quantity__lt=0), Q(quantity__gt=0)

#: How a planned movement counts on its day.
_FLOW = {
    "gross_requirement": Coalesce(Sum(Abs(F("quantity")), filter=_DEMAND), ZERO, output_field=_QUANTITY),
    "reserved_requirement": Coalesce(Sum("reserved_quantity", filter=_DEMAND), ZERO, output_field=_QUANTITY),
    "scheduled_receipt": Coalesce(Sum("quantity", filter=_SUPPLY), ZERO, output_field=_QUANTITY),
    "reserved_receipt": Coalesce(Sum("reserved_quantity", filter=_SUPPLY), ZERO, output_field=_QUANTITY),
}


@dataclass(slots=True)
class Outlooks:
    """The outlook of each item, variant and location; of what nothing is known, an empty one."""

    known: Mapping[StockKey, Outlook]

    def of(self, key: StockKey) -> Outlook:
        """Return the outlook of one."""
        return self.known.get(key, Outlook())


def load_outlooks(keys: Collection[StockKey]) -> Outlooks:
    """Load stock and plan of these items, variants and locations (AVL-06). Two statements, none for no keys."""
    if not keys:
        return Outlooks({})
    wanted = {
        "item__in": {key.item_id for key in keys},
        "location__in": {key.location_id for key in keys},
    }
    return load_all(StockBalance.objects.filter(**wanted), PlannedMovement.objects.filter(**wanted))


def load_all(balances: QuerySet[StockBalance], movements: QuerySet[PlannedMovement]) -> Outlooks:
    """Load the outlooks that these balances and planned movements make up. Two statements."""
    columns = ("item_id", "variant_code", "location_id")
    flows: dict[StockKey, list[DayFlow]] = {}
    by_day = movements.order_by().values(*columns, "due_date").annotate(**_FLOW).order_by("due_date")
    for row in by_day:
        flows.setdefault(_key(row), []).append(_flow(row))
    stock = {_key(row): row for row in balances.order_by().values(*columns, "quantity", "reserved_quantity")}
    return Outlooks({key: _outlook(stock.get(key), flows.get(key, ())) for key in stock.keys() | flows.keys()})


def load_one(balances: QuerySet[StockBalance], movements: QuerySet[PlannedMovement]) -> Outlook:
    """Load all of these balances and planned movements as if they lay in one place. Two statements."""
    days = [_flow(row) for row in movements.order_by().values("due_date").annotate(**_FLOW).order_by("due_date")]
    stock = balances.order_by().aggregate(
        quantity=Coalesce(Sum("quantity"), ZERO, output_field=_QUANTITY),
        reserved_quantity=Coalesce(Sum("reserved_quantity"), ZERO, output_field=_QUANTITY),
    )
    return _outlook(stock, days)


def load_own(kind: str, source_ids: Collection[int]) -> dict[int, DayFlow]:
    """Return what documents' rows have in the plan themselves, by the rows' ids. One statement, none for no ids."""
    if not source_ids:
        return {}
    rows = PlannedMovement.objects.filter(source_kind=kind, source_id__in=source_ids)
    return {row.source_id: _own(row) for row in rows.order_by()}


def until(movements: QuerySet[PlannedMovement], date: dt.date | None, days: int | None) -> QuerySet[PlannedMovement]:
    """Leave out what is due later than the date and the days ahead of it."""
    return movements if date is None else movements.filter(due_date__lte=date + dt.timedelta(days=days or 0))


def _key(row: Mapping[str, Any]) -> StockKey:
    return StockKey(row["item_id"], row["variant_code"], row["location_id"])


def _flow(row: Mapping[str, Any]) -> DayFlow:
    return DayFlow(date=row["due_date"], **{name: row[name] for name in _FLOW})


def _own(row: PlannedMovement) -> DayFlow:
    if row.quantity < ZERO:
        return DayFlow(date=row.due_date, gross_requirement=-row.quantity, reserved_requirement=row.reserved_quantity)
    return DayFlow(date=row.due_date, scheduled_receipt=row.quantity, reserved_receipt=row.reserved_quantity)


def _outlook(stock: Mapping[str, Decimal] | None, days: Iterable[DayFlow]) -> Outlook:
    if stock is None:
        return Outlook(days=list(days))
    return Outlook(on_hand=stock["quantity"], reserved_on_hand=stock["reserved_quantity"], days=list(days))
