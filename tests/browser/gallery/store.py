"""The order of the gallery, with three rules to be refused by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from threading import Event
from typing import Any

from backoffice.exceptions import DomainError, Invalid, NotFound

ITEMS = {
    "80001": "Computer III 533 MHz",
    "80005": "Computer III 866 MHz",
    "80011": "Graphics card 1 GB",
    "80014": "Graphics card 2 GB",
    "80203": "Hard disk 40 GB",
    "80209": "Memory module 64 MB",
    "80210": "Memory module 128 MB",
    "KIT-A": "Basic PC kit, stocked",
    "KIT-B": "Pro PC kit, assembled to order",
}


class Promise(Enum):
    """What is said of a line's goods."""

    READY = ("Ready", "success", "circle-check")
    EXPECTED = ("Expected 10 Dec", "info", "clock")
    SHORT = ("Short 2", "warning", "alert-triangle")

    def __init__(self, label: str, tone: str, icon: str) -> None:
        self.label, self.tone, self.icon = label, tone, icon


class ExceedsQuantity(DomainError):
    """More is to be assembled than ordered."""

    code = "exceeds_quantity"
    template = "Cannot assemble {wanted}: the line has {quantity}."


@dataclass
class Line:
    """A line of the order."""

    line_no: int
    item: str
    quantity: Decimal
    assemble: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(100)
    shipment_date: date | None = None
    reserve: bool = False
    description: str = ""

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price

    @property
    def promise(self) -> Promise:
        if self.assemble > 5:
            return Promise.SHORT
        return Promise.EXPECTED if self.assemble else Promise.READY


@dataclass
class Order:
    """The order."""

    customer: str = "10000"
    location: str = "WHITE"
    shipment_date: date | None = date(2026, 12, 3)
    external_document_no: str = ""
    note: str = ""
    rev: int = 1
    released: bool = False
    lines: dict[int, Line] = field(default_factory=dict)
    received: list[dict[str, str]] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines.values()), Decimal(0))

    def change(self, values: dict[str, Any]) -> None:
        if values.get("location") not in {None, "WHITE", "EAST"}:
            raise NotFound(field="location", what="Location", key=values["location"])
        for name, value in values.items():
            setattr(self, name, value)
        self.rev += 1

    def change_line(self, line_no: int | None, values: dict[str, Any]) -> Line:
        """Change or add a line. Raises NotFound, Invalid, ExceedsQuantity."""
        line = self.lines[line_no] if line_no else Line(max(self.lines, default=0) + 10000, "", Decimal(1))
        if "item" in values:
            values["item"] = values["item"].upper()
            if values["item"] not in ITEMS:
                raise NotFound(field="item", what="Item", key=values["item"])
            values.setdefault("description", ITEMS[values["item"]])
        if values.get("quantity", line.quantity) is None or values.get("quantity", line.quantity) < 0:
            raise Invalid(field="quantity", detail="The quantity must not be negative or empty.")
        wanted, quantity = values.get("assemble", line.assemble), values.get("quantity", line.quantity)
        if (wanted or 0) > quantity:
            raise ExceedsQuantity(field="assemble", wanted=wanted, quantity=quantity)
        for name, value in values.items():
            setattr(line, name, value if value is not None else getattr(Line(0, "", Decimal(0)), name))
        self.lines[line.line_no] = line
        self.rev += 1
        return line


order = Order()
#: Cleared by a test, it holds the answers to saved lines back until it is set again.
gate = Event()


def reset() -> Order:
    """Begin again with three lines."""
    global order
    order = Order()
    gate.set()
    order.change_line(None, {"item": "80203", "quantity": Decimal(20), "unit_price": Decimal("4.10")})
    order.change_line(None, {"item": "KIT-B", "quantity": Decimal(7), "assemble": Decimal(5)})
    order.change_line(None, {"item": "KIT-A", "quantity": Decimal("1250.5"), "unit_price": Decimal("0.12345")})
    order.lines[20000].unit_price = Decimal(899)
    order.lines[20000].shipment_date = date(2026, 12, 3)
    return order
