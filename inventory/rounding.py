"""Rounding of quantities, unit amounts and amounts. Pure; every argument and result is a Decimal.

All rounding of the product happens through these functions, where a rule of the rule book says so, once.
Half is rounded away from zero. A precision of zero means "none given" and stands for 0.00001.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from backoffice.exceptions import OutOfRange

ZERO = Decimal(0)
ONE = Decimal(1)

#: What a quantity is rounded to where its unit gives no precision (QTY-01).
QUANTITY_PRECISION = Decimal("0.00001")
#: Unit prices and unit costs are kept to five decimals.
UNIT_AMOUNT_PRECISION = Decimal("0.00001")
#: Amounts are kept to two decimals.
AMOUNT_PRECISION = Decimal("0.01")
#: No quantity or amount reaches this; it also keeps NaN out of CHECK constraints.
LIMIT = Decimal("1e13")


def round_to(value: Decimal, precision: Decimal) -> Decimal:
    """Round `value` to a multiple of `precision`, half away from zero (QTY-01). Raises OutOfRange from 1e13 on."""
    if not -LIMIT < value < LIMIT:
        raise OutOfRange
    step = precision or QUANTITY_PRECISION
    return (value / step).quantize(ONE, rounding=ROUND_HALF_UP) * step


def round_quantity(value: Decimal, precision: Decimal = ZERO) -> Decimal:
    """Round a quantity to its unit's precision, or to 0.00001 where that is zero (QTY-01)."""
    return round_to(value, precision)


def round_up_component(value: Decimal, precision: Decimal) -> Decimal:
    """Round a component quantity: to 0.00001 first, then UP to a multiple of `precision` (QTY-04).

    A precision of zero leaves it at 0.00001, so 2.000004 stays 2 whatever the precision.
    """
    nearest = round_to(value, QUANTITY_PRECISION)
    if not precision:
        return nearest
    return (nearest / precision).quantize(ONE, rounding=ROUND_CEILING) * precision


def fits(value: Decimal, precision: Decimal) -> bool:
    """Tell whether `value` is a multiple of `precision`; a precision of zero asks for five decimals (QTY-02)."""
    return round_to(value, precision) == value


def base_quantity(quantity: Decimal, *, factor: Decimal, precision: Decimal = ZERO) -> Decimal:
    """Return `quantity` of a unit in base units; `precision` is the base unit's (QTY-03)."""
    return round_to(quantity * factor, precision)


def from_base(quantity_base: Decimal, *, factor: Decimal) -> Decimal:
    """Return a base quantity in a unit of `factor` base units each, to five decimals."""
    return round_to(quantity_base / factor, QUANTITY_PRECISION)


def unit_amount(value: Decimal) -> Decimal:
    """Round a unit price or unit cost to five decimals."""
    return round_to(value, UNIT_AMOUNT_PRECISION)


def amount(value: Decimal) -> Decimal:
    """Round an amount to two decimals."""
    return round_to(value, AMOUNT_PRECISION)


def running_share(total: Decimal, whole: Decimal, quantity: Decimal, *, after: Decimal) -> Decimal:
    """Return the share of the amount `total` of `whole` that falls to `quantity`, the part after `after`.

    It is what the rounded running total grows by, so that the parts add up to the amount however it is split, and
    the last one carries what rounding left over.
    """
    return amount(total * (after + quantity) / whole) - amount(total * after / whole)
