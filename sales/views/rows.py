"""Sales lines and headers as a page draws them: who may type what into them, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.exceptions import DomainError
from backoffice.models import User
from backoffice.notices import Notice
from backoffice.pages.attempts import NO_ATTEMPT, Attempt
from backoffice.pages.entries import Entry
from backoffice.rights import Right, has_right
from inventory.models import ItemTracking, ItemType, MovementSource
from inventory.views.reservations import reservations_url
from sales import reading
from sales.line_entry import FREE_WHEN_RELEASED as LINE_FREE_WHEN_RELEASED
from sales.line_promise import NOT_CHECKED, LinePromise
from sales.made_to_order import Addresses, get_supplier
from sales.models import SalesDocument, SalesLine, SalesLineType, SalesStatus
from sales.services.documents import FREE_WHEN_RELEASED as HEADER_FREE_WHEN_RELEASED
from sales.views import sheets
from sales.views.document_kinds import BLANKET_ORDERS, ORDERS, DocumentKind

HEADER_KEY = "header"
NEW_KEY = "line-new-0"
TEMPLATE_KEY = "line-new-__n__"
#: The key of an attempt to make an order, and what the names of the controls of a call-off begin with.
CALL_OFF_KEY = "call-off"
CALLED_OFF = "call_off."
#: How many call-offs the page of a blanket order lists.
CALL_OFFS_SHOWN = 200
#: An order that is amended is reopened, changed and released again.
AMENDING_RIGHTS = (Right.ENTER_SALES, Right.REOPEN_SALES, Right.RELEASE_SALES)

_RELEASED = "Released. Reopen it to change this."
_NOT_OF_TYPE = {
    SalesLineType.RESOURCE: "A resource has none.",
    SalesLineType.COMMENT: "A comment is words only.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """How far a blanket line is called off, in its unit, and what is typed to be called off now.

    control: the name of the control; "" where nothing can be called off.
    """

    on_orders: Decimal
    left: Decimal
    control: str = ""
    typed: str = ""
    refusals: Sequence[DomainError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the grid. line: None for a new one. assembly: where the document that makes its goods is shown.

    mix_url: where its stock and assembly are balanced. look_at_bin: it mixes the two, which leave from different bins;
    split_url: where they are parted. blanket_url: where the agreement is shown that the line calls off from.
    call_off: on lines of blanket orders. promise_url: where its promise is told, or what there is for a new line.
    """

    entry: Entry
    line: reading.ShownLine | None = None
    assembly: Addresses | None = None
    from_stock: Decimal | None = None
    reserved: Decimal | None = None
    reservations_url: str = ""
    amend_url: str = ""
    explode_url: str = ""
    mix_url: str = ""
    look_at_bin: bool = False
    tracking_url: str = ""
    split_url: str = ""
    blanket_url: str = ""
    call_off: CallOff | None = None
    promise_url: str = ""
    #: Nobody looks while the line is saved: the page asks for the promises by itself.
    promise: LinePromise = NOT_CHECKED


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    """An order line that calls off from a blanket order, and where it is shown."""

    line: SalesLine
    url: str


def may_edit(document: SalesDocument, user: User) -> bool:
    """Say whether the page offers to type anything. The services decide all the same."""
    return document.status != SalesStatus.CLOSED and has_right(user, Right.ENTER_SALES)


def may_amend(document: SalesDocument, user: User) -> bool:
    """Say whether the page offers to amend the order in place. The service decides all the same."""
    amendable = document.is_order and document.status == SalesStatus.RELEASED
    return amendable and all(has_right(user, right) for right in AMENDING_RIGHTS)


def header_entry(
    kind: DocumentKind,
    document: SalesDocument,
    user: User,
    tried: Attempt = NO_ATTEMPT,
    notices: Sequence[Notice] = (),
) -> Entry:
    """Return the header of a document."""
    return Entry(
        sheet=kind.header,
        key=HEADER_KEY,
        row=document,
        url=kind.url(document, "header") if may_edit(document, user) else "",
        hints={"customer": document.customer.name},
        locked=_locked(document, kind.header.fields, HEADER_FREE_WHEN_RELEASED),
        notices=notices,
        **tried.state_of(HEADER_KEY),
    )


def line_row(
    kind: DocumentKind,
    document: SalesDocument,
    line: reading.ShownLine,
    user: User,
    tried: Attempt = NO_ATTEMPT,
    notices: Sequence[Notice] = (),
) -> Row:
    """Return a stored line."""
    line.rev = document.rev
    editable = may_edit(document, user)
    is_open = document.status == SalesStatus.OPEN
    key = f"line-{line.line_no}"
    entry = Entry(
        sheet=kind.line,
        key=key,
        name=f"line {line.line_no}, {line.no or 'comment'}",
        row=line,
        url=kind.url(document, "line", line.line_no) if editable else "",
        delete_url=kind.url(document, "line-delete", line.line_no) if editable and is_open else "",
        locked=_locked_of_line(document, line),
        notices=notices,
        **tried.state_of(key),
    )
    is_item = line.type == SalesLineType.ITEM
    may_split = editable and is_open and not line.quantity_shipped
    return Row(
        entry=entry,
        line=line,
        assembly=get_supplier().addresses(line.assembly_type or "", line.assembly_no or ""),
        from_stock=line.quantity - line.qty_to_assemble_to_order if is_item else None,
        reserved=reading.reserved_quantity(line) if is_item else None,
        amend_url=_amend_url(kind, document, line, user),
        reservations_url=_reservations_url(kind, document, line, user),
        explode_url=kind.url(document, "line-explode", line.line_no) if editable and is_open and line.has_bom else "",
        tracking_url=_tracking_url(kind, document, line) if editable else "",
        mix_url=kind.url(document, "line-mix", line.line_no) if editable and _can_mix(kind, line) else "",
        look_at_bin=reading.bin_wants_a_look(line),
        split_url=kind.url(document, "line-split", line.line_no) if may_split and kind.ships else "",
        blanket_url=_blanket_url(line),
        call_off=_call_off(line, tried, editable=editable) if kind.is_blanket else None,
        promise_url=get_supplier().promise_address(document, line.line_no) if kind.promises else "",
    )


def _amend_url(kind: DocumentKind, document: SalesDocument, line: reading.ShownLine, user: User) -> str:
    """Return where a line of a released order is amended; "" where it cannot be."""
    if line.type == SalesLineType.COMMENT or not may_amend(document, user):
        return ""
    return f"{kind.url(document, 'amend')}#line-{line.line_no}-quantity"


def _reservations_url(kind: DocumentKind, document: SalesDocument, line: reading.ShownLine, user: User) -> str:
    """Return where the line's reservations are shown; "" where it needs nothing."""
    needs = kind.ships and line.item_type == ItemType.INVENTORY and bool(line.outstanding_quantity)
    if not needs or not has_right(user, Right.VIEW_RESERVATIONS):
        return ""
    return reservations_url(MovementSource.SALES_ORDER_LINE.value, document.no, line.line_no)


def _can_mix(kind: DocumentKind, line: reading.ShownLine) -> bool:
    """Only what can be assembled is offered to be balanced; on quotes and blanket orders nothing is (BLK-01)."""
    makes_sense = line.has_bom or line.is_assembled_to_order
    return kind.ships and makes_sense and line.location_id is not None and bool(line.outstanding_quantity)


def _blanket_url(line: reading.ShownLine) -> str:
    return f"{BLANKET_ORDERS.url_of(line.blanket_no)}#line-{line.blanket_line_no}" if line.blanket_no else ""


def _call_off(line: reading.ShownLine, tried: Attempt, *, editable: bool) -> CallOff | None:
    """Return what stands beside a blanket line; nothing beside words."""
    if line.type == SalesLineType.COMMENT:
        return None
    name = f"{CALLED_OFF}{line.line_no}"
    mine = tried.key == CALL_OFF_KEY
    return CallOff(
        on_orders=reading.quantity_on_orders(line),
        left=reading.quantity_left(line),
        control=name if editable else "",
        typed=tried.posted.get(name, "") if mine else "",
        refusals=[refusal for refusal in tried.refusals if is_about(refusal, line.line_no)] if mine else (),
    )


def is_about(refusal: DomainError, line_no: int) -> bool:
    """Say whether the refusal of a whole document names this line."""
    return (refusal.field or "").startswith(f"lines[{line_no}].")


def refusals_of_page(tried: Attempt, shown: Sequence[Row]) -> Sequence[DomainError]:
    """Return the refusals that no entry and no line of the page shows."""
    if tried.key != CALL_OFF_KEY:
        return () if tried.key else tried.refusals
    beside = {id(refusal) for row in shown if row.call_off for refusal in row.call_off.refusals}
    return [refusal for refusal in tried.refusals if id(refusal) not in beside]


def call_offs(blanket: SalesDocument) -> list[CalledOff]:
    """Return what has been called off from a blanket order, the latest first."""
    found = reading.call_offs(blanket, at_most=CALL_OFFS_SHOWN)
    return [CalledOff(line=line, url=f"{ORDERS.url(line.document)}#line-{line.line_no}") for line in found]


def _tracking_url(kind: DocumentKind, document: SalesDocument, line: reading.ShownLine) -> str:
    """Return where lots and serial numbers are assigned; "" where there are none."""
    is_tracked = (line.item_tracking or ItemTracking.NONE) != ItemTracking.NONE
    return kind.url(document, "line-tracking", line.line_no) if is_tracked and kind.ships else ""


def new_row(kind: DocumentKind, document: SalesDocument, key: str = NEW_KEY, tried: Attempt = NO_ATTEMPT) -> Row:
    """Return the empty line that becomes a new one."""
    state: dict[str, Any] = tried.state_of(key)
    url = kind.url(document, "lines")
    entry = Entry(sheet=kind.line, key=key, name="new line", row=sheets.NEW_LINE, url=url, **state)
    return Row(entry=entry, promise_url=get_supplier().promise_address(document, None) if kind.promises else "")


def _locked_of_line(document: SalesDocument, line: reading.ShownLine) -> Mapping[str, str]:
    return not_of_type(line) | _locked(document, sheets.LINE.fields, LINE_FREE_WHEN_RELEASED)


def not_of_type(line: SalesLine) -> dict[str, str]:
    """Return the fields that a line of its type does not have, each with why."""
    of_type = sheets.FIELDS_OF_TYPE[SalesLineType(line.type)]
    return {name: _NOT_OF_TYPE[SalesLineType(line.type)] for name in sheets.LINE.fields if name not in of_type}


def _locked(document: SalesDocument, names: Mapping[str, object], free: frozenset[str]) -> dict[str, str]:
    """Greying out is a courtesy: the lists are those that the services refuse by."""
    if document.status != SalesStatus.RELEASED:
        return {}
    return {name: _RELEASED for name in names if name not in free}
