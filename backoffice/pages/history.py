"""The history of a document for its page: who changed which field when, old and new, one act a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby

from django.apps import apps
from django.db.models import Model

from backoffice.audit import history
from backoffice.models import AuditEntry

#: Rows of the trail that one page reads. A batch of a thousand lines is one act, of which the page tells the beginning.
ROW_LIMIT = 200
_DECIMAL = re.compile(r"-?\d+\.\d+")
#: What happened to a row that hangs on a line, and to one that hangs on the document.
_HANGING = {
    "created": ("{name} added to line {line_no}", "{name} added"),
    "changed": ("{name} of line {line_no} changed", "{name} changed"),
    "deleted": ("{name} taken off line {line_no}", "{name} taken off"),
}
_CHANNELS = {"page": "on a page", "api": "by the API", "admin": "in the administration", "command": "by a command"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: what it held before and after. "" stands for nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to the document or to one of its lines. is_new: the fields held nothing before."""

    what: str
    fields: Sequence[FieldChange] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """All that one request changed."""

    who: str
    at: datetime
    channel: str
    reason: str
    changes: Sequence[Change] = field(default_factory=list)


def labels_of(*models: type[Model]) -> dict[str, str]:
    """Return what the columns of the models are called, for `history_of`."""
    return {
        str(column.column): str(column.verbose_name).capitalize()
        for model in models
        for column in model._meta.concrete_fields
    }


def history_of(kind: str, document_id: object, labels: Mapping[str, str]) -> list[Act]:
    """Return the acts on a document and its lines, newest first. One statement.

    labels: column -> label; a column without one is the machinery's and is not shown.
    """
    entries = history(kind, document_id)[:ROW_LIMIT]
    acts = [_act(list(rows), labels) for _, rows in groupby(entries, key=_request)]
    return [act for act in acts if act.changes]


def _request(entry: AuditEntry) -> tuple[object, ...]:
    return (entry.request_id, entry.actor_id, entry.channel) if entry.request_id else (entry.pk,)


def _act(entries: Sequence[AuditEntry], labels: Mapping[str, str]) -> Act:
    last = entries[0]
    return Act(
        who=last.actor_name or "The system",
        at=last.at,
        channel=_CHANNELS.get(last.channel, "in the database"),
        reason=last.reason,
        changes=list(_together(_changes(reversed(entries), labels))),
    )


def _changes(entries: Iterable[AuditEntry], labels: Mapping[str, str]) -> Iterable[Change]:
    """Yield what each row tells, oldest first, without the rows of which only machinery changed."""
    for entry in entries:
        fields = [
            FieldChange(label=labels[name], old=_spoken(pair[0]), new=_spoken(pair[1]))
            for name, pair in entry.changes.items()
            if name in labels and name not in entry.naming
        ]
        what = _what_hangs(entry, labels) if entry.naming else _what(entry)
        if entry.action == "created":
            told = tuple(field for field in fields if field.new not in ("", "0"))
            yield Change(what=what, fields=told, is_new=bool(told))
        elif entry.action == "deleted":
            yield Change(what=what)
        elif fields:
            yield Change(what=what, fields=fields)


def _together(changes: Iterable[Change]) -> Iterable[Change]:
    """Yield the changes, rows of one kind that were created or deleted one after another as one."""
    for what, same in groupby(changes, key=lambda change: change.what):
        alike = list(same)
        if len(alike) > 1 and not any(change.fields for change in alike):
            yield Change(what=f"{what}, {len(alike)} times")
        else:
            yield from alike


def _what(entry: AuditEntry) -> str:
    thing = _name_of(entry.object_table) if entry.line_no is None else f"Line {entry.line_no}"
    return f"{thing} {entry.get_action_display()}"


def _what_hangs(entry: AuditEntry, labels: Mapping[str, str]) -> str:
    """Say what happened to a row that hangs on a line or on the document itself, by what it is called."""
    name = ", ".join(f"{labels.get(column, column)} {value}" for column, value in entry.naming.items())
    of_line, of_document = _HANGING[entry.action]
    return of_document.format(name=name) if entry.line_no is None else of_line.format(name=name, line_no=entry.line_no)


@cache
def _name_of(table: str) -> str:
    """Return what a row of the table is called: its model's name."""
    names = {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}
    return names.get(table, "document").capitalize()


def _spoken(text: str | None) -> str:
    """Return a stored text as people write it: no trailing zeros, yes and no."""
    if text is None:
        return ""
    if _DECIMAL.fullmatch(text):
        return text.rstrip("0").rstrip(".")
    return {"true": "yes", "false": "no"}.get(text, text)
