"""The lines of a sales document as the page's grid saves, deletes and explodes them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backoffice.models import User
from backoffice.notices import Notice
from backoffice.pages.attempts import Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.rights import Right
from sales import late_dates, reading
from sales.locks import lock_document
from sales.models import SalesLine, SalesLineType
from sales.services import explode, mixing
from sales.services import lines as line_services
from sales.views import rows, sheets
from sales.views.document_kinds import DocumentKind
from sales.views.orders import load, show_document


@page(right=Right.ENTER_SALES, methods=("POST",))
def add_line(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Enter a line."""

    def write() -> int:
        values = kind.line.changes(request.POST, sheets.NEW_LINE)
        (line,) = line_services.add_lines(document_type=kind.document_type, no=no, lines=[values])
        return line.line_no

    tried = attempt(request, Right.ENTER_SALES, write, key=rows.NEW_KEY)
    return _answer(request, kind, no, tried.result, tried)


@page(right=Right.ENTER_SALES, methods=("POST",))
def save_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Change a line; its assembly document follows."""

    def write() -> None:
        document = lock_document(kind.document_type, no)
        lines = document.lines.select_related("blanket_line__document")
        line = line_services.require_line(document, list(lines.filter(line_no=line_no)), line_no)
        line.rev = document.rev
        values = _completed(kind.line.changes(request.POST, line), line)
        line_services.edit_lines(document_type=kind.document_type, no=no, changes={line_no: values})

    tried = attempt(request, Right.ENTER_SALES, write, key=f"line-{line_no}")
    return _answer(request, kind, no, line_no, tried)


def _completed(values: dict[str, Any], line: SalesLine) -> dict[str, Any]:
    """Add what belongs together: a number with its type, a blanket order with its line."""
    if "no" in values:
        values.setdefault("type", SalesLineType(line.type))
    if values.keys() & {"blanket_order_no", "blanket_order_line_no"}:
        values.setdefault("blanket_order_no", line.blanket_no)
        values.setdefault("blanket_order_line_no", line.blanket_line_no)
    return values


@page(right=Right.ENTER_SALES, methods=("POST",))
def delete_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Delete a line with its assembly document."""
    tried = attempt(
        request,
        Right.ENTER_SALES,
        lambda: line_services.delete_lines(document_type=kind.document_type, no=no, line_nos=[line_no]),
        key=f"line-{line_no}",
    )
    if tried.done and by_script(request):
        return render(request, "sales/orders/_totals.html", {"document": load(kind, no), "kind": kind, "swapped": True})
    return _answer(request, kind, no, line_no, tried)


@page(right=Right.ENTER_SALES, methods=("POST",))
def explode_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Put the item's components in its place."""
    tried = attempt(
        request,
        Right.ENTER_SALES,
        lambda: explode.explode_bom(document_type=kind.document_type, no=no, line_no=line_no),
        key=f"line-{line_no}",
    )
    return _answer_page(request, kind, no, line_no, tried)


@page(right=Right.ENTER_SALES, methods=("POST",))
def mix_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Take what is free from stock and assemble the rest; the line says why."""
    tried = attempt(
        request,
        Right.ENTER_SALES,
        lambda: mixing.take_free_assemble_rest(no=no, line_no=line_no),
        key=f"line-{line_no}",
    )
    if not tried.done:
        return _answer(request, kind, no, line_no, tried)
    if not by_script(request):
        messages.info(request, tried.result.reason)
    notice = Notice(code="stock_and_assembly", detail=tried.result.reason, line_no=line_no)
    return _answer(request, kind, no, line_no, tried, notices=[notice])


@page(right=Right.ENTER_SALES, methods=("POST",))
def split_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Put the part from stock on a line of its own."""
    tried = attempt(
        request,
        Right.ENTER_SALES,
        lambda: mixing.split_line(no=no, line_no=line_no),
        key=f"line-{line_no}",
    )
    return _answer_page(request, kind, no, line_no, tried)


def _answer(
    request: HttpRequest,
    kind: DocumentKind,
    no: str,
    line_no: int | None,
    tried: Attempt,
    notices: Sequence[Notice] = (),
) -> HttpResponse:
    """Answer with the line to a script, with the page to a plain form."""
    if not by_script(request):
        return _answer_page(request, kind, no, line_no, tried)
    document, user = load(kind, no), cast(User, request.user)
    line = reading.lines_on_page(document).filter(line_no=line_no).first() if line_no else None
    if line is None:
        # A key of its own: several new lines of one page may stand refused.
        key = f"line-new-{secrets.token_hex(4)}"
        row = rows.new_row(kind, document, key, replace(tried, key=key))
    else:
        if tried.done and "shipment_date" in request.POST:
            notices = [*notices, *late_dates.line_notices([line])]
        row = rows.line_row(kind, document, line, user, tried, notices)
    context = {"row": row, "document": document, "kind": kind, "with_totals": True}
    return render(request, "sales/orders/_line.html", context, status=tried.status)


def _answer_page(
    request: HttpRequest, kind: DocumentKind, no: str, line_no: int | None, tried: Attempt
) -> HttpResponse:
    if not tried.done:
        return show_document(request, kind, no, tried)
    return HttpResponseRedirect(f"{kind.url(load(kind, no))}#line-{line_no}")
