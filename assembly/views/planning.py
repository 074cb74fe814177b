"""Planning suggestions as a page: what demand finds uncovered, to be changed, ticked and made into orders."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from assembly.models import AssemblyDocumentType
from assembly.netting import Suggestion, reason
from assembly.services import planning
from assembly.services.planning import AcceptedSuggestions
from assembly.uncovered_demand import DOCUMENTS_NAMED, Demand, uncovered_demand
from backoffice.exceptions import DomainError, Invalid, Refusals
from backoffice.pages import kinds, once
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import ChangedMeanwhile, Entry, Field, Sheet
from backoffice.pages.links import url_of
from backoffice.rights import Right
from inventory.lookups import current_setup
from inventory.models import MovementSource, ReplenishmentSystem

#: So many suggestions stand on the page, from the top level down; once they are accepted the next ones follow.
SUGGESTIONS_SHOWN = 200
#: So many of the orders that were made are named in the notice.
_ORDERS_NAMED = 12
_KEY, _QUESTION_KEY = "plan", "question"
_FIELDS = ("quantity", "due_date", "replenishment_system")
_QUESTION = Sheet(
    Field(name="ending_date", label="Demand until", kind=kinds.DAY, help="Blank: all that is known"),
    Field(name="location", label="Location", kind=kinds.CODE, lookup="location-lookup", help="Blank: each by itself"),
    Field(
        name="items",
        label="Items",
        help="Numbers with blanks between them. Blank: all that have a reordering policy",
        size="wide",
    ),
)


class SuggestionsChanged(ChangedMeanwhile):
    """What was ticked is not suggested any more: somebody else has covered it, or nobody wants it."""

    template = "{count} of what you ticked is no longer suggested: demand or supply has changed. Look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A suggestion as the page draws it. mark: tells it from all others, also on the next page."""

    mark: str
    suggestion: Suggestion
    reason: str
    demands: Sequence[Demand]
    has_more_demands: bool
    #: The names of its controls: whether it is taken, then `_FIELDS`.
    chosen: str
    names: Sequence[str]
    refusals: Sequence[DomainError]


@page(right=Right.PLAN, methods=("GET",))
def show(request: HttpRequest) -> HttpResponse:
    """Ask for what to look; with `?calculate` what is suggested."""
    return _answer(request, NO_ATTEMPT)


@page(right=Right.PLAN, methods=("POST",))
def accept(request: HttpRequest) -> HttpResponse:
    """Make orders of what is ticked, all or nothing, and come back to what is left."""

    marks: list[str] = []

    def write() -> AcceptedSuggestions:
        once.claim(request)
        chosen = _chosen(request)
        marks[:] = chosen
        return planning.accept(list(chosen.values()))

    tried = attempt(request, Right.PLAN, write, key=_KEY)
    if not tried.done:
        return _answer(request, replace(tried, refusals=[_at_row(refusal, marks) for refusal in tried.refusals]))
    messages.success(request, format_html("Made: {}.", _named(tried.result)))
    return HttpResponseRedirect(f"{reverse('planning')}?{request.GET.urlencode()}")


# --- What is asked and suggested


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what `planning.suggest` is to look at. Raises Refusals."""
    values = _QUESTION.new(request.GET)
    items = re.split(r"[\s,;]+", values.get("items", "").strip())
    return {
        "items": items if items != [""] else None,
        "location": values.get("location") or None,
        "ending_date": values.get("ending_date"),
    }


def _mark(suggestion: Suggestion) -> str:
    """Return a name for the suggestion that may stand in an id, whatever the item's number."""
    text = "\n".join([*suggestion.key, suggestion.due_date.isoformat()])
    return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()


def _sheet(suggestions: Mapping[str, Suggestion]) -> Sheet:
    fields: list[Field] = []
    for mark, found in suggestions.items():
        of = f"{found.key.item_id} at {found.key.location_id}, {found.due_date.isoformat()}"
        fields += [
            Field(name=f"chosen_{mark}", label=f"Accept {of}", kind=kinds.FLAG),
            Field(name=f"quantity_{mark}", label=f"Quantity, {of}", kind=kinds.filled(kinds.QUANTITY)),
            Field(name=f"due_date_{mark}", label=f"Due, {of}", kind=kinds.filled(kinds.DAY)),
            Field(
                name=f"replenishment_system_{mark}",
                label=f"Action, {of}",
                kind=kinds.CHOICE,
                choices=ReplenishmentSystem.choices,
            ),
        ]
    return Sheet(*fields)


def _proposed(suggestions: Mapping[str, Suggestion]) -> dict[str, Any]:
    """Return what the controls hold before anybody changes them: all is taken as it is suggested."""
    values: dict[str, Any] = {}
    for mark, found in suggestions.items():
        values |= {f"{name}_{mark}": getattr(found, name) for name in _FIELDS}
        values[f"chosen_{mark}"] = True
    return values


# --- What is accepted


def _chosen(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return by its mark what is ticked, as the service takes it. Raises Refusals, Invalid, SuggestionsChanged."""
    ticked = _ticked(request)
    if not ticked:
        raise Invalid(detail="Nothing is ticked: there is nothing to make.")
    known = {mark: found for found in planning.suggest(**_asked(request)) if (mark := _mark(found)) in ticked}
    if len(known) < len(ticked):
        raise SuggestionsChanged(count=len(ticked) - len(known))
    typed = _proposed(known) | _sheet(known).changes(request.POST, _proposed(known))
    return {
        mark: {
            "item": found.key.item_id,
            "variant": found.key.variant_code,
            "location": found.key.location_id,
            **{name: typed[f"{name}_{mark}"] for name in _FIELDS},
        }
        for mark, found in known.items()
    }


def _ticked(request: HttpRequest) -> set[str]:
    """Return the marks that are ticked; without those that were refused before, where the others are to go on."""
    prefix, posted = "chosen_", request.POST
    ticked = {name.removeprefix(prefix) for name in posted if name.startswith(prefix) and posted[name] == "true"}
    return ticked - set(posted.getlist("refused")) if posted.get("act") == "others" else ticked


def _at_row(refusal: DomainError, marks: Sequence[str]) -> DomainError:
    """Return the refusal at its control: "suggestions[1].quantity" is the quantity of the second that was ticked."""
    found = re.fullmatch(r"suggestions\[(\d+)\](?:\.(\w+))?.*", refusal.field or "")
    if found is None:
        return refusal
    moved = copy.copy(refusal)
    name = found[2] if found[2] in _FIELDS else "chosen"
    moved.field = f"{name}_{marks[int(found[1])]}"
    return moved


def _named(made: AcceptedSuggestions) -> SafeString:
    """Return the orders as links; of many the first ones."""
    parts = (
        _linked("assembly order", AssemblyDocumentType.ORDER.value, made.assembly_orders),
        _linked("purchase order", MovementSource.PURCHASE_ORDER_LINE.value, made.purchase_orders),
    )
    return format_html_join("; ", "{}", ((part,) for part in parts if part))


def _linked(word: str, kind: str, numbers: Sequence[str]) -> SafeString | str:
    if not numbers:
        return ""
    named = ((url_of(kind, no), no) for no in numbers[:_ORDERS_NAMED])
    links = format_html_join(", ", '<a href="{}">{}</a>', named)
    rest = len(numbers) - _ORDERS_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return format_html("{}{} {}{}", word, "s" if len(numbers) > 1 else "", links, more)


# --- The page


def _answer(request: HttpRequest, tried: Attempt) -> HttpResponse:
    found: list[Suggestion] = []
    refusals: Sequence[DomainError] = ()
    is_asked = "calculate" in request.GET
    if is_asked:
        try:
            found = planning.suggest(**_asked(request))
        except Refusals as several:
            refusals = several.errors
        except DomainError as refusal:
            refusals = [refusal]
    status = refusals[0].http_status if refusals else tried.status
    context = {
        "title": "Planning suggestions",
        "is_asked": is_asked and not refusals,
        "question": _question(request, refusals),
        **_suggested(request, found, tried),
    }
    return render(request, "assembly/planning/show.html", context, status=status)


def _question(request: HttpRequest, refusals: Sequence[DomainError]) -> Entry:
    """Return what was asked; a faulty item is one of the field."""
    at_fields = [copy.copy(refusal) for refusal in refusals]
    for refusal in at_fields:
        refusal.field = (refusal.field or "").partition("[")[0]
    typed = {name: request.GET.get(name, "") for name in _QUESTION.fields}
    row = {} if refusals else _QUESTION.new(typed)
    return Entry(sheet=_QUESTION, key=_QUESTION_KEY, row=row, url=reverse("planning"), posted=typed, refusals=at_fields)


def _suggested(request: HttpRequest, found: Sequence[Suggestion], tried: Attempt) -> dict[str, Any]:
    shown = {_mark(suggestion): suggestion for suggestion in found[:SUGGESTIONS_SHOWN]}
    entry = Entry(
        sheet=_sheet(shown),
        key=_KEY,
        row=_proposed(shown),
        url=f"{reverse('planning-accept')}?{request.GET.urlencode()}",
        **tried.state_of(_KEY),
    )
    rows = _rows(shown, entry, today=current_setup().today) if shown else []
    refused = [row.mark for row in rows if row.refusals]
    return {
        "entry": entry,
        "levels": [(level, [row for row in rows if row.suggestion.level == level]) for level in _levels(rows)],
        "shown_count": len(shown),
        "found_count": len(found),
        "refused": refused,
        "others_count": len(_ticked(request) - set(refused)) if refused else 0,
        "general": [*entry.general_refusals, *_stale(tried)],
        "form_token": once.token_for(request),
    }


def _levels(rows: Sequence[Row]) -> list[int]:
    return sorted({row.suggestion.level for row in rows})


def _stale(tried: Attempt) -> list[DomainError]:
    return [refusal for refusal in tried.refusals if isinstance(refusal, ChangedMeanwhile)]


def _rows(shown: Mapping[str, Suggestion], entry: Entry, *, today: dt.date) -> list[Row]:
    """Return the rows. Two statements."""
    demands = uncovered_demand(list(shown.values()), today=today)
    rows = []
    for (mark, suggestion), wanted in zip(shown.items(), demands, strict=True):
        chosen, *names = (f"{name}_{mark}" for name in ("chosen", *_FIELDS))
        rows.append(
            Row(
                mark=mark,
                suggestion=suggestion,
                reason=reason(suggestion),
                demands=wanted[:DOCUMENTS_NAMED],
                has_more_demands=len(wanted) > DOCUMENTS_NAMED,
                chosen=chosen,
                names=names,
                refusals=[refusal for name in (chosen, *names) for refusal in entry.refusals_of(name)],
            )
        )
    return rows
