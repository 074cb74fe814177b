"""Facts that sales announces. Receivers run inside the sender's transaction; an exception rolls it back.

A single line that is saved or deleted announces itself by the model signals. A service that writes many
lines in bulk sends no model signals and announces them here, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.dispatch import Signal

from inventory.models import Setup
from sales.models import SalesDocument, SalesLine


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOn:
    """Lines that were made from other lines, and take what is assembled for them along (BLK-15, LNK-46).

    sources: ids of the lines that they were made from, by the ids of the new lines.
    """

    sources: Mapping[int, int]
    #: Take today's cost of the components; the components themselves stay as they were customised.
    recalculate_costs: bool = False


# kwargs: lines: Sequence[SalesLine] of one document, setup: Setup, new: bool (none of them existed before),
# handing_on: HandingOn | None
sales_lines_saved = Signal()
# kwargs: lines: Sequence[SalesLine] of one document, about to be deleted
sales_lines_deleting = Signal()
# kwargs: document: SalesDocument
sales_document_released = Signal()
# kwargs: document: SalesDocument
sales_document_reopened = Signal()
# kwargs: document: SalesDocument, a quote that an order was made of
sales_document_closed = Signal()
# kwargs: document: SalesDocument
sales_posting_date_changed = Signal()


def announce_lines_saved(
    lines: Sequence[SalesLine], *, setup: Setup, new: bool = False, handing_on: HandingOn | None = None
) -> None:
    """Say that these lines have been written and their demand is published."""
    if lines:
        sales_lines_saved.send(sender=SalesLine, lines=lines, setup=setup, new=new, handing_on=handing_on)


def announce_lines_deleting(lines: Sequence[SalesLine]) -> None:
    """Say that these lines are about to be deleted."""
    if lines:
        sales_lines_deleting.send(sender=SalesLine, lines=lines)


def announce_released(document: SalesDocument) -> None:
    """Say that the document has been released."""
    sales_document_released.send(sender=SalesDocument, document=document)


def announce_reopened(document: SalesDocument) -> None:
    """Say that the document has been opened again."""
    sales_document_reopened.send(sender=SalesDocument, document=document)


def announce_closed(document: SalesDocument) -> None:
    """Say that the document is closed."""
    sales_document_closed.send(sender=SalesDocument, document=document)


def announce_posting_date_changed(document: SalesDocument) -> None:
    """Say that the document has another posting date."""
    sales_posting_date_changed.send(sender=SalesDocument, document=document)
