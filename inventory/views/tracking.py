"""The dialog that assigns lots and serial numbers to a row of a document. Without scripts it is a page.

The floors above say which row, and which service takes the list; here stands how it is asked.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRefresh

from backoffice.exceptions import DomainError, Refusals, StaleRevision
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.rights import Right
from inventory.models import Item, ItemTracking
from inventory.rounding import ONE, ZERO
from inventory.services.tracking import TrackingValues

KEY = "numbers"
#: How many empty rows stand below those that are filled in.
_BLANK_ROWS = 4
#: More rows than one form is filled in with.
_MOST_ROWS = 500
_PLACE = re.compile(r"tracking\[(\d+)\](?:\.(\w+))?$")
_LABELS = {"lot_no": "Lot no.", "serial_no": "Serial no.", "quantity": "Quantity", "quantity_to_handle": "To handle"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingDialog:
    """The numbers of one row of a document.

    what: how the row is called. assigned: its numbers (`inventory.querysets.tracking_of`). needed: how many base units
    it is about. right: of changing them. save: the whole list and the revision that it was seen at.
    """

    what: str
    item: Item
    assigned: Sequence[Mapping[str, str]]
    needed: Decimal
    rev: int
    url: str
    page_url: str
    crumbs: Sequence[tuple[str, str]]
    right: Right
    save: Callable[[Sequence[TrackingValues], int | None], object]

    @property
    def by_serial(self) -> bool:
        """Whether each piece has a number of its own."""
        return self.item.item_tracking == ItemTracking.SERIAL

    @property
    def names(self) -> list[str]:
        """The fields of a row. A piece with a serial number may belong to a lot as well."""
        numbers = ["serial_no", "lot_no"] if self.by_serial else ["lot_no"]
        return [*numbers, "quantity", "quantity_to_handle"]


def answer_tracking(request: HttpRequest, dialog: TrackingDialog) -> HttpResponse:
    """Answer with the dialog; after it was saved with the page that it belongs to."""
    tried, count = NO_ATTEMPT, _row_count(request, dialog)
    sheet = _sheet(dialog, count)
    if request.POST.get("act") == "save":
        tried = attempt(request, dialog.right, lambda: _save(request, dialog, sheet, count), key=KEY)
        if tried.done:
            messages.success(request, f"Numbers of {dialog.what} saved.")
            return HttpResponseClientRefresh() if by_script(request) else HttpResponseRedirect(dialog.page_url)
        tried = _at_fields(request, tried, dialog, sheet, count)
    context = _context(dialog, sheet, count, tried)
    part = "_form" if request.POST.get("act") else "_dialog"
    template = part if by_script(request) else "page"
    return render(request, f"inventory/tracking/{template}.html", context, status=tried.status)


def _row_count(request: HttpRequest, dialog: TrackingDialog) -> int:
    """Return how many rows the form has: those assigned and some empty ones, or as many as it was sent with."""
    posted = sum(1 for name in request.POST if name.startswith("quantity_to_handle_"))
    return max(len(dialog.assigned) + _BLANK_ROWS, min(posted, _MOST_ROWS))


def _sheet(dialog: TrackingDialog, count: int) -> Sheet:
    of_kind = {"lot_no": kinds.text(50), "serial_no": kinds.text(50)}
    fields = [
        Field(name=f"{name}_{row}", label=f"{_LABELS[name]} {row + 1}", kind=of_kind.get(name, kinds.QUANTITY))
        for row in range(count)
        for name in dialog.names
    ]
    if dialog.by_serial:
        fields.append(Field(name="more", label="More serial numbers", kind=kinds.LONG_TEXT, help="One a line"))
    return Sheet(*fields)


def _save(request: HttpRequest, dialog: TrackingDialog, sheet: Sheet, count: int) -> None:
    rows = [values for _, values in _typed_rows(dialog, sheet.new(request.POST), count)]
    dialog.save(rows, kinds.WHOLE.read(request.POST.get("order_rev", "")))


def _typed_rows(dialog: TrackingDialog, typed: Mapping[str, Any], count: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows that are filled in, each with its place in the form; those of the text field come last.

    A serial number without a quantity is one piece. A lot without one is zero, which the service refuses.
    """
    rows: list[tuple[int, dict[str, Any]]] = []
    for row in range(count):
        values = {name: typed[f"{name}_{row}"] for name in dialog.names if f"{name}_{row}" in typed}
        if values:
            values.setdefault("quantity", ONE if dialog.by_serial else ZERO)
            rows.append((row, values))
    for serial in str(typed.get("more", "")).split():
        rows.append((-1, {"serial_no": serial, "quantity": ONE}))
    return rows


def _at_fields(request: HttpRequest, tried: Attempt, dialog: TrackingDialog, sheet: Sheet, count: int) -> Attempt:
    """Return the attempt with its refusals at the fields of the form: "tracking[1].quantity" is "quantity_1" here."""
    places: list[int] = []
    with suppress(DomainError, Refusals):
        places = [place for place, _ in _typed_rows(dialog, sheet.new(request.POST), count)]
    return replace(tried, refusals=[_at_field(refusal, dialog, places) for refusal in tried.refusals])


def _at_field(refusal: DomainError, dialog: TrackingDialog, places: Sequence[int]) -> DomainError:
    found = _PLACE.search(refusal.field or "")
    if found is None or int(found[1]) >= len(places):
        return refusal
    place = places[int(found[1])]
    moved = copy.copy(refusal)
    moved.field = "more" if place < 0 else f"{found[2] or dialog.names[0]}_{place}"
    return moved


def _context(dialog: TrackingDialog, sheet: Sheet, count: int, tried: Attempt) -> dict[str, Any]:
    entry = Entry(sheet=sheet, key=KEY, row=_shown(dialog, count), url=dialog.url, **tried.state_of(KEY))
    assigned = sum((Decimal(row["quantity"]) for row in dialog.assigned), ZERO)
    return {
        "title": f"{'Serial numbers' if dialog.by_serial else 'Lots'} of {dialog.what}",
        "crumbs": dialog.crumbs,
        "dialog": dialog,
        "entry": entry,
        "labels": [_LABELS[name] for name in dialog.names],
        "rows": [
            {
                "names": [f"{name}_{row}" for name in dialog.names],
                "handled": Decimal(dialog.assigned[row]["quantity_handled"]) if row < len(dialog.assigned) else ZERO,
            }
            for row in range(count)
        ],
        "assigned": assigned,
        "missing": max(dialog.needed - assigned, ZERO),
        "stale": any(isinstance(refusal, StaleRevision) for refusal in tried.refusals),
        "general": entry.general_refusals,
    }


def _shown(dialog: TrackingDialog, count: int) -> dict[str, Any]:
    """Return what stands in the form. To handle is blank where it is all that is open, and follows the quantity."""
    shown: dict[str, Any] = {}
    for row, number in enumerate(dialog.assigned[:count]):
        quantity, to_handle = Decimal(number["quantity"]), Decimal(number["quantity_to_handle"])
        is_all = to_handle == quantity - Decimal(number["quantity_handled"])
        shown |= {f"lot_no_{row}": number["lot_no"], f"serial_no_{row}": number["serial_no"]}
        shown |= {f"quantity_{row}": quantity, f"quantity_to_handle_{row}": None if is_all else to_handle}
    return shown
