"""Release and reopen sales documents."""

from __future__ import annotations

from backoffice.transactions import act, check_revision
from sales import exceptions, signals
from sales.locks import lock_document, lock_lines
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesLineType, SalesStatus


@act
def release(*, document_type: SalesDocumentType, no: str, expected_rev: int | None = None) -> SalesDocument:
    """Release a document and with it its assembly documents (LNK-43). A no-op where it is released already.

    Raises: StaleRevision, DocumentClosed, NothingToRelease. Locks: header, lines, assembly documents.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.RELEASED:
        return document
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    if not any(_counts(line) for line in lock_lines(document)):
        raise exceptions.NothingToRelease(document=document.no)
    document.move_to(SalesStatus.RELEASED)
    document.save(update_fields=["status"])
    signals.announce_released(document)
    return document


@act
def reopen(*, document_type: SalesDocumentType, no: str, expected_rev: int | None = None) -> SalesDocument:
    """Open a document again. Quotes and blanket orders take their assembly along, orders do not (LNK-43).

    Raises: StaleRevision, DocumentClosed. Locks: header, and the assembly documents of quotes and blankets.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.OPEN:
        return document
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    document.move_to(SalesStatus.OPEN)
    document.save(update_fields=["status"])
    signals.announce_reopened(document)
    return document


def _counts(line: SalesLine) -> bool:
    return line.type != SalesLineType.COMMENT and bool(line.quantity)
