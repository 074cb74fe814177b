"""Which fields of an assembly document the page offers to whom: the matrix of section 4, told before it refuses.

Greying out is a courtesy. The lists are those that the services refuse by, and rights are asked again when
something is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assembly.field_rights import NEXT_POSTING
from assembly.header_entry import LOCKED_BY_LINK, LOCKED_WHEN_RELEASED
from assembly.line_entry import FREE_WHEN_RELEASED
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyLine, AssemblyLineType, AssemblyStatus
from assembly.views import sheets
from backoffice.models import User
from backoffice.pages.entries import Sheet
from backoffice.rights import Right, has_right

_RELEASED = "Released. Reopen it to change this."
_NO_RIGHT = "You may look at this, not change it."
_NOT_OF_TYPE = {
    AssemblyLineType.ITEM: "Only resources have this.",
    AssemblyLineType.RESOURCE: "A resource has none.",
    AssemblyLineType.TEXT: "A text is words only.",
}


def may_edit(document: AssemblyDocument, user: User, otherwise: Right) -> bool:
    """Say whether the page offers to type anything."""
    may = has_right(user, Right.EDIT_ASSEMBLY_QUANTITIES) or has_right(user, otherwise)
    return document.status != AssemblyStatus.CLOSED and may


def header_sheet(user: User) -> Sheet:
    """Return the fields of the header that the user may see."""
    return sheets.HEADER if has_right(user, Right.SEE_COSTS) else sheets.HEADER.without(sheets.HEADER_COSTS)


def line_sheet(user: User, *, in_panel: bool) -> Sheet:
    """Return the fields of a line that the user may see."""
    if in_panel:
        return sheets.PANEL
    return sheets.LINE if has_right(user, Right.SEE_COSTS) else sheets.LINE.without(sheets.LINE_COSTS)


def locked_of_header(document: AssemblyDocument, link: AssembleToOrderLink | None, user: User) -> Mapping[str, str]:
    """Return why fields of the header cannot be changed now, by name (EDT-01)."""
    locked = _without_right(sheets.HEADER.fields, user, Right.ENTER_ASSEMBLY)
    if document.status == AssemblyStatus.RELEASED:
        locked |= dict.fromkeys(LOCKED_WHEN_RELEASED, _RELEASED)
    if link is not None:
        line = link.sales_line
        locked |= dict.fromkeys(LOCKED_BY_LINK, f"Follows {line.document.no}, line {line.line_no}. Change it there.")
    return locked


def locked_of_line(document: AssemblyDocument, line: AssemblyLine, user: User) -> Mapping[str, str]:
    """Return why fields of a line cannot be changed now, by name (EDT-03)."""
    kind = AssemblyLineType(line.type)
    locked = {name: _NOT_OF_TYPE[kind] for name in sheets.LINE.fields if name not in sheets.FIELDS_OF_TYPE[kind]}
    if line.consumed_quantity:
        consumed = f"{line.consumed_quantity.normalize():f} consumed already."
        locked |= dict.fromkeys(("type", "no", "variant", "unit_of_measure"), consumed)
    if document.status == AssemblyStatus.RELEASED and not line.is_text:
        locked |= {name: _RELEASED for name in sheets.LINE.fields if name not in FREE_WHEN_RELEASED}
    return locked | _without_right(sheets.LINE.fields, user, Right.EDIT_ASSEMBLY_COMPONENTS)


def _without_right(names: Iterable[str], user: User, otherwise: Right) -> dict[str, str]:
    return {
        name: _NO_RIGHT
        for name in names
        if not has_right(user, Right.EDIT_ASSEMBLY_QUANTITIES if name in NEXT_POSTING else otherwise)
    }
