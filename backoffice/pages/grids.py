"""Line grids: what a row holds, where it is saved, and the answers to a row that was saved or deleted."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from backoffice.pages.attempts import NO_ATTEMPT, Attempt
from backoffice.pages.decorators import by_script
from backoffice.pages.entries import Entry, Sheet

ROW_TEMPLATE = "partials/grid_row.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A column that is only read. show: row -> text or safe HTML."""

    name: str
    label: str
    show: Callable[[Any], str]
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row as it is drawn. row: None for a new one."""

    entry: Entry
    row: Any
    mark: str
    computed: Sequence[tuple[Computed, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid of one kind of row.

    key: begins the ids of its rows. url: where a new row is posted to; a row's own address is that with its key
    behind; "" draws the grid without controls. key_of: what identifies a row in its address, name_of: what it is
    called aloud, mark_of: what stands before it. blank: what a new row holds before anything is typed.
    """

    key: str
    label: str
    sheet: Sheet
    url: str
    key_of: Callable[[Any], str]
    name_of: Callable[[Any], str]
    mark_of: Callable[[Any], str] = lambda row: ""
    computed: Sequence[Computed] = ()
    blank: Mapping[str, Any] = field(default_factory=dict)
    locked_of: Callable[[Any], Mapping[str, str]] = lambda row: {}
    can_add: bool = True
    can_delete: bool = True

    @property
    def new_key(self) -> str:
        return f"{self.key}-new-0"

    @property
    def width(self) -> int:
        """How many columns the grid has, the mark and the actions among them."""
        return len(self.sheet.fields) + len(self.computed) + 2

    def unit_key(self, row_key: object) -> str:
        """Return the key of the entry of the row with this key."""
        return f"{self.key}-{row_key}"

    def line(self, row: Any, tried: Attempt = NO_ATTEMPT) -> Line:
        """Return a row that is stored."""
        url = f"{self.url}{self.key_of(row)}/" if self.url else ""
        entry = Entry(
            sheet=self.sheet,
            key=self.unit_key(self.key_of(row)),
            name=self.name_of(row),
            row=row,
            url=url,
            delete_url=f"{url}delete/" if url and self.can_delete else "",
            locked=self.locked_of(row),
            **tried.state_of(self.unit_key(self.key_of(row))),
        )
        shown = [(column, column.show(row)) for column in self.computed]
        return Line(entry=entry, row=row, mark=self.mark_of(row), computed=shown)

    def new_line(self, key: str = "", tried: Attempt = NO_ATTEMPT) -> Line:
        """Return the empty row that becomes a new one."""
        key = key or self.new_key
        name = f"new {self.label.lower()}"
        state = tried.state_of(key)
        entry = Entry(sheet=self.sheet, key=key, name=name, row=self.blank, url=self.url, **state)
        return Line(entry=entry, row=None, mark="", computed=[(column, "") for column in self.computed])

    def context(self, rows: Iterable[Any], tried: Attempt = NO_ATTEMPT) -> dict[str, Any]:
        """Return what `partials/grid.html` draws."""
        return {
            "grid": self,
            "lines": [self.line(row, tried) for row in rows],
            "new_line": self.new_line(tried=tried) if self.url and self.can_add else None,
            "template_line": self.new_line(f"{self.key}-new-__n__"),
        }


def answer_line(
    request: HttpRequest,
    tried: Attempt,
    *,
    grid: Callable[[], Grid],
    reload: Callable[[], Any],
    show_page: Callable[[Attempt], HttpResponse],
    page_url: str,
    fragments: str = "",
    context: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Answer to a row that was saved, or refused: the row to a script, the page to a plain form.

    grid and context are asked for after the write. reload: returns the stored row, None if there is none (a new
    one that was refused). fragments: a template with what else on the page the write may have changed.
    """
    if not by_script(request):
        return HttpResponseRedirect(page_url) if tried.done else show_page(tried)
    row, shown = reload(), grid()
    if row is not None:
        line = shown.line(row, tried)
    else:
        # A key of its own: several new rows of one page may stand refused.
        key = shown.unit_key(f"new-{secrets.token_hex(4)}")
        line = shown.new_line(key, Attempt(key=key, posted=tried.posted, refusals=tried.refusals))
    values = {"grid": shown, "line": line, "fragments": fragments, "swapped": True, **context()}
    return render(request, ROW_TEMPLATE, values, status=tried.status)


def answer_deletion(
    request: HttpRequest,
    tried: Attempt,
    *,
    grid: Callable[[], Grid],
    reload: Callable[[], Any],
    show_page: Callable[[Attempt], HttpResponse],
    page_url: str,
    fragments: str = "",
    context: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Answer to a row that was deleted: to a script the fragments alone. Refused: the row, or the page."""
    if tried.done and by_script(request):
        if not fragments:
            return HttpResponse()
        return render(request, fragments, {"grid": grid(), "swapped": True, **context()})
    return answer_line(
        request,
        tried,
        grid=grid,
        reload=reload,
        show_page=show_page,
        page_url=page_url,
        fragments=fragments,
        context=context,
    )
