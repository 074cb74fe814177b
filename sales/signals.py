"""Facts that sales announces. Receivers run inside the sender's transaction; an exception rolls it back.

A single line that is saved or deleted announces itself by the model signals. A service that writes many
lines in bulk sends no model signals and announces them here, once.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.dispatch import Signal

from inventory.models import Setup
from sales.models import SalesDocument, SalesLine

# kwargs: lines: Sequence[SalesLine] of one document, setup: Setup, new: bool (none of them existed before)
sales_lines_saved = Signal()
# kwargs: lines: Sequence[SalesLine] of one document, about to be deleted
sales_lines_deleting = Signal()
# kwargs: document: SalesDocument
sales_document_released = Signal()
# kwargs: document: SalesDocument
sales_document_reopened = Signal()
# kwargs: document: SalesDocument
sales_posting_date_changed = Signal()


def announce_lines_saved(lines: Sequence[SalesLine], *, setup: Setup, new: bool = False) -> None:
    """Say that these lines have been written and their demand is published."""
    if lines:
        sales_lines_saved.send(sender=SalesLine, lines=lines, setup=setup, new=new)


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


def announce_posting_date_changed(document: SalesDocument) -> None:
    """Say that the document has another posting date."""
    sales_posting_date_changed.send(sender=SalesDocument, document=document)
