"""Assembly headers and lines as a page draws them, and the whole section of lines that page and panel share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembly import reading
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyStatus
from assembly.views import access, sheets
from assembly.views.document_kinds import DocumentKind
from backoffice.models import User
from backoffice.notices import Notice
from backoffice.pages.attempts import NO_ATTEMPT, Attempt
from backoffice.pages.entries import Entry
from backoffice.pages.formats import quantity
from backoffice.rights import Right, has_right
from inventory.models import ItemTracking, ItemType, MovementSource
from inventory.rounding import ZERO
from inventory.views.reservations import reservations_url

HEADER_KEY = "header"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the grid. line: None for a new one."""

    entry: Entry
    line: reading.ShownLine | None = None
    reserved: Decimal | None = None
    reservations_url: str = ""
    substitute_url: str = ""
    explode_url: str = ""
    tracking_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where lines are drawn, and for whom: on the document's own page, or in the panel below its sales line.

    Several panels may stand on one page, so every id begins with the document's.
    """

    kind: DocumentKind
    document: AssemblyDocument
    user: User
    in_panel: bool

    @property
    def id(self) -> str:
        return f"parts-{self.document.pk}"

    def url(self, act: str, *more: object) -> str:
        """Return an address whose answer fits the place."""
        address = self.kind.url(self.document.no, act, *more)
        return f"{address}?in=panel" if self.in_panel else address

    @property
    def may_customise(self) -> bool:
        return self.document.status != AssemblyStatus.CLOSED and has_right(self.user, Right.EDIT_ASSEMBLY_COMPONENTS)

    @property
    def is_open(self) -> bool:
        return self.document.status == AssemblyStatus.OPEN

    def new_key(self, mark: str = "0") -> str:
        """Return the key of a new line's entry."""
        return f"{self.id}-new-{mark}"

    def line_key(self, line_no: int) -> str:
        """Return the key of a line's entry."""
        return f"{self.id}-{line_no}"


def header_entry(
    kind: DocumentKind,
    document: AssemblyDocument,
    link: AssembleToOrderLink | None,
    user: User,
    tried: Attempt = NO_ATTEMPT,
    notices: Sequence[Notice] = (),
) -> Entry:
    """Return the header of a document, with the bounds of what may be assembled next."""
    least, most = reading.bounds_to_assemble(document, link)
    return Entry(
        sheet=access.header_sheet(user),
        key=HEADER_KEY,
        row=document,
        url=kind.url(document.no, "header") if access.may_edit(document, user, Right.ENTER_ASSEMBLY) else "",
        locked=access.locked_of_header(document, link, user),
        hints={"quantity_to_assemble": _between(least, most)},
        notices=notices,
        **tried.state_of(HEADER_KEY),
    )


def _between(least: Decimal, most: Decimal) -> str:
    return f"Exactly {quantity(most)}" if least == most else f"{quantity(least)} to {quantity(most)}"


def line_row(place: Place, line: reading.ShownLine, tried: Attempt = NO_ATTEMPT, notices: Sequence[Notice] = ()) -> Row:
    """Return a stored line."""
    document, key = place.document, place.line_key(line.line_no)
    line.rev = document.rev
    editable = access.may_edit(document, place.user, Right.EDIT_ASSEMBLY_COMPONENTS)
    customisable = place.may_customise and place.is_open
    exchangeable = customisable and bool(line.item_id) and not line.consumed_quantity
    entry = Entry(
        sheet=access.line_sheet(place.user, in_panel=place.in_panel),
        key=key,
        name=f"component {line.line_no}, {line.no or 'text'}",
        row=line,
        url=place.url("line", line.line_no) if editable else "",
        delete_url=(
            place.url("line-delete", line.line_no) if customisable or (place.may_customise and line.is_text) else ""
        ),
        locked=access.locked_of_line(document, line, place.user),
        notices=notices,
        **tried.state_of(key),
    )
    return Row(
        entry=entry,
        line=line,
        reserved=None if line.is_text else reading.reserved_quantity(line),
        reservations_url=_reservations_url(place, line),
        substitute_url=(
            place.url("line-substitute", line.line_no) if exchangeable and line.substitution_available else ""
        ),
        explode_url=place.url("line-explode", line.line_no) if exchangeable and line.has_bom else "",
        tracking_url=_tracking_url(place, line),
    )


def _reservations_url(place: Place, line: reading.ShownLine) -> str:
    """Return where the component's reservations are shown; "" where it needs nothing."""
    document = place.document
    is_open = document.is_order and document.status != AssemblyStatus.CLOSED and bool(document.remaining_quantity)
    needs = is_open and line.item_type == ItemType.INVENTORY and bool(line.remaining_quantity)
    if not needs or not has_right(place.user, Right.VIEW_RESERVATIONS):
        return ""
    return reservations_url(MovementSource.ASSEMBLY_ORDER_LINE.value, document.no, line.line_no)


def _tracking_url(place: Place, line: reading.ShownLine) -> str:
    """Return where lots and serial numbers are assigned; "" where there are none, or they cannot be changed now."""
    document = place.document
    is_tracked = (line.item_tracking or ItemTracking.NONE) != ItemTracking.NONE
    is_open = document.is_order and document.status != AssemblyStatus.CLOSED
    if not (is_tracked and is_open and has_right(place.user, Right.EDIT_ASSEMBLY_QUANTITIES)):
        return ""
    return place.kind.url(document.no, "line-tracking", line.line_no)


def new_row(place: Place, key: str, tried: Attempt = NO_ATTEMPT) -> Row:
    """Return the empty line that becomes a new one."""
    entry = Entry(
        sheet=access.line_sheet(place.user, in_panel=place.in_panel),
        key=key,
        name="new component",
        row=sheets.NEW_LINE,
        url=place.url("lines"),
        **tried.state_of(key),
    )
    return Row(entry=entry)


def section(place: Place, lines: Iterable[reading.ShownLine], tried: Attempt = NO_ATTEMPT) -> dict[str, Any]:
    """Return what the section of lines is drawn from."""
    shown = list(lines)
    can_add = place.may_customise and place.is_open
    return {
        "place": place,
        "page_url": place.kind.url(place.document.no),
        "document": place.document,
        "sheet": access.line_sheet(place.user, in_panel=place.in_panel),
        "parts": [line_row(place, line, tried) for line in shown],
        "new_part": new_row(place, place.new_key(), tried) if can_add else None,
        "template_part": new_row(place, place.new_key("__n__")),
        "refresh_url": place.url("refresh") if can_add else "",
        "section_refusals": () if tried.key else tried.refusals,
        "totals": totals(place, shown),
    }


def totals(place: Place, lines: Iterable[reading.ShownLine]) -> dict[str, Any]:
    """Return what stands below the lines; the cost only for those who may see it."""
    shown = list(lines)
    cost = None
    if not place.in_panel and has_right(place.user, Right.SEE_COSTS):
        cost = sum((line.cost_amount for line in shown), ZERO)
    return {"count": len(shown), "cost": cost}
