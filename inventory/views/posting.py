"""The dialog that posts an order: what is asked, the entries before they exist, and then the posting.

The floors above say what is posted and how it is told; here stands how it is asked. Without scripts it is a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_htmx.http import HttpResponseClientRedirect

from backoffice.exceptions import DomainError, Refusals, StaleRevision
from backoffice.pages import kinds, once
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script
from backoffice.pages.entries import Entry, Sheet
from backoffice.pages.links import url_of
from backoffice.rights import Right, has_right
from inventory.posted_entries import PostedEntries

KEY = "posting"
_PREVIEW, _POST = "preview", "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a posting made. documents: kind, label and number of each. entries: None unless it was a preview."""

    documents: Sequence[tuple[str, str, str]]
    entries: PostedEntries | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingDialog:
    """What is posted of one order, and who posts it.

    right: of posting; looking at the preview is Right.PREVIEW_POSTING. row: what is proposed. rev: the order's, which
    the posting expects. post: what was typed, the expected revision, and whether to tell the entries -> what was made.
    """

    no: str
    page_url: str
    url: str
    crumbs: Sequence[tuple[str, str]]
    right: Right
    sheet: Sheet
    row: Mapping[str, Any]
    rev: int
    post: Callable[[Mapping[str, Any], int | None, bool], Told]


def answer_posting(request: HttpRequest, dialog: PostingDialog) -> HttpResponse:
    """Answer with the dialog, with the preview in it, or after the posting with the way back to the order."""
    act = request.POST.get("act", "")
    tried = NO_ATTEMPT
    if act == _POST:
        tried = attempt(request, dialog.right, lambda: _post(request, dialog), key=KEY)
        if tried.done:
            return _posted(request, dialog, tried.result)
    elif act == _PREVIEW:
        tried = attempt(
            request, Right.PREVIEW_POSTING, lambda: _run(request, dialog, tell=True), key=KEY, rollback=True
        )
    context = _context(request, dialog, tried)
    part = "_form" if act else "_dialog"
    template = part if by_script(request) else "page"
    return render(request, f"inventory/posting/{template}.html", context, status=tried.status)


def _post(request: HttpRequest, dialog: PostingDialog) -> Told:
    once.claim(request)
    return _run(request, dialog, tell=False)


def _run(request: HttpRequest, dialog: PostingDialog, *, tell: bool) -> Told:
    values = {**dialog.row, **dialog.sheet.new(request.POST)}
    return dialog.post(values, kinds.WHOLE.read(request.POST.get("order_rev", "")), tell)


def _posted(request: HttpRequest, dialog: PostingDialog, told: Told) -> HttpResponse:
    messages.success(request, format_html("Posted: {}.", _named(told)))
    if by_script(request):
        return HttpResponseClientRedirect(dialog.page_url)
    return HttpResponseRedirect(dialog.page_url)


def _named(told: Told) -> SafeString:
    """Return the documents as links, to whoever may want to print them at once."""
    links = ((label, url_of(kind, no), no) for kind, label, no in told.documents)
    return format_html_join(", ", '{} <a href="{}">{}</a>', links)


def _context(request: HttpRequest, dialog: PostingDialog, tried: Attempt) -> dict[str, Any]:
    """Return what the dialog shows. What was typed stays, whether it was refused or only looked at."""
    entry = Entry(
        sheet=dialog.sheet,
        key=KEY,
        row={**dialog.row, **_typed(dialog.sheet, request.POST)},
        url=dialog.url,
        **tried.state_of(KEY),
    )
    return {
        "title": f"Post {dialog.no}",
        "crumbs": [*dialog.crumbs, (dialog.no, dialog.page_url)],
        "dialog": dialog,
        "level": 3 if by_script(request) else 2,
        "entry": entry,
        "form_token": once.token_for(request),
        "stale": any(isinstance(refusal, StaleRevision) for refusal in tried.refusals),
        "general": [_placed(dialog, refusal) for refusal in entry.general_refusals],
        "told": tried.result if tried.done else None,
        "may_post": has_right(request.user, dialog.right),
        "sees_costs": has_right(request.user, Right.SEE_COSTS),
    }


def _typed(sheet: Sheet, posted: Mapping[str, str]) -> Mapping[str, Any]:
    with suppress(DomainError, Refusals):
        return sheet.new(posted)
    return {}


def _placed(dialog: PostingDialog, refusal: DomainError) -> dict[str, str]:
    """Return a refusal with the line that it concerns, "lines[10000].qty_to_ship" being of line 10000."""
    place, _, _ = (refusal.field or "").partition(".")
    line = place.removeprefix("lines[").removesuffix("]") if place.startswith("lines[") else ""
    return {"detail": refusal.detail, "line": line}
