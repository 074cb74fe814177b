"""How numbers and dates are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backoffice.pages import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.00000", "0"),
        ("7.00000", "7"),
        ("1250.50000", "1,250.5"),
        ("-1250.50000", "-1,250.5"),
        ("-0.50000", "-0.5"),
        ("1E+3", "1,000"),
        ("9999999999999.99999", "9,999,999,999,999.99999"),
    ],
)
def test_quantity_has_separators_and_no_trailing_zeros(value: str, written: str) -> None:
    assert formats.quantity(Decimal(value)) == written


@pytest.mark.parametrize(
    ("value", "written"), [("0", "0.00"), ("2.345", "2.35"), ("-2.345", "-2.35"), ("1234567.8", "1,234,567.80")]
)
def test_money_has_two_decimals_rounded_half_away_from_zero(value: str, written: str) -> None:
    assert formats.money(Decimal(value)) == written


@pytest.mark.parametrize(
    ("value", "written"), [("0.00000", "0.00"), ("899.00000", "899.00"), ("0.12345", "0.12345"), ("1250.5", "1,250.50")]
)
def test_price_has_all_decimals_that_matter_and_at_least_two(value: str, written: str) -> None:
    assert formats.price(Decimal(value)) == written


def test_price_in_a_control_has_no_separators() -> None:
    assert formats.price_plain(Decimal("1250.50000")) == "1250.50"


def test_dates_name_the_month() -> None:
    assert formats.day(date(2026, 12, 3)) == "03 Dec 2026"
    assert formats.moment(datetime(2026, 12, 3, 14, 5, 59, tzinfo=UTC)) == "03 Dec 2026 14:05"
