"""The question sales asks about lines that are made to order. Sales owns it; somebody above may answer.

Sales is usable alone: without a supplier nothing is made to order.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from django.db.models import CharField, QuerySet, Value

from sales.models import SalesLine

LinesT = TypeVar("LinesT", bound="QuerySet[SalesLine, SalesLine]")


class MadeToOrderSupplier(Protocol):
    """Who makes goods for sales lines."""

    def annotate_lines(self, lines: LinesT) -> LinesT:
        """Add `assembly_type` and `assembly_no`, of the document that makes the line's goods; null where none does."""
        ...


class _NoSupplier:
    def annotate_lines(self, lines: LinesT) -> LinesT:
        nothing = Value(None, output_field=CharField())
        return lines.annotate(assembly_type=nothing, assembly_no=nothing)


_supplier: MadeToOrderSupplier = _NoSupplier()


def register_supplier(supplier: MadeToOrderSupplier) -> None:
    """Name the one who answers, once, when the application starts."""
    global _supplier
    _supplier = supplier


def get_supplier() -> MadeToOrderSupplier:
    """Return the one who answers."""
    return _supplier
