"""The arithmetic of sales lines: the rule book's own tables, and what holds for every number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.rounding import ZERO
from sales.quantities import default_qty_to_assemble, line_amount, outstanding_quantity
from tests.pure.numbers import quantities


@pytest.mark.parametrize(
    ("old", "new", "required", "shipped", "expected"),
    [
        ((0, 0), 10, True, False, 10),
        ((0, 0), 10, False, False, 0),
        ((10, 10), 12, True, False, 12),
        ((10, 10), 12, False, False, 12),
        ((10, 10), 6, False, False, 6),
        ((10, 7), 12, True, False, 7),
        ((10, 7), 8, True, False, 7),
        ((10, 7), 5, True, False, 5),
        ((10, 0), 11, True, False, 11),
        ((10, 0), 10, True, False, 10),
        ((10, 0), 11, True, True, 0),
        ((10, 0), 11, False, False, 0),
        ((10, 10), 8, True, True, 8),
        ((10, 10), 0, True, False, 0),
    ],
)
def test_the_default_quantity_to_assemble_to_order(
    old: tuple[int, int], new: int, required: bool, shipped: bool, expected: int
) -> None:
    """LNK-04."""
    assert (
        default_qty_to_assemble(
            old_quantity=Decimal(old[0]),
            old_qty_to_assemble=Decimal(old[1]),
            new_quantity=Decimal(new),
            required=required,
            shipped_before=shipped,
        )
        == expected
    )


@given(quantities, quantities, quantities, st.booleans(), st.booleans())
def test_the_default_is_nothing_the_whole_or_what_it_was(
    old: Decimal, part: Decimal, new: Decimal, required: bool, shipped: bool
) -> None:
    before = min(part, old)

    after = default_qty_to_assemble(
        old_quantity=old, old_qty_to_assemble=before, new_quantity=new, required=required, shipped_before=shipped
    )

    assert ZERO <= after <= new
    assert after in (before, new)
    # Asked again with what came of it, it says the same: the edit is idempotent.
    assert after == default_qty_to_assemble(
        old_quantity=new, old_qty_to_assemble=after, new_quantity=new, required=required, shipped_before=shipped
    )


def test_outstanding() -> None:
    assert outstanding_quantity(quantity=Decimal(10), quantity_shipped=Decimal(4)) == 6


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [("3", "0.33333", "0", "1"), ("1", "0.005", "0", "0.01"), ("7", "19.99", "12.5", "122.44"), ("5", "2", "100", "0")],
)
def test_the_amount_of_a_line_is_rounded_once(quantity: str, price: str, discount: str, amount: str) -> None:
    found = line_amount(quantity=Decimal(quantity), unit_price=Decimal(price), line_discount_percent=Decimal(discount))

    assert found == Decimal(amount)
