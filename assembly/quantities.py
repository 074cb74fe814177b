"""The arithmetic of assembling to order. Pure; arguments and results are Decimals >= 0 in the unit at hand.

Source: docs/rules/03-quantities.md (QTY-10 to QTY-31). `precision` is that of the line's unit, 0 for none.
"""

from __future__ import annotations

from decimal import Decimal

from inventory.rounding import ZERO, amount, round_quantity, round_up_component, unit_amount


def remaining_quantity(*, quantity: Decimal, assembled_quantity: Decimal) -> Decimal:
    """QTY-10: what is still to be assembled."""
    return quantity - assembled_quantity


def default_quantity_to_assemble(*, qty_to_ship: Decimal, remaining: Decimal) -> Decimal:
    """QTY-20: a linked order assembles what ships next, at most what remains."""
    return min(qty_to_ship, remaining)


def max_quantity_to_assemble(*, qty_to_ship: Decimal, remaining: Decimal) -> Decimal:
    """QTY-22: never assemble more than the shipment takes, nor more than remains."""
    return min(qty_to_ship, remaining)


def min_quantity_to_assemble(*, qty_to_ship: Decimal, outstanding: Decimal, remaining: Decimal) -> Decimal:
    """QTY-22: stock covers only the part of the line that is not assembled to order (QTY-06)."""
    qty_from_stock = outstanding - remaining
    return max(qty_to_ship - qty_from_stock, ZERO)


def header_quantity_per(*, bom_quantity_per: Decimal, header_factor: Decimal, fixed: bool) -> Decimal:
    """QTY-11: a component's quantity for one of the order's unit; fixed usage does not depend on the unit."""
    if fixed:
        return bom_quantity_per
    return round_quantity(bom_quantity_per * header_factor)


def rescaled_quantity_per(*, quantity_per: Decimal, old_factor: Decimal, new_factor: Decimal, fixed: bool) -> Decimal:
    """LNK-61: the quantity per after the order's unit changed, customised or not."""
    if fixed:
        return quantity_per
    return round_quantity(quantity_per * new_factor / old_factor)


def component_quantity(*, quantity_per: Decimal, header_quantity: Decimal, precision: Decimal, fixed: bool) -> Decimal:
    """QTY-12, QTY-13, QTY-14: what an order of `header_quantity` needs, rounded UP to the unit's precision.

    Always worked out from the line's own quantity per, so that what was customised, substituted or added by
    hand scales like everything else and no rounding noise builds up.
    """
    if fixed:
        return quantity_per
    return round_up_component(quantity_per * header_quantity, precision)


def line_remaining(*, quantity: Decimal, consumed: Decimal) -> Decimal:
    """QTY-15: what may still be consumed; a quantity lowered below the consumed one leaves nothing."""
    return max(quantity - consumed, ZERO)


def proposed_consumption(
    *,
    quantity: Decimal,
    remaining: Decimal,
    header_quantity: Decimal,
    quantity_to_assemble: Decimal,
    precision: Decimal,
    fixed: bool,
) -> Decimal:
    """QTY-16, QTY-17: what the next posting consumes of a line: its share, at most what remains.

    Fixed usage goes in whole with the first posting. To nearest, not up: the last part may be nothing
    (TRP-11). Nothing is consumed where nothing is assembled (TRP-06).
    """
    if not quantity_to_assemble or not header_quantity:
        return ZERO
    if fixed:
        return remaining
    return min(round_quantity(quantity * quantity_to_assemble / header_quantity, precision), remaining)


def cost_amount(*, quantity: Decimal, unit_cost: Decimal) -> Decimal:
    """QTY-31: the cost of a line or an order, to two decimals."""
    return amount(quantity * unit_cost)


def rolled_up_unit_cost(
    *,
    rolled_up_cost: Decimal,
    quantity: Decimal,
    indirect_cost_percent: Decimal,
    overhead_rate: Decimal,
) -> Decimal:
    """PRC-04: an order's unit cost from its lines' cost, with overhead on top. quantity > 0."""
    direct = rolled_up_cost / quantity
    return unit_amount(direct + direct * indirect_cost_percent / 100 + overhead_rate)
