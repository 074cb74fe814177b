"""Enter, edit and delete the lines of a sales document, however many at once.

Many lines cost as many statements as one: they are worked out in memory, written in bulk and announced once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.http import Http404

from backoffice.changes import delete_rows, insert_rows, snapshot, write_changes
from backoffice.exceptions import AlreadyExists, DomainError, NeverRenamed, raise_all
from backoffice.transactions import act, check_revision
from inventory.lookups import current_setup
from inventory.models import Setup
from inventory.services.auto_reserving import reserve_always
from sales import exceptions, signals
from sales.blanket import require_no_call_offs
from sales.demand import publish_demand, withdraw_demand
from sales.line_entry import LineEntry
from sales.line_tracking import assign_numbers, follow_lines, forget_numbers, tracked_parts
from sales.locks import lock_document, lock_lines
from sales.masters import LineValues, load_masters
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesStatus

#: The distance between line numbers that are given out.
LINE_STEP = 10000


@act
def add_lines(
    *,
    document_type: SalesDocumentType,
    no: str,
    lines: Sequence[LineValues],
    expected_rev: int | None = None,
) -> list[SalesLine]:
    """Enter lines on a document; what is assembled to order has its assembly document when it returns (LNK-10).

    Raises: StaleRevision, DocumentReleased, DocumentClosed, and what a line refuses at its field.
    Locks: header.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    return enter_lines(document, lines, setup=current_setup(), path=len(lines) > 1)


@act
def edit_lines(
    *,
    document_type: SalesDocumentType,
    no: str,
    changes: Mapping[int, LineValues],
    expected_rev: int | None = None,
) -> list[SalesLine]:
    """Change lines, given by line number; their assembly documents follow (LNK section 2.3).

    Raises: StaleRevision, Http404, and what a line refuses at its field. Locks: header, lines, assembly
    documents and their lines.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    refuse_renumbering(changes)
    rows = lock_named(document, changes)
    return change_lines(document, rows, changes, setup=current_setup())


@act
def delete_lines(
    *,
    document_type: SalesDocumentType,
    no: str,
    line_nos: Sequence[int],
    expected_rev: int | None = None,
) -> None:
    """Delete lines of an open document, with their assembly documents and reservations (LNK-20).

    Raises: StaleRevision, Http404, DocumentReleased, DocumentClosed, AlreadyShipped. Locks: as edit_lines.
    """
    document = lock_document(document_type, no)
    check_revision(document, expected_rev)
    if document.status == SalesStatus.RELEASED:
        raise exceptions.DocumentReleased(document=document.no)
    if document.status == SalesStatus.CLOSED:
        raise exceptions.DocumentClosed(document=document.no)
    remove_lines(lock_named(document, line_nos))


# -- for documents under lock --------------------------------------------------------------------------------


def enter_lines(
    document: SalesDocument, entries: Sequence[LineValues], *, setup: Setup, path: bool = True
) -> list[SalesLine]:
    """Enter lines on a document that is locked or new. `path`: refusals name `lines[i].field`."""
    masters = load_masters(setup=setup, known=[document.location, setup.default_location], lines=[], values=entries)
    lines: list[SalesLine] = []
    refusals: list[DomainError] = []
    numbering = _Numbering(document, entries)
    for index, values in enumerate(entries):
        with _collected(refusals, f"lines[{index}]" if path else None):
            line = SalesLine(document=document, line_no=numbering.take(values.get("line_no")))
            line.reserved_beyond_link = line.quantity
            LineEntry(line, document=document, masters=masters).apply(values)
            lines.append(line)
    raise_all(refusals)
    insert_rows(SalesLine, lines)
    demand = publish_demand(lines, new=True)
    signals.announce_lines_saved(lines, setup=setup, new=True)
    reserve_always(demand)  # what is not assembled to order; the link has reserved its part
    for line, values in zip(lines, entries, strict=True):
        assign_numbers(line, values)
    return lines


def change_lines(
    document: SalesDocument,
    rows: Sequence[SalesLine],
    changes: Mapping[int, LineValues],
    *,
    setup: Setup,
    path: bool = False,
) -> list[SalesLine]:
    """Change locked lines of a locked document. Idempotent: what differs in nothing is not written.

    Refusals name `lines[line_no].field` where there are several lines, with `path` in any case.
    """
    masters = load_masters(
        setup=setup,
        known=[document.location, setup.default_location],
        lines=rows,
        values=list(changes.values()),
    )
    if document.document_type == SalesDocumentType.BLANKET_ORDER:
        require_no_call_offs([row for row in rows if changes.get(row.line_no, {}).keys() & {"no", "type"}])
    befores, tracked = [(row, snapshot(row)) for row in rows], tracked_parts(rows)
    refusals: list[DomainError] = []
    for row in rows:
        with _collected(refusals, f"lines[{row.line_no}]" if path or len(rows) > 1 else None):
            LineEntry(row, document=document, masters=masters).apply(changes.get(row.line_no, {}))
    raise_all(refusals)
    written = write_changes(SalesLine, befores)
    if written:
        demand = publish_demand(written)
        signals.announce_lines_saved(written, setup=setup)
        reserve_always(demand)
        follow_lines(written, tracked)
    for row in rows:
        assign_numbers(row, changes.get(row.line_no, {}))
    return list(rows)


def remove_lines(rows: Sequence[SalesLine]) -> None:
    """Delete locked lines of which nothing has been shipped."""
    for row in rows:
        if row.quantity_shipped:
            raise exceptions.AlreadyShipped(shipped=row.quantity_shipped)
    if not rows:
        return
    if rows[0].document.document_type == SalesDocumentType.BLANKET_ORDER:
        require_no_call_offs(rows)
    signals.announce_lines_deleting(rows)
    forget_numbers(rows)
    withdraw_demand(rows)
    # Sends no model signals: the announcement above stands for those of all of them.
    delete_rows(SalesLine, [row.pk for row in rows])


def lock_named(document: SalesDocument, line_nos: Collection[int], *, with_others: bool = False) -> list[SalesLine]:
    """Lock the lines of these numbers on a locked document, or all, and raise Http404 where one is not there."""
    rows = lock_lines(document, None if with_others else list(line_nos))
    missing = set(line_nos) - {row.line_no for row in rows}
    if missing:
        raise Http404(f"{document.no} has no line {min(missing)}.")
    return rows


def require_line(document: SalesDocument, rows: Sequence[SalesLine], line_no: int) -> SalesLine:
    """Return the line of this number, or raise Http404."""
    for row in rows:
        if row.line_no == line_no:
            return row
    raise Http404(f"{document.no} has no line {line_no}.")


def refuse_renumbering(changes: Mapping[int, LineValues]) -> None:
    """Refuse changes of lines, by number, that name another number (ERR-47)."""
    for line_no, values in changes.items():
        if values.get("line_no", line_no) != line_no:
            raise NeverRenamed(field="line_no")


class _Numbering:
    """Gives out line numbers: the one asked for, else the highest so far + 10000."""

    def __init__(self, document: SalesDocument, entries: Sequence[LineValues]) -> None:
        self.document = document
        self.taken: set[int] = set()
        # A document that was just created (revision 1) has no lines: no need to look, unless numbers are asked for.
        if document.rev != 1 or any(entry.get("line_no") for entry in entries):
            self.taken = set(SalesLine.objects.filter(document=document).values_list("line_no", flat=True))

    def take(self, asked: int | None) -> int:
        """Return the number, or refuse one that is taken."""
        if asked in self.taken:
            raise AlreadyExists(field="line_no", what=f"Line of {self.document.no}", key=asked)
        line_no = asked or max(self.taken, default=0) + LINE_STEP
        self.taken.add(line_no)
        return line_no


@contextmanager
def _collected(refusals: list[DomainError], prefix: str | None) -> Iterator[None]:
    """Collect a refusal instead of raising it, so that all of a document's are told at once."""
    try:
        yield
    except DomainError as error:
        refusals.append(error.at(prefix) if prefix else error)
