"""Price and cost of a sales line from what its assembly document is made of (PRC-01, PRC-02).

By hand and once: later changes of the components price nothing anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from assembly.exceptions import NoAssemblyDocument
from assembly.locks import lock_assembly_lines, lock_links
from assembly.models import AssemblyLine
from backoffice.exceptions import Invalid
from backoffice.transactions import act, check_revision
from inventory.lookups import current_setup
from inventory.rounding import ZERO, unit_amount
from sales.locks import lock_document, lock_lines
from sales.models import SalesDocumentType, SalesLine
from sales.services.lines import change_lines, require_line


@act
def roll_up_price(
    *, document_type: SalesDocumentType, no: str, line_no: int, expected_rev: int | None = None
) -> SalesLine:
    """Price a line by the prices of what it is assembled of; the discount stays (PRC-01).

    Raises: Http404, StaleRevision, DocumentReleased, NoAssemblyDocument, Invalid. Locks: header, line, assembly.
    """
    return _roll_up(document_type, no, line_no, expected_rev, field="unit_price", worth=_price_of)


@act
def roll_up_cost(
    *, document_type: SalesDocumentType, no: str, line_no: int, expected_rev: int | None = None
) -> SalesLine:
    """Cost a line by the cost of what it is assembled of, overhead left out (PRC-02). Raises and locks as above."""
    return _roll_up(document_type, no, line_no, expected_rev, field="unit_cost", worth=_cost_of)


def _roll_up(
    document_type: SalesDocumentType,
    no: str,
    line_no: int,
    expected_rev: int | None,
    *,
    field: str,
    worth: Callable[[AssemblyLine], Decimal],
) -> SalesLine:
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    line = require_line(document, lock_lines(document, [line_no]), line_no)
    link = lock_links([line.pk]).get(line.pk)
    if link is None:
        raise NoAssemblyDocument(sales_document=no, line_no=line_no)
    if not link.assembly.quantity:
        raise Invalid(field="quantity", detail="Without a quantity there is nothing to roll up.")
    rows = lock_assembly_lines([link.assembly])[link.assembly.pk]
    value = unit_amount(_total(rows, worth) / link.assembly.quantity)
    change_lines(document, [line], {line_no: {field: value}}, setup=current_setup())
    return line


def _total(rows: Sequence[AssemblyLine], worth: Callable[[AssemblyLine], Decimal]) -> Decimal:
    return sum((worth(row) for row in rows if not row.is_text), ZERO)


def _price_of(row: AssemblyLine) -> Decimal:
    source = row.item or row.resource
    return row.quantity * unit_amount(source.unit_price * row.qty_per_unit_of_measure) if source else ZERO


def _cost_of(row: AssemblyLine) -> Decimal:
    return row.cost_amount
