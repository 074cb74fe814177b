"""Units of measure: a list short enough to be one grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.grids import Grid, answer_deletion, answer_line
from backoffice.rights import Right, has_right
from inventory.locks import lock_master
from inventory.models import UnitOfMeasure
from inventory.services import masters
from inventory.views import sheets


def _grid(request: HttpRequest) -> Grid:
    may_edit = has_right(request.user, Right.EDIT_SETUP)
    return Grid(
        key="unit",
        label="Unit",
        sheet=sheets.UNIT_OF_MEASURE,
        url=reverse("units") if may_edit else "",
        # As hexadecimal, because ids hold no blanks.
        key_of=lambda row: row.code.encode().hex(),
        name_of=lambda row: f"unit {row.code}",
        locked_of=lambda row: {"code": "A key is never changed."},
    )


@page(right=Right.VIEW_MASTERS)
def list_units(request: HttpRequest) -> HttpResponse:
    """GET the units; POST a new one."""
    if request.method != "POST":
        return _show(request, NO_ATTEMPT)

    def write() -> UnitOfMeasure:
        return masters.create_unit_of_measure(sheets.UNIT_OF_MEASURE.new(request.POST))

    return _answer(request, "", write, answer_line)


@page(right=Right.EDIT_SETUP, methods=("POST",))
def save_unit(request: HttpRequest, key: str) -> HttpResponse:
    """Change a unit's description."""
    code = _code_of(key)

    def write() -> UnitOfMeasure:
        row = lock_master(UnitOfMeasure, code)
        return masters.change_unit_of_measure(code, sheets.UNIT_OF_MEASURE.changes(request.POST, row))

    return _answer(request, code, write, answer_line)


@page(right=Right.EDIT_SETUP, methods=("POST",))
def delete_unit(request: HttpRequest, key: str) -> HttpResponse:
    """Delete a unit that nothing is counted in."""
    code = _code_of(key)
    return _answer(request, code, lambda: masters.delete_unit_of_measure(code), answer_deletion)


def _code_of(key: str) -> str:
    """Return the code of an address; what is no such key names nothing."""
    try:
        return bytes.fromhex(key).decode()
    except ValueError:
        return ""


def _answer(
    request: HttpRequest, code: str, write: Callable[[], Any], answer: Callable[..., HttpResponse]
) -> HttpResponse:
    grid = _grid(request)
    key = grid.unit_key(code.encode().hex()) if code else grid.new_key
    tried = attempt(request, Right.EDIT_SETUP, write, key=key)
    saved = tried.result.pk if tried.result else code
    return answer(
        request,
        tried,
        grid=lambda: grid,
        reload=lambda: UnitOfMeasure.objects.filter(pk=saved).first() if saved else None,
        show_page=lambda refused: _show(request, refused),
        page_url=reverse("units"),
    )


def _show(request: HttpRequest, tried: Attempt) -> HttpResponse:
    rows = UnitOfMeasure.objects.order_by("code")
    context = {"title": "Units of measure", **_grid(request).context(rows, tried)}
    return render(request, "inventory/units.html", context, status=tried.status)
