"""Amend a released order in place: reopen, change, release as one act, with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from backoffice.exceptions import Invalid, Required
from backoffice.models import AuditEntry
from backoffice.transactions import act, because, check_revision
from sales import exceptions
from sales.locks import lock_document
from sales.masters import LineValues
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from sales.services.documents import HeaderValues, edit_sales_document
from sales.services.release import release, reopen

_ORDER = SalesDocumentType.ORDER
#: As much as the audit trail keeps of a reason.
REASON_MAX_LENGTH: Final[int] = AuditEntry._meta.get_field("reason").max_length or 0


@act
def amend_order(
    *,
    no: str,
    values: HeaderValues,
    lines: Mapping[int, LineValues],
    reason: str,
    expected_rev: int | None = None,
) -> SalesDocument:
    """Change header fields and lines, given by line number, of a released order, which stays released (EDT-25).

    Raises: as `amendment`; what headers and lines refuse, at their fields (`lines[line_no].field`).
    Locks: as `edit_sales_document`.
    """
    if not values and not lines:
        raise Invalid(detail="Nothing is changed.")
    with amendment(no=no, reason=reason, expected_rev=expected_rev):
        edit_sales_document(document_type=_ORDER, no=no, values=values, lines=lines)
    return lock_document(_ORDER, no)


@contextmanager
def amendment(*, no: str, reason: str, expected_rev: int | None) -> Iterator[None]:
    """Open a released order for the length of the block, within the caller's transaction, and release it again.

    The audit trail keeps the reason beside everything that is changed meanwhile, on assembly documents as well.
    Raises: Required, Invalid (the reason), StaleRevision, NotReleased, NothingToRelease. Locks: the header.
    """
    reason = reason.strip()
    if not reason:
        raise Required(field="reason")
    if len(reason) > REASON_MAX_LENGTH:
        raise Invalid(field="reason", detail=f"At most {REASON_MAX_LENGTH} characters.")
    document = lock_document(_ORDER, no)
    check_revision(document, expected_rev)
    if document.status != SalesStatus.RELEASED:
        raise exceptions.NotReleased(document=no)
    with because(reason):
        reopen(document_type=_ORDER, no=no)
        yield
        release(document_type=_ORDER, no=no)
