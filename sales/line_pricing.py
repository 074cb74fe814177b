"""The price of a sales line, in memory: the item's or resource's own, or what was agreed."""

from __future__ import annotations

from decimal import Decimal

from backoffice.exceptions import Invalid, numbers_of
from inventory.rounding import ZERO, unit_amount
from sales import quantities
from sales.masters import LineValues
from sales.models import SalesLine, SalesLineType


def enter_price(line: SalesLine, values: LineValues, *, anew: bool) -> None:
    """Apply price, discount and cost, and work the amount out; `anew` takes the item's or resource's own first.

    Raises: Invalid, at the field.
    """
    if anew:
        source = line.item or line.resource
        factor = line.qty_per_unit_of_measure
        with numbers_of("unit_of_measure"):
            line.unit_price = unit_amount(source.unit_price * factor) if source else ZERO
            line.unit_cost = unit_amount(source.unit_cost * factor) if source else ZERO
    for name in ("unit_price", "line_discount_percent", "unit_cost"):
        if name in values:
            _enter_amount(line, name, values[name])
    with numbers_of("unit_price" if "unit_price" in values else "quantity"):
        line.line_amount = quantities.line_amount(
            quantity=line.quantity,
            unit_price=line.unit_price,
            line_discount_percent=line.line_discount_percent,
        )


def _enter_amount(line: SalesLine, name: str, value: Decimal) -> None:
    if value < ZERO:
        raise Invalid(field=name, detail="This cannot be negative.")
    if name == "line_discount_percent" and value > 100:
        raise Invalid(field=name, detail="A discount is at most 100 percent.")
    if value and line.type == SalesLineType.COMMENT:
        raise Invalid(field=name, detail="A comment line has no price.")
    setattr(line, name, value)
