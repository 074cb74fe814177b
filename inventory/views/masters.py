"""What the pages of simple masters have in common: a card that is one form, a new one, deleting one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry, Sheet
from backoffice.pages.history import history_of, labels_of
from backoffice.rights import Right, has_right

Values = Mapping[str, Any]
Groups = Sequence[tuple[str, Sequence[str]]]
#: What a person may not see or change of a card.
Hidden = Callable[[HttpRequest], frozenset[str]]
Context = Callable[[HttpRequest, Any], Mapping[str, Any]]


def _nothing(_: HttpRequest) -> frozenset[str]:
    return frozenset()


def _no_more(_: HttpRequest, __: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterPages:
    """The card of one kind of master record, its page for a new one, and its deletion.

    what: "Resource", begins messages. list_url_name, url_name, new_url_name, delete_url_name: the addresses.
    sheet: row -> its fields (the row is the stored one); new_sheet: those of a new one. name_of: what follows the key
    in the title. create, change, delete: the services; change gets the locked row's key. lock: key -> the locked
    row. more: further context of the card. template: the card's.
    """

    what: str
    plural: str
    model: type[Model]
    audit_kind: str
    list_url_name: str
    url_name: str
    new_url_name: str
    delete_url_name: str
    view_right: Right
    edit_right: Right
    sheet: Callable[[Any], Sheet]
    new_sheet: Sheet
    name_of: Callable[[Any], str]
    lock: Callable[[str], Any]
    create: Callable[[Values], Any]
    change: Callable[[str, Values], Any]
    delete: Callable[[str], None]
    groups: Groups = ()
    hidden: Hidden = _nothing
    more: Context = _no_more
    template: str = "inventory/master.html"
    fragments: str = ""

    @property
    def new_page(self) -> Callable[..., HttpResponse]:
        """GET the empty form; POST creates."""
        return page(right=self.edit_right)(self._new)

    @property
    def card_page(self) -> Callable[..., HttpResponse]:
        """GET the card; POST changes fields."""
        return page(right=self.view_right)(self._card)

    @property
    def deletion(self) -> Callable[..., HttpResponse]:
        """POST deletes."""
        return page(right=self.edit_right, methods=("POST",))(self._delete)

    def _new(self, request: HttpRequest) -> HttpResponse:
        sheet, tried = self.new_sheet.without(self.hidden(request)), NO_ATTEMPT
        if request.method == "POST":
            tried = attempt(request, self.edit_right, lambda: self.create(sheet.new(request.POST)), key="card")
            if tried.done:
                messages.success(request, f"{self.what} {tried.result.pk} created.")
                return redirect(self.url_name, tried.result.pk)
        entry = Entry(sheet=sheet, key="card", row={}, url=reverse(self.new_url_name), **tried.state_of("card"))
        context = {
            "title": f"New {self.what.lower()}",
            "crumbs": [(self.plural, reverse(self.list_url_name))],
            "entry": entry,
            "groups": [("", [*sheet.fields])],
            "submit_label": f"Create {self.what.lower()}",
            "cancel_url": reverse(self.list_url_name),
        }
        return render(request, "partials/new_page.html", context, status=tried.status)

    def _card(self, request: HttpRequest, key: str) -> HttpResponse:
        if request.method != "POST":
            return self.show(request, key, NO_ATTEMPT)
        tried = attempt(request, self.edit_right, lambda: self._change(request, key), key="card")
        if tried.done and not by_script(request):
            return redirect(request.path)
        return self.show(request, key, tried)

    def _change(self, request: HttpRequest, key: str) -> Any:
        row = self.lock(key)
        sheet = self.sheet(row).without(self.hidden(request))
        return self.change(key, sheet.changes(request.POST, row))

    def _delete(self, request: HttpRequest, key: str) -> HttpResponse:
        self._row(key)
        tried = attempt(request, self.edit_right, lambda: self.delete(key))
        if not tried.done:
            return self.show(request, key, tried)
        messages.success(request, f"{self.what} {key} deleted.")
        return redirect(self.list_url_name)

    def _row(self, key: str) -> Any:
        row = self.model._default_manager.filter(pk=key).first()
        if row is None:
            raise Http404(f"There is no {self.what.lower()} {key}.")
        return row

    def form(self, request: HttpRequest, row: Any, tried: Attempt = NO_ATTEMPT) -> dict[str, Any]:
        """Return what `partials/entry_section.html` draws of the row."""
        sheet = self.sheet(row).without(self.hidden(request))
        may_edit = has_right(request.user, self.edit_right)
        url = reverse(self.url_name, args=[row.pk]) if may_edit else ""
        groups = self.groups or [("", [*sheet.fields])]
        return {
            "entry": Entry(sheet=sheet, key="card", row=row, url=url, **tried.state_of("card")),
            "groups": [(heading, [name for name in names if name in sheet.fields]) for heading, names in groups],
            "label": self.what,
        }

    def show(self, request: HttpRequest, key: str, tried: Attempt, **more: Any) -> HttpResponse:
        """Return the card, or to a script its form alone. more: context that stands before the card's own."""
        row = self._row(key)
        form = self.form(request, row, tried)
        if by_script(request) and tried.key == "card":
            context = {**form, "row": row, "fragments": self.fragments, "swapped": True}
            return render(request, "partials/entry_section.html", context, status=tried.status)
        may_edit = has_right(request.user, self.edit_right)
        context = {
            "title": f"{row.pk} {self.name_of(row)}".strip(),
            "crumbs": [(self.plural, reverse(self.list_url_name))],
            "row": row,
            "delete_url": reverse(self.delete_url_name, args=[row.pk]) if may_edit else "",
            "what": f"{self.what.lower()} {row.pk}",
            "refusals": () if tried.key else tried.refusals,
            "history": self._history(request, row),
            **form,
            **self.more(request, row),
            **more,
        }
        return render(request, self.template, context, status=tried.status)

    def _history(self, request: HttpRequest, row: Any) -> Any:
        hidden = self.hidden(request)
        labels = {name: label for name, label in labels_of(self.model).items() if name not in hidden}
        return history_of(self.audit_kind, row.pk, labels)
