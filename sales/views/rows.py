"""Sales lines and headers as a page draws them: who may type what into them, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.models import User
from backoffice.pages.attempts import NO_ATTEMPT, Attempt
from backoffice.pages.entries import Entry
from backoffice.rights import Right, has_right
from sales import reading
from sales.line_entry import FREE_WHEN_RELEASED as LINE_FREE_WHEN_RELEASED
from sales.made_to_order import Addresses, get_supplier
from sales.models import SalesDocument, SalesLineType, SalesStatus
from sales.services.documents import FREE_WHEN_RELEASED as HEADER_FREE_WHEN_RELEASED
from sales.views import sheets
from sales.views.document_kinds import DocumentKind

HEADER_KEY = "header"
NEW_KEY = "line-new-0"
TEMPLATE_KEY = "line-new-__n__"

_RELEASED = "Released. Reopen it to change this."
_NOT_OF_TYPE = {
    SalesLineType.RESOURCE: "A resource has none.",
    SalesLineType.COMMENT: "A comment is words only.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the grid. line: None for a new one. assembly: where the document that makes its goods is shown."""

    entry: Entry
    line: reading.ShownLine | None = None
    assembly: Addresses | None = None
    from_stock: Decimal | None = None
    reserved: Decimal | None = None
    explode_url: str = ""


def may_edit(document: SalesDocument, user: User) -> bool:
    """Say whether the page offers to type anything. The services decide all the same."""
    return document.status != SalesStatus.CLOSED and has_right(user, Right.ENTER_SALES)


def header_entry(kind: DocumentKind, document: SalesDocument, user: User, tried: Attempt = NO_ATTEMPT) -> Entry:
    """Return the header of a document."""
    return Entry(
        sheet=sheets.HEADER,
        key=HEADER_KEY,
        row=document,
        url=kind.url(document, "header") if may_edit(document, user) else "",
        hints={"customer": document.customer.name},
        locked=_locked(document, sheets.HEADER.fields, HEADER_FREE_WHEN_RELEASED),
        **tried.state_of(HEADER_KEY),
    )


def line_row(
    kind: DocumentKind,
    document: SalesDocument,
    line: reading.ShownLine,
    user: User,
    tried: Attempt = NO_ATTEMPT,
) -> Row:
    """Return a stored line."""
    line.rev = document.rev
    editable = may_edit(document, user)
    is_open = document.status == SalesStatus.OPEN
    key = f"line-{line.line_no}"
    entry = Entry(
        sheet=sheets.LINE,
        key=key,
        name=f"line {line.line_no}, {line.no or 'comment'}",
        row=line,
        url=kind.url(document, "line", line.line_no) if editable else "",
        delete_url=kind.url(document, "line-delete", line.line_no) if editable and is_open else "",
        locked=_locked_of_line(document, line),
        **tried.state_of(key),
    )
    is_item = line.type == SalesLineType.ITEM
    return Row(
        entry=entry,
        line=line,
        assembly=get_supplier().addresses(line.assembly_type or "", line.assembly_no or ""),
        from_stock=line.quantity - line.qty_to_assemble_to_order if is_item else None,
        reserved=reading.reserved_quantity(line) if is_item else None,
        explode_url=kind.url(document, "line-explode", line.line_no) if editable and is_open and line.has_bom else "",
    )


def new_row(kind: DocumentKind, document: SalesDocument, key: str = NEW_KEY, tried: Attempt = NO_ATTEMPT) -> Row:
    """Return the empty line that becomes a new one."""
    state: dict[str, Any] = tried.state_of(key)
    url = kind.url(document, "lines")
    return Row(entry=Entry(sheet=sheets.LINE, key=key, name="new line", row=sheets.NEW_LINE, url=url, **state))


def _locked_of_line(document: SalesDocument, line: reading.ShownLine) -> Mapping[str, str]:
    of_type = sheets.FIELDS_OF_TYPE[SalesLineType(line.type)]
    locked = {name: _NOT_OF_TYPE[SalesLineType(line.type)] for name in sheets.LINE.fields if name not in of_type}
    return locked | _locked(document, sheets.LINE.fields, LINE_FREE_WHEN_RELEASED)


def _locked(document: SalesDocument, names: Mapping[str, object], free: frozenset[str]) -> dict[str, str]:
    """Greying out is a courtesy: the lists are those that the services refuse by."""
    if document.status != SalesStatus.RELEASED:
        return {}
    return {name: _RELEASED for name in names if name not in free}
