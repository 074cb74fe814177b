"""How a decimal is written down: the one spelling used in answers, refusals and the audit trail."""

from __future__ import annotations

from decimal import Decimal

ZERO = Decimal(0)


def plain(value: Decimal) -> str:
    """Return the decimal without exponent and without trailing zeros: "7.5", "10", "0"."""
    if value == ZERO:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
