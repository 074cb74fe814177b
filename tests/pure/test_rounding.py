"""Rounding: half away from zero, up for components, and never quietly (QTY-01 to QTY-04)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from inventory.rounding import (
    QUANTITY_PRECISION,
    amount,
    base_quantity,
    fits,
    from_base,
    round_quantity,
    round_to,
    round_up_component,
    unit_amount,
)
from tests.pure.numbers import factors, precisions, quantities


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("2.5", "1", "3"),
        ("-2.5", "1", "-3"),
        ("2.4999999", "1", "2"),
        ("0.000005", "0", "0.00001"),
        ("-0.000005", "0", "-0.00001"),
        ("0.0000049", "0", "0"),
        ("1.25", "0.5", "1.5"),
        ("0.7", "0.3", "0.6"),
        ("0.75", "0.3", "0.9"),
        ("0", "1", "0"),
    ],
)
def test_half_is_rounded_away_from_zero(value: str, precision: str, expected: str) -> None:
    assert round_quantity(Decimal(value), Decimal(precision)) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("1.5", "1", "2"),
        ("2.000004", "1", "2"),
        ("2.000005", "1", "3"),
        ("2.00001", "1", "3"),
        ("2", "1", "2"),
        ("2.000004", "0", "2"),
        ("0.1", "0.25", "0.25"),
        ("0", "1", "0"),
    ],
)
def test_components_are_rounded_up_after_five_decimals(value: str, precision: str, expected: str) -> None:
    """QTY-04."""
    assert round_up_component(Decimal(value), Decimal(precision)) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [("2", "1", True), ("2.5", "1", False), ("2.5", "0.5", True), ("0.00001", "0", True), ("0.000001", "0", False)],
)
def test_what_fits_a_unit(value: str, precision: str, expected: bool) -> None:
    """QTY-02."""
    assert fits(Decimal(value), Decimal(precision)) is expected


@pytest.mark.parametrize(
    ("quantity", "factor", "precision", "expected"),
    [("3", "0.33333", "0", "0.99999"), ("3", "0.33333", "1", "1"), ("1", "0.33333", "1", "0"), ("2.5", "6", "0", "15")],
)
def test_base_quantities(quantity: str, factor: str, precision: str, expected: str) -> None:
    """QTY-03, QEX-7."""
    found = base_quantity(Decimal(quantity), factor=Decimal(factor), precision=Decimal(precision))

    assert found == Decimal(expected)


def test_amounts() -> None:
    assert amount(Decimal("1.005")) == Decimal("1.01")
    assert amount(Decimal("-1.005")) == Decimal("-1.01")
    assert unit_amount(Decimal("0.333335")) == Decimal("0.33334")
    assert from_base(Decimal(10), factor=Decimal(3)) == Decimal("3.33333")


@given(quantities, precisions)
def test_rounding_is_near_fits_and_settles(value: Decimal, precision: Decimal) -> None:
    step = precision or QUANTITY_PRECISION

    rounded = round_to(value, precision)

    assert abs(rounded - value) <= step / 2
    assert fits(rounded, precision)
    assert round_to(rounded, precision) == rounded
    assert round_to(-value, precision) == -rounded


@given(quantities, precisions)
def test_rounding_up_is_the_least_that_suffices(value: Decimal, precision: Decimal) -> None:
    up = round_up_component(value, precision)

    assert value <= up < value + (precision or QUANTITY_PRECISION)
    assert fits(up, precision)


@given(quantities, factors)
def test_there_and_back_again(quantity: Decimal, factor: Decimal) -> None:
    """A base quantity comes back as the quantity it was, as near as its own rounding allows."""
    base = base_quantity(quantity, factor=factor)

    assert abs(from_base(base, factor=factor) - quantity) <= QUANTITY_PRECISION / 2 / factor + QUANTITY_PRECISION / 2
