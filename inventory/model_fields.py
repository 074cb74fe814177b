"""The three kinds of number column, and the CHECK that keeps NaN and overflow out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from inventory.rounding import LIMIT, ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    _DecimalField = models.DecimalField[Decimal | str | int, Decimal]
else:
    _DecimalField = models.DecimalField


class QuantityField(_DecimalField):
    """A quantity: numeric(18,5), zero unless given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 5, "default": ZERO, **kwargs})


class UnitAmountField(_DecimalField):
    """A price or cost of one unit: numeric(18,5), zero unless given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 5, "default": ZERO, **kwargs})


class AmountField(_DecimalField):
    """An amount of money: numeric(18,2), zero unless given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 2, "default": ZERO, **kwargs})


def not_negative(*names: str) -> Q:
    """Condition: 0 <= each column < 1e13. The upper bound also refuses NaN, which compares above every number."""
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__gte": 0, f"{name}__lt": LIMIT})
    return condition


def bounded(*names: str) -> Q:
    """Condition: -1e13 < each column < 1e13, which refuses NaN."""
    condition = Q()
    for name in names:
        condition &= Q(**{f"{name}__gt": -LIMIT, f"{name}__lt": LIMIT})
    return condition
