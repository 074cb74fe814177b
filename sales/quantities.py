"""Quantities of a sales line. Pure; arguments and results are Decimals >= 0 in the line's unit unless said.

Source: docs/rules/02-link-lifecycle.md (LNK) and docs/rules/03-quantities.md (QTY).
"""

from __future__ import annotations

from decimal import Decimal

from inventory.rounding import ZERO, amount


def outstanding_quantity(*, quantity: Decimal, quantity_shipped: Decimal) -> Decimal:
    """QTY-05: what is still to ship."""
    return quantity - quantity_shipped


def default_qty_to_ship(*, outstanding: Decimal, starts_blank: bool, prepared_in_warehouse: bool) -> Decimal:
    """QTY-05: what is outstanding; nothing where the setup says so or a warehouse shipment will say it."""
    return ZERO if starts_blank or prepared_in_warehouse else outstanding


def default_qty_to_assemble(
    *,
    old_quantity: Decimal,
    old_qty_to_assemble: Decimal,
    new_quantity: Decimal,
    required: bool,
    shipped_before: bool,
) -> Decimal:
    """LNK-04: what is assembled to order after a quantity, variant, location or unit was entered.

    `required`: the item is assembled to order by its policy (LNK-02). What was full stays full, what was
    split stays split as long as it fits, and an assemble-to-order item of which nothing was assembled and
    nothing is shipped is assembled in full.
    """
    starts = old_qty_to_assemble == ZERO and required and not shipped_before
    was_full = old_qty_to_assemble != ZERO and old_qty_to_assemble == old_quantity
    too_much = old_qty_to_assemble > new_quantity
    if starts or was_full or too_much:
        return new_quantity
    return old_qty_to_assemble


def line_amount(*, quantity: Decimal, unit_price: Decimal, line_discount_percent: Decimal) -> Decimal:
    """The amount of a line: quantity times price less discount, rounded to two decimals once."""
    return amount(quantity * unit_price * (100 - line_discount_percent) / 100)
