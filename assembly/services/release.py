"""Release and reopen one assembly document by itself (EDT-20, EDT-21)."""

from __future__ import annotations

from assembly.exceptions import DocumentClosed
from assembly.locks import lock_for_edit
from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyStatus
from assembly.services.linked import require_releasable
from backoffice.transactions import act, check_revision


@act
def release(*, document_type: AssemblyDocumentType, no: str, expected_rev: int | None = None) -> AssemblyDocument:
    """Release a document to the assembly department. A no-op where it is released already.

    Raises: StaleRevision, DocumentClosed, NothingToRelease. Locks: sales document of a linked one, document.
    """
    return _move(document_type, no, expected_rev, AssemblyStatus.RELEASED)


@act
def reopen(*, document_type: AssemblyDocumentType, no: str, expected_rev: int | None = None) -> AssemblyDocument:
    """Open a document again; the sales document keeps its status (EDT-21). A no-op where it is open.

    Raises: StaleRevision, DocumentClosed. Locks: as release.
    """
    return _move(document_type, no, expected_rev, AssemblyStatus.OPEN)


def _move(
    document_type: AssemblyDocumentType, no: str, expected_rev: int | None, status: AssemblyStatus
) -> AssemblyDocument:
    document, _ = lock_for_edit(document_type, no)
    check_revision(document, expected_rev)
    if document.status == AssemblyStatus.CLOSED:
        raise DocumentClosed(document=document.no)
    if document.status == status:
        return document
    if status == AssemblyStatus.RELEASED:
        require_releasable([document])
    document.move_to(status)
    document.save(update_fields=["status"])
    return document
