"""Write changed assembly documents: only what differs, in a number of statements that does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence

from assembly.models import AssemblyDocument, AssemblyLine
from assembly.revision import Revision
from assembly.supply import publish_supply, supply_of, withdraw_supply
from backoffice import numbers
from backoffice.changes import Snapshot, delete_rows, insert_rows, write_changes
from inventory.models import ItemTracking, PlannedMovement, TrackedSource
from inventory.services import tracking
from inventory.services.trimming import trim


def store(revisions: Sequence[Revision], *, keep_late: bool = True) -> None:
    """Write new and changed documents with their lines, and publish what they bring and take.

    Numbers are drawn for documents that have none. The caller holds the locks of the stored ones. Lots and serial
    numbers of rows that are for another item now are forgotten, those of rows that are for less trimmed (RES-12).
    `keep_late`: see `planning.publish`. Raises: DateConflictWithReservation.
    """
    new = [revision for revision in revisions if revision.is_new]
    stored = [revision for revision in revisions if not revision.is_new]
    _insert(new)
    _update(stored, keep_late=keep_late)


def write_posted(revisions: Sequence[Revision]) -> list[PlannedMovement]:
    """Write what a posting counted on stored documents; return what they bring and take now, to be published."""
    documents = write_changes(AssemblyDocument, [(revision.document, revision.before) for revision in revisions])
    _write_lines(revisions)
    return supply_of(documents, [line for revision in revisions for line in revision.lines])


def delete(documents: Sequence[AssemblyDocument], lines: Sequence[AssemblyLine]) -> None:
    """Delete locked documents that no link names any more, with their lines and reservations."""
    withdraw_supply([document.pk for document in documents], [line.pk for line in lines])
    tracked = [row.pk for row in documents if row.item.item_tracking != ItemTracking.NONE]
    tracking.forget(TrackedSource.ASSEMBLY_DOCUMENT, tracked)
    _forget_numbers(lines)
    delete_rows(AssemblyLine, [line.pk for line in lines])
    delete_rows(AssemblyDocument, [document.pk for document in documents])


def _forget_numbers(lines: Sequence[AssemblyLine]) -> None:
    tracked = [row.pk for row in lines if row.item is not None and row.item.item_tracking != ItemTracking.NONE]
    tracking.forget(TrackedSource.ASSEMBLY_LINE, tracked)


def _insert(revisions: Sequence[Revision]) -> None:
    if not revisions:
        return
    _number([revision.document for revision in revisions if not revision.document.no])
    documents = [revision.document for revision in revisions]
    insert_rows(AssemblyDocument, documents)
    lines = [line for revision in revisions for line in revision.lines]
    for revision in revisions:
        for line in revision.lines:
            line.document = revision.document  # its key is known only now
    insert_rows(AssemblyLine, lines)
    publish_supply(documents, lines, new=True)


def _number(documents: Sequence[AssemblyDocument]) -> None:
    by_type: dict[str, list[AssemblyDocument]] = {}
    for document in documents:
        by_type.setdefault(document.document_type, []).append(document)
    for series, numbered in by_type.items():
        for document, no in zip(numbered, numbers.draw(series, len(numbered)), strict=True):
            document.no = no


def _update(revisions: Sequence[Revision], *, keep_late: bool) -> None:
    removed = [line for revision in revisions for line in revision.removed]
    if removed:
        withdraw_supply([], [line.pk for line in removed])
        _forget_numbers(removed)
        delete_rows(AssemblyLine, [line.pk for line in removed])
    documents = write_changes(AssemblyDocument, [(revision.document, revision.before) for revision in revisions])
    added = [line for revision in revisions for line in revision.lines if line._state.adding]
    changed = _write_lines(revisions)
    if added:
        insert_rows(AssemblyLine, added)
    # What a line still asks for depends on its document too: with one that was written all its lines are looked at.
    whole = {document.pk for document in documents}
    of_written = [line for revision in revisions for line in revision.lines if revision.document.pk in whole]
    others = [line for line in [*changed, *added] if line.document_id not in whole]
    if documents or others:
        publish_supply(documents, [*of_written, *others], keep_late=keep_late)
    _follow_numbers(revisions)


def _follow_numbers(revisions: Sequence[Revision]) -> None:
    """Let lots and serial numbers follow what was written. No statement where nothing tracked came down."""
    documents = [(row.document, row.before) for row in revisions if id(row.document) in row.tracked]
    lines = [
        (line, revision.line_befores[id(line)])
        for revision in revisions
        for line in revision.lines
        if id(line) in revision.tracked
    ]
    _follow(TrackedSource.ASSEMBLY_DOCUMENT, documents)
    _follow(TrackedSource.ASSEMBLY_LINE, lines)


def _follow(kind: TrackedSource, rows: Sequence[tuple[AssemblyDocument | AssemblyLine, Snapshot]]) -> None:
    tracking.forget(kind, [row.pk for row, before in rows if before["item_id"] != row.item_id])
    trim(kind, {row.pk: row.quantity_base for row, before in rows if _needs_less(row, before)})


def _needs_less(row: AssemblyDocument | AssemblyLine, before: Snapshot) -> bool:
    """Whether it is for less, or what it was for beyond its quantity is not posted any more (TRP-12, UND-23)."""
    if isinstance(row, AssemblyLine) and row.consumed_quantity_base < before["consumed_quantity_base"]:
        return True
    return bool(row.quantity_base < before["quantity_base"])


def _write_lines(revisions: Sequence[Revision]) -> list[AssemblyLine]:
    return write_changes(
        AssemblyLine,
        [
            (line, revision.line_befores[id(line)])
            for revision in revisions
            for line in revision.lines
            if id(line) in revision.line_befores
        ],
    )
