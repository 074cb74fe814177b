"""The components of an assembly document: the panel below a sales line, and what is typed into and done to them.

The page of the document and the panel share all of it; `?in=panel` says which of the two asks.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from assembly import late_dates, reading
from assembly.field_rights import require_field_rights
from assembly.locks import lock_for_edit
from assembly.services import documents
from assembly.services import lines as line_services
from assembly.views import access, rows, sheets
from assembly.views.document_kinds import DocumentKind
from assembly.views.orders import load, show_document
from backoffice.models import User
from backoffice.pages import kinds
from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.rights import Right


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def panel(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """The section of lines alone, to stand below the sales line."""
    return _answer_section(request, _place(request, kind, no, in_panel=True), NO_ATTEMPT)


def _place(request: HttpRequest, kind: DocumentKind, no: str, *, in_panel: bool | None = None) -> rows.Place:
    return rows.Place(
        kind=kind,
        document=load(kind, no),
        user=cast(User, request.user),
        in_panel=request.GET.get("in") == "panel" if in_panel is None else in_panel,
    )


def _answer_section(request: HttpRequest, place: rows.Place, tried: Attempt) -> HttpResponse:
    lines = reading.lines_on_page(place.document)
    context = {"kind": place.kind, **rows.section(place, lines, tried)}
    return render(request, "assembly/orders/_parts.html", context, status=tried.status)


# --- One line


@page(right=Right.EDIT_ASSEMBLY_COMPONENTS, methods=("POST",))
def add_line(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Enter a component, resource or text."""
    place = _place(request, kind, no)

    def write() -> int:
        values = _sheet(place).changes(request.POST, sheets.NEW_LINE)
        values.setdefault("type", sheets.NEW_LINE["type"])
        return line_services.add_line(document_type=kind.document_type, no=no, values=values).line_no

    tried = attempt(request, Right.EDIT_ASSEMBLY_COMPONENTS, write, key=place.new_key())
    return _answer_line(request, place, tried.result, tried)


@page(right=Right.VIEW_ASSEMBLY, methods=("POST",))
def save_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Change a line."""
    place = _place(request, kind, no)

    def write() -> None:
        document, _ = lock_for_edit(kind.document_type, no)
        line = document.lines.filter(line_no=line_no).first()
        if line is None:
            raise Http404(f"{no} has no line {line_no}.")
        line.rev = document.rev
        values = _sheet(place).changes(request.POST, line)
        require_field_rights(place.user, values, otherwise=Right.EDIT_ASSEMBLY_COMPONENTS)
        line_services.edit_line(document_type=kind.document_type, no=no, line_no=line_no, values=values)

    tried = attempt(request, Right.VIEW_ASSEMBLY, write, key=place.line_key(line_no))
    return _answer_line(request, place, line_no, tried)


@page(right=Right.EDIT_ASSEMBLY_COMPONENTS, methods=("POST",))
def delete_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Delete a line with its reservations."""
    place = _place(request, kind, no)
    tried = attempt(
        request,
        Right.EDIT_ASSEMBLY_COMPONENTS,
        lambda: line_services.delete_line(document_type=kind.document_type, no=no, line_no=line_no),
        key=place.line_key(line_no),
    )
    if tried.done and by_script(request):
        return render(request, "assembly/orders/_totals.html", _totals(place))
    return _answer_line(request, place, line_no, tried)


def _sheet(place: rows.Place) -> Any:
    return access.line_sheet(place.user, in_panel=place.in_panel)


def _totals(place: rows.Place) -> dict[str, Any]:
    lines = reading.lines_on_page(place.document)
    return {"place": place, "totals": rows.totals(place, lines), "swapped": True}


def _answer_line(request: HttpRequest, place: rows.Place, line_no: int | None, tried: Attempt) -> HttpResponse:
    """Answer with the line and what stands below the lines to a script, with the page to a plain form."""
    if not by_script(request):
        return _answer_page(request, place, tried)
    lines = list(reading.lines_on_page(place.document))
    line = next((line for line in lines if line.line_no == line_no), None)
    if line is None:
        # A key of its own: several new lines of one page may stand refused.
        key = place.new_key(secrets.token_hex(4))
        row = rows.new_row(place, key, replace(tried, key=key))
    else:
        dated = tried.done and "due_date" in request.POST
        row = rows.line_row(place, line, tried, late_dates.line_notices([line]) if dated else ())
    context = {"part": row, "place": place, "totals": rows.totals(place, lines), "with_totals": True}
    return render(request, "assembly/orders/_part.html", context, status=tried.status)


def _answer_page(request: HttpRequest, place: rows.Place, tried: Attempt) -> HttpResponse:
    no = place.document.no
    return HttpResponseRedirect(place.kind.url(no)) if tried.done else show_document(request, place.kind, no, tried)


# --- What changes several lines: the answer is the whole section


@page(right=Right.EDIT_ASSEMBLY_COMPONENTS, methods=("POST",))
def refresh_lines(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """Put the bill of materials in place of all lines."""
    return _change_section(request, kind, no, lambda: documents.refresh_lines(document_type=kind.document_type, no=no))


@page(right=Right.EDIT_ASSEMBLY_COMPONENTS, methods=("POST",))
def explode_line(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """Put a component's own components below it."""
    return _change_section(
        request,
        kind,
        no,
        lambda: line_services.explode_line(document_type=kind.document_type, no=no, line_no=line_no),
    )


@page(right=Right.EDIT_ASSEMBLY_COMPONENTS)
def substitute(request: HttpRequest, kind: DocumentKind, no: str, line_no: int) -> HttpResponse:
    """What may take the component's place: shown on GET, as a dialog to a script; taken on POST."""
    if request.method == "POST":
        return _change_section(
            request,
            kind,
            no,
            lambda: line_services.substitute(
                document_type=kind.document_type,
                no=no,
                line_no=line_no,
                substitute=kinds.CODE.read(request.POST.get("substitute", "")),
                variant=kinds.CODE.read(request.POST.get("variant", "")),
            ),
        )
    place = _place(request, kind, no)
    line = place.document.lines.filter(line_no=line_no).first()
    if line is None:
        raise Http404(f"{no} has no line {line_no}.")
    context = {
        "title": f"Substitutes for {line.no}",
        "crumbs": [(kind.plural, kind.list_url), (no, kind.url(no))],
        "place": place,
        "line": line,
        "substitutes": reading.substitutes_of(line),
        "substitute_url": place.url("line-substitute", line_no),
    }
    template = "_substitutes.html" if by_script(request) else "substitutes.html"
    return render(request, f"assembly/orders/{template}", context)


def _change_section(request: HttpRequest, kind: DocumentKind, no: str, act: Callable[[], object]) -> HttpResponse:
    tried = attempt(request, Right.EDIT_ASSEMBLY_COMPONENTS, act)
    place = _place(request, kind, no)
    return _answer_section(request, place, tried) if by_script(request) else _answer_page(request, place, tried)
