"""The promise of a sales line, opened by its chip, and of a line that is not entered yet: dialogs, or pages alone.

They stand on this floor because what decides a promise is what the goods are made of; sales leads here by its port.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assembly.ability import LineAbility
from assembly.asked_availability import AskedAvailability, asked_availability, promise_asked
from assembly.line_promises import promise_line
from assembly.models import AssemblyLine
from backoffice.exceptions import DomainError, Invalid, Refusals
from backoffice.models import User
from backoffice.pages.decorators import by_script, page
from backoffice.rights import Right, has_right
from inventory.lookups import current_setup
from sales import availability, reading
from sales.line_promise import promise_of
from sales.models import SalesDocument, SalesLineType
from sales.views import rows, sheets
from sales.views.document_kinds import BY_TYPE, DocumentKind
from sales.views.orders import load

#: The key of a new line on the page of its document, to which the dialog belongs.
_NEW_KEY = re.compile(r"line-new-\w{1,20}")


@page(right=Right.VIEW_SALES)
def show_line(request: HttpRequest, document_type: str, no: str, line_no: int) -> HttpResponse:
    """What a line promises as it stands, when it could leave at the earliest, and what would make it earlier."""
    kind, user = _kind(document_type), cast(User, request.user)
    document = load(kind, no)
    line = reading.lines_on_page(document).filter(line_no=line_no).first()
    if line is None or line.item_id is None:
        raise Http404(f"{no} has no line {line_no} of an item.")
    availability.attach(document, [line])
    context = {
        "title": f"Promise of line {line_no}, {line.no}",
        "key": f"line-{line_no}",
        "size": "wide",
        "line": line,
        "row": rows.line_row(kind, document, line, user),
        "promise": promise_of(line),
        "found": promise_line(line, setup=current_setup()),
    }
    return _answer(request, kind, document, "line", context)


@page(right=Right.VIEW_SALES, methods=("GET",))
def show_new_line(request: HttpRequest, document_type: str, no: str) -> HttpResponse:
    """What there is for what is typed into a new line. Nothing of it is saved, planned or reserved."""
    kind = _kind(document_type)
    document = load(kind, no)
    key = request.GET.get("of", "")
    asked: AskedAvailability | None = None
    refusals: Sequence[DomainError] = ()
    try:
        asked = asked_availability(_typed(request.GET, kind, document), for_sale=True)
    except Refusals as several:
        refusals = several.errors
    except DomainError as refusal:
        refusals = [refusal]
    context = {
        "title": f"What there is for {asked.document.item_id}" if asked else "What there is",
        "key": key if _NEW_KEY.fullmatch(key) else "",
        "size": "broad" if asked and asked.components else "wide",
        "asked": asked,
        "components": _components(asked),
        "found": promise_asked(asked) if asked else None,
        "refusals": [(_label(kind, refusal), refusal.detail) for refusal in refusals],
    }
    # Refused or not, the dialog is the answer: what is typed stays in its line.
    return _answer(request, kind, document, "new_line", context)


def _kind(document_type: str) -> DocumentKind:
    kind = BY_TYPE.get(document_type)
    if kind is None or not kind.promises:
        raise Http404(f"No {document_type} promises anything.")
    return kind


def _typed(typed: Mapping[str, str], kind: DocumentKind, document: SalesDocument) -> dict[str, Any]:
    """Return what is asked, with what the line would take from its header. Raises Refusals, Invalid."""
    values = kind.line.changes(typed, sheets.NEW_LINE)
    if values.get("type", SalesLineType.ITEM) != SalesLineType.ITEM:
        raise Invalid(field="type", detail="Only of items there is more or less.")
    return {
        "item": values.get("no"),
        "variant": values.get("variant"),
        "unit_of_measure": values.get("unit_of_measure"),
        "quantity": values.get("quantity"),
        "location": values.get("location") or document.location_id,
        "due_date": values.get("shipment_date") or document.shipment_date,
    }


def _components(asked: AskedAvailability | None) -> Sequence[tuple[AssemblyLine, LineAbility, bool]]:
    """Return the components: the line in memory, what it allows, and whether it allows the least."""
    if asked is None:
        return ()
    ability = asked.ability
    return [(asked.components[able.need.line_no], able, ability.is_bottleneck(able)) for able in ability.lines]


def _label(kind: DocumentKind, refusal: DomainError) -> str:
    """Return the field of the line that a refusal is about, as its column is headed."""
    name = {"item": "no", "due_date": "shipment_date"}.get(refusal.field or "", refusal.field or "")
    return kind.line.fields[name].label if name in kind.line.fields else ""


def _answer(
    request: HttpRequest, kind: DocumentKind, document: SalesDocument, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """Answer with the dialog to a script, with the same as a page to a plain form."""
    in_dialog = by_script(request)
    values = {
        **context,
        "part": f"assembly/promises/_{part}.html",
        "crumbs": [(kind.plural, kind.list_url), (document.no, kind.url(document))],
        "page_url": kind.url(document),
        "level": 3 if in_dialog else 2,
        "sees_stock": has_right(request.user, Right.VIEW_STOCK),
    }
    return render(request, f"assembly/promises/{'_dialog' if in_dialog else 'page'}.html", values)
