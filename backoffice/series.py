"""The number series that the application knows. A new one comes with a migration that makes its sequence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Series:
    """One series as it starts: its counter then lives in the database."""

    code: str
    prefix: str
    description: str
    gapless: bool = False
    digits: int = 6

    @property
    def sequence_name(self) -> str:
        """Return the PostgreSQL sequence of a series that may have gaps, "" for a gapless one."""
        return "" if self.gapless else f"backoffice_no_{self.code}"

    def columns(self) -> dict[str, Any]:
        """Return the values of the series' row."""
        return {**asdict(self), "sequence_name": self.sequence_name}


SERIES = (
    Series("sales_quote", "SQ-", "Sales quotes"),
    Series("sales_order", "SO-", "Sales orders"),
    Series("blanket_sales_order", "BO-", "Blanket sales orders"),
    Series("assembly_quote", "AQ-", "Assembly quotes"),
    Series("assembly_order", "AO-", "Assembly orders"),
    Series("blanket_assembly_order", "AB-", "Blanket assembly orders"),
    Series("purchase_order", "PO-", "Purchase orders"),
    Series("sales_shipment", "SS-", "Posted sales shipments", gapless=True),
    Series("sales_invoice", "SI-", "Posted sales invoices", gapless=True),
    Series("posted_assembly_order", "PA-", "Posted assembly orders", gapless=True),
    Series("purchase_receipt", "PR-", "Posted purchase receipts", gapless=True),
)
