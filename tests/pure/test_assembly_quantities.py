"""The arithmetic of assembling: the rule book's tables and worked examples, and what holds for every number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assembly import quantities as q
from inventory.rounding import QUANTITY_PRECISION, ZERO, base_quantity, fits
from tests.pure.numbers import factors, positive_quantities, precisions, quantities


def d(number: str | int) -> Decimal:
    """Return the exact decimal."""
    return Decimal(number)


@pytest.mark.parametrize(
    ("quantity", "to_order", "shipped", "assembled", "qty_to_ship", "from_stock", "least", "most"),
    [
        (10, 7, 0, 0, 4, 3, 1, 4),
        (10, 7, 0, 0, 2, 3, 0, 2),
        (10, 7, 0, 0, 8, 3, 5, 7),
        (10, 7, 0, 0, 10, 3, 7, 7),
        (10, 7, 0, 0, 0, 3, 0, 0),
        (10, 10, 0, 0, 4, 0, 4, 4),
        (10, 7, 4, 3, 6, 2, 4, 4),
        (10, 7, 4, 4, 6, 3, 3, 3),
        (10, 7, 4, 1, 6, 0, 6, 6),
        (10, 7, 7, 7, 3, 3, 0, 0),
        (10, 7, 3, 0, 3, 0, 3, 3),  # QEX-6: stock went first
    ],
)
def test_the_bounds_of_what_is_assembled_next(
    quantity: int,
    to_order: int,
    shipped: int,
    assembled: int,
    qty_to_ship: int,
    from_stock: int,
    least: int,
    most: int,
) -> None:
    """QTY-22, the rule book's own table."""
    outstanding = d(quantity - shipped)
    remaining = q.remaining_quantity(quantity=d(to_order), assembled_quantity=d(assembled))

    assert outstanding - remaining == from_stock
    assert q.min_quantity_to_assemble(qty_to_ship=d(qty_to_ship), outstanding=outstanding, remaining=remaining) == least
    assert q.max_quantity_to_assemble(qty_to_ship=d(qty_to_ship), remaining=remaining) == most
    assert q.default_quantity_to_assemble(qty_to_ship=d(qty_to_ship), remaining=remaining) == most


@given(quantities, quantities, quantities)
def test_there_is_always_something_between_the_bounds(outstanding: Decimal, remaining: Decimal, ship: Decimal) -> None:
    assume(remaining <= outstanding)
    assume(ship <= outstanding)

    least = q.min_quantity_to_assemble(qty_to_ship=ship, outstanding=outstanding, remaining=remaining)
    most = q.max_quantity_to_assemble(qty_to_ship=ship, remaining=remaining)
    default = q.default_quantity_to_assemble(qty_to_ship=ship, remaining=remaining)

    assert ZERO <= least <= default <= most <= remaining
    # Whatever is chosen, stock covers the rest of the shipment: shipped now = made now + taken from stock.
    for made in (least, default, most):
        assert ZERO <= ship - made <= outstanding - remaining


@pytest.mark.parametrize(
    ("bom", "factor", "fixed", "expected"),
    [("2", "6", False, "12"), ("0.25", "6", False, "1.5"), ("0.5", "6", True, "0.5"), ("0.00001", "0.4", False, "0")],
)
def test_the_quantity_per_at_creation(bom: str, factor: str, fixed: bool, expected: str) -> None:
    """QTY-11, QEX-1."""
    assert q.header_quantity_per(bom_quantity_per=d(bom), header_factor=d(factor), fixed=fixed) == d(expected)


@pytest.mark.parametrize(
    ("per", "old", "new", "fixed", "expected"),
    [("2", "1", "6", False, "12"), ("13.5", "6", "1", False, "2.25"), ("0.5", "1", "6", True, "0.5")],
)
def test_the_quantity_per_when_the_unit_changes(per: str, old: str, new: str, fixed: bool, expected: str) -> None:
    """LNK-61."""
    found = q.rescaled_quantity_per(quantity_per=d(per), old_factor=d(old), new_factor=d(new), fixed=fixed)

    assert found == d(expected)


@pytest.mark.parametrize(
    ("per", "header", "precision", "fixed", "expected"),
    [
        ("2", "10", "0", False, "20"),
        ("0.3", "5", "1", False, "2"),
        ("0.3", "5", "0", False, "1.5"),
        ("2.5", "12", "1", False, "30"),
        ("2.000004", "1", "1", False, "2"),
        ("0.5", "10", "0", True, "0.5"),
        ("12", "1.5", "0", False, "18"),
        ("0.33333", "3", "0", False, "0.99999"),
        ("0.33333", "6", "0", False, "1.99998"),
        ("1.6", "7", "0.5", False, "11.5"),
        ("0", "10", "1", False, "0"),
    ],
)
def test_what_an_order_needs_of_a_component(per: str, header: str, precision: str, fixed: bool, expected: str) -> None:
    """QTY-12 to QTY-14, QEX-2, QEX-4, QEX-5, QEX-8."""
    found = q.component_quantity(quantity_per=d(per), header_quantity=d(header), precision=d(precision), fixed=fixed)

    assert found == d(expected)


@given(quantities, quantities, precisions)
def test_what_is_needed_fits_and_suffices(per: Decimal, header: Decimal, precision: Decimal) -> None:
    found = q.component_quantity(quantity_per=per, header_quantity=header, precision=precision, fixed=False)

    assert fits(found, precision)
    assert found >= per * header - QUANTITY_PRECISION / 2
    assert found < per * header + (precision or QUANTITY_PRECISION) + QUANTITY_PRECISION


@given(quantities, st.lists(positive_quantities, min_size=1, max_size=8), precisions)
def test_many_edits_of_the_quantity_leave_no_trace(per: Decimal, edits: list[Decimal], precision: Decimal) -> None:
    """QTY-14: what is needed depends on the last quantity alone, so rounding does not build up."""
    needed = [
        q.component_quantity(quantity_per=per, header_quantity=edit, precision=precision, fixed=False)
        for edit in [*edits, edits[0]]
    ]

    assert needed[-1] == needed[0]


@pytest.mark.parametrize(
    ("quantity", "remaining", "header", "to_assemble", "precision", "fixed", "expected"),
    [
        (36, 36, 3, 1, 0, False, "12"),  # QEX-1
        ("4.5", "4.5", 3, 1, 0, False, "1.5"),
        ("0.5", "0.5", 3, 1, 0, True, "0.5"),
        ("0.5", 0, 3, 2, 0, True, "0"),
        (30, 22, 10, 6, 0, False, "18"),  # QEX-3
        (10, 2, 10, 6, 0, False, "2"),
        (5, 0, 10, 6, 0, False, "0"),
        (2, 2, 5, 2, 1, False, "1"),  # QEX-4: 0.8, 0.8, 0.4 of whole pieces
        (2, 1, 5, 2, 1, False, "1"),
        (2, 0, 5, 1, 1, False, "0"),
        (18, 18, "1.5", "0.5", 0, False, "6"),  # QEX-8
        (20, 13, 10, 6, 0, False, "12"),  # QEX-9
        (10, 10, 10, 6, 0, False, "6"),  # QEX-10
        (20, 20, 10, 0, 0, False, "0"),
        ("0.5", "0.5", 10, 0, 0, True, "0"),
        (20, 20, 0, 0, 0, False, "0"),
    ],
)
def test_what_the_next_posting_consumes(
    quantity: str | int,
    remaining: str | int,
    header: str | int,
    to_assemble: str | int,
    precision: int,
    fixed: bool,
    expected: str,
) -> None:
    """QTY-16, QTY-17."""
    found = q.proposed_consumption(
        quantity=d(quantity),
        remaining=d(remaining),
        header_quantity=d(header),
        quantity_to_assemble=d(to_assemble),
        precision=d(precision),
        fixed=fixed,
    )

    assert found == d(expected)


@given(
    per=quantities,
    shares=st.lists(positive_quantities, min_size=1, max_size=6),
    precision=precisions,
    fixed=st.booleans(),
)
def test_postings_consume_no_more_than_the_whole_in_any_split(
    per: Decimal, shares: list[Decimal], precision: Decimal, fixed: bool
) -> None:
    """Conservation: consumed + remaining = quantity after every posting, and fixed usage goes in once."""
    header = sum(shares, ZERO)
    quantity = q.component_quantity(quantity_per=per, header_quantity=header, precision=precision, fixed=fixed)
    consumed, times = ZERO, 0

    for share in shares:
        remaining = q.line_remaining(quantity=quantity, consumed=consumed)
        taken = q.proposed_consumption(
            quantity=quantity,
            remaining=remaining,
            header_quantity=header,
            quantity_to_assemble=share,
            precision=precision,
            fixed=fixed,
        )
        assert ZERO <= taken <= remaining
        consumed += taken
        times += bool(taken)
        assert consumed + q.line_remaining(quantity=quantity, consumed=consumed) == quantity

    if fixed:
        assert (consumed, times) == (quantity, 1 if quantity else 0)
    else:
        # To nearest, so each part may be half a step off.
        assert abs(quantity - consumed) <= (precision or QUANTITY_PRECISION) * len(shares)


@given(quantities, quantities)
def test_what_remains_is_never_negative(quantity: Decimal, consumed: Decimal) -> None:
    """QTY-15, TRP-12."""
    assert q.line_remaining(quantity=quantity, consumed=consumed) == max(quantity - consumed, ZERO)


@given(quantities, factors, precisions)
def test_base_quantities_are_near_and_fit(quantity: Decimal, factor: Decimal, precision: Decimal) -> None:
    """QTY-03."""
    base = base_quantity(quantity, factor=factor, precision=precision)

    assert fits(base, precision)
    assert abs(base - quantity * factor) <= (precision or QUANTITY_PRECISION) / 2


def test_the_cost_of_a_line_is_rounded_half_away_from_zero() -> None:
    """QTY-31."""
    assert q.cost_amount(quantity=d("2.45"), unit_cost=d("0.8")) == d("1.96")
    assert q.cost_amount(quantity=d("0.5"), unit_cost=d("0.01")) == d("0.01")


def test_the_unit_cost_rolled_up() -> None:
    """PRC-04."""
    found = q.rolled_up_unit_cost(
        rolled_up_cost=d(100), quantity=d(3), indirect_cost_percent=d(10), overhead_rate=d("1.5")
    )

    assert found == d("38.16667")
