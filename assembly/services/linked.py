"""What a sales document does to all assembly documents of its lines at once."""

from __future__ import annotations

from collections.abc import Sequence

from assembly.exceptions import NothingToRelease
from assembly.models import AssemblyDocument, AssemblyLine, AssemblyLineType, AssemblyStatus
from backoffice.changes import snapshot, write_changes
from sales.models import SalesDocument


def release_linked(document: SalesDocument) -> None:
    """Release the assembly documents of a sales document (LNK-43). Locks: the documents by id.

    Raises: NothingToRelease, naming the first one without a component or resource to use (EDT-20).
    """
    documents = [row for row in _lock_linked(document) if row.status == AssemblyStatus.OPEN]
    require_releasable(documents)
    _move(documents, AssemblyStatus.RELEASED)


def reopen_linked(document: SalesDocument) -> None:
    """Reopen the assembly documents of a quote or blanket order; an order's stay released (LNK-43, TRP-25)."""
    if document.is_order:
        return
    _move([row for row in _lock_linked(document) if row.status == AssemblyStatus.RELEASED], AssemblyStatus.OPEN)


def take_posting_date(document: SalesDocument) -> None:
    """Give the sales document's posting date to its assembly documents, over one set by hand (LNK-40, TRP-39)."""
    rows = _lock_linked(document)
    befores = [(row, snapshot(row)) for row in rows]
    for row in rows:
        row.posting_date = document.posting_date
    write_changes(AssemblyDocument, befores)


def close_linked(document: SalesDocument) -> None:
    """Close the assembly documents of a sales document that is done; they stay readable (PST-27)."""
    # In one statement: whatever is not closed may be closed, and the sales document's lock keeps others away.
    linked = AssemblyDocument.objects.filter(link__sales_line__document=document)
    linked.exclude(status=AssemblyStatus.CLOSED).update(status=AssemblyStatus.CLOSED)


def require_releasable(documents: Sequence[AssemblyDocument]) -> None:
    """Refuse to release where a document has no item or resource line with a quantity (EDT-20, ERR-25)."""
    usable = set(
        AssemblyLine.objects.filter(document__in=[row.pk for row in documents], quantity__gt=0)
        .exclude(type=AssemblyLineType.TEXT)
        .values_list("document_id", flat=True)
    )
    for row in documents:
        if row.pk not in usable:
            raise NothingToRelease(document=row.no)


def _lock_linked(document: SalesDocument) -> list[AssemblyDocument]:
    rows = (
        AssemblyDocument.objects.filter(link__sales_line__document=document)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    return list(rows)


def _move(documents: Sequence[AssemblyDocument], status: AssemblyStatus) -> None:
    befores = [(row, snapshot(row)) for row in documents]
    for row in documents:
        row.move_to(status)
    write_changes(AssemblyDocument, befores)
