"""Amend a released order in place: reopen, change, release as one act, with its reason."""

from __future__ import annotations

from backoffice.exceptions import Required
from backoffice.transactions import act, because, check_revision
from sales import exceptions
from sales.locks import lock_document
from sales.masters import LineValues
from sales.models import SalesDocumentType, SalesLine, SalesStatus
from sales.services.lines import edit_lines
from sales.services.release import release, reopen

_ORDER = SalesDocumentType.ORDER


@act
def amend_line(*, no: str, line_no: int, values: LineValues, reason: str, expected_rev: int | None = None) -> SalesLine:
    """Change a line of a released order, which is released again in the same act; return the line.

    The audit trail keeps the reason beside everything that the act changes, on assembly documents as well.
    Raises: Required, StaleRevision, NotReleased, and what a line refuses at its field. Locks: as `edit_lines`.
    """
    if not reason.strip():
        raise Required(field="reason")
    document = lock_document(_ORDER, no)
    check_revision(document, expected_rev)
    if document.status != SalesStatus.RELEASED:
        raise exceptions.NotReleased(document=no)
    with because(reason.strip()):
        reopen(document_type=_ORDER, no=no)
        (line,) = edit_lines(document_type=_ORDER, no=no, changes={line_no: values})
        release(document_type=_ORDER, no=no)
    return line
