"""Amending a released order on a page: what it would change is shown first, then it is done as one act (EDT-25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backoffice.exceptions import DomainError, Invalid, Refusals, StaleRevision, raise_all
from backoffice.impact import impact_of
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Field, Sheet
from backoffice.rights import Right, has_right, require_right
from sales.models import SalesDocument, SalesLine, SalesLineType
from sales.services.amending import REASON_MAX_LENGTH, amend_order
from sales.views import impact, rows, sheets
from sales.views.document_kinds import ORDERS, DocumentKind
from sales.views.orders import load

_FORM = "amendment"
_HEADER = Sheet(
    *(
        sheets.HEADER[name]
        for name in ("shipment_date", "requested_delivery_date", "promised_delivery_date", "posting_date")
    )
)
_LINE = Sheet(
    *(
        sheets.LINE[name]
        for name in ("quantity", "qty_to_assemble_to_order", "qty_to_ship", "shipment_date", "location")
    )
)
_WHY = Sheet(
    Field(
        name="reason",
        label="Reason",
        kind=kinds.text(REASON_MAX_LENGTH),
        required=True,
        size="wide",
        help="Kept with everything that changes; the assembly department reads it too",
    )
)
_HEADER_PREFIX = "header."
#: What stands for the reason while nothing is kept.
_PREVIEW = "Preview"


@page()
def amend(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """GET the form; POST tells what would change, or with act=amend does it."""
    for right in rows.AMENDING_RIGHTS:
        require_right(request.user, right)
    document = load(kind, no)
    lines = list(document.lines.exclude(type=SalesLineType.COMMENT).order_by("line_no"))
    if request.method != "POST":
        return _answer(request, document, lines, NO_ATTEMPT)
    if request.POST.get("act") != "amend":
        work = _work(request, document, lines, preview=True)
        return _answer(
            request, document, lines, attempt(request, Right.ENTER_SALES, lambda: impact_of(work), rollback=True)
        )
    tried = attempt(request, Right.ENTER_SALES, _work(request, document, lines))
    if not tried.done:
        return _answer(request, document, lines, tried)
    messages.success(request, f"{kind.label} {no} amended.")
    return HttpResponseRedirect(kind.url_of(no))


def _work(
    request: HttpRequest, document: SalesDocument, lines: Sequence[SalesLine], *, preview: bool = False
) -> Callable[[], SalesDocument]:
    def work() -> SalesDocument:
        values, changes, reason = _typed(request.POST, document, lines)
        rev = request.POST.get("order_rev", "")
        if not rev.isdecimal():
            raise Invalid(field="order_rev", detail="The page does not say which state of the order it shows.")
        return amend_order(
            no=document.no,
            values=values,
            lines=changes,
            reason=reason or (_PREVIEW if preview else ""),
            expected_rev=int(rev),
        )

    return work


def _typed(
    posted: Mapping[str, str], document: SalesDocument, lines: Sequence[SalesLine]
) -> tuple[dict[str, Any], dict[int, dict[str, Any]], str]:
    """Return what was changed of header and lines, and the reason. Raises all that is malformed at once."""
    refusals: list[DomainError] = []

    def read(sheet: Sheet, prefix: str, row: object, path: str) -> dict[str, Any]:
        try:
            return sheet.changes(_of(posted, prefix), row)
        except Refusals as several:
            refusals.extend(refusal.at(path) if path else refusal for refusal in several.errors)
            return {}

    values = read(_HEADER, _HEADER_PREFIX, document, "")
    changes = {
        line.line_no: changed
        for line in lines
        if (changed := read(_LINE, _prefix(line), line, f"lines[{line.line_no}]"))
    }
    reason = read(_WHY, "", {"reason": ""}, "").get("reason", "")
    raise_all(refusals)
    return values, changes, reason


def _prefix(line: SalesLine) -> str:
    return f"lines.{line.line_no}."


def _of(posted: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return what was posted of the entry whose controls begin with the prefix, by field name."""
    return {name.removeprefix(prefix): posted[name] for name in posted if name.startswith(prefix)}


def _answer(request: HttpRequest, document: SalesDocument, lines: Sequence[SalesLine], tried: Attempt) -> HttpResponse:
    no, user = document.no, request.user
    of_lines = {line.line_no: [each for each in tried.refusals if rows.is_about(each, line.line_no)] for line in lines}
    beside = {id(refusal) for refusals in of_lines.values() for refusal in refusals}
    others = [each for each in tried.refusals if id(each) not in beside and not isinstance(each, StaleRevision)]
    of_reason = [each for each in others if each.field == "reason"]

    def entry(sheet: Sheet, key: str, row: object, prefix: str, refusals: Sequence[DomainError], **more: Any) -> Entry:
        posted = _of(tried.posted, prefix)
        return Entry(
            sheet=sheet, key=key, row=row, url=request.path, form=_FORM, prefix=prefix, posted=posted,
            refusals=refusals, as_typed=bool(posted), **more,
        )  # fmt: skip

    context = {
        "title": f"Amend {no}",
        "crumbs": [(ORDERS.plural, ORDERS.list_url), (no, ORDERS.url_of(no))],
        "form": _FORM,
        "header": entry(
            _HEADER, "header", document, _HEADER_PREFIX, [each for each in others if each not in of_reason]
        ),
        "why": entry(_WHY, "why", {"reason": ""}, "", of_reason),
        "rows": [
            {
                "line": line,
                "entry": entry(
                    _LINE,
                    f"line-{line.line_no}",
                    line,
                    _prefix(line),
                    of_lines[line.line_no],
                    name=f"line {line.line_no}, {line.no}",
                    locked=rows.not_of_type(line),
                ),
            }
            for line in lines
        ],
        "sheet": _LINE,
        "is_stale": any(isinstance(each, StaleRevision) for each in tried.refusals),
        "is_shown": tried.result is not None,
        "order_rev": document.rev,
        "cancel_url": ORDERS.url_of(no),
    }
    if tried.result is not None:
        context |= impact.context_of(tried.result, no=no, with_costs=has_right(user, Right.SEE_COSTS))
    return render(request, "sales/orders/amend.html", context, status=tried.status)
