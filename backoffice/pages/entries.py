"""What people type into pages: which fields an entry has, what changed in it, and what is shown back after a refusal.

A `Sheet` declares the fields of one thing (a document header, a grid row). An `Entry` is one such thing on a page.
Forms and grid rows send only the fields that were changed, each with the text that the page had before (`was.NAME`).
So two people lose nothing to each other: different fields merge, the same field is a conflict that shows both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backoffice.exceptions import DomainError, Invalid, Refusals, StaleRevision
from backoffice.notices import Notice
from backoffice.pages.kinds import TEXT, Kind

#: Prefix of the posted texts that the page held before the person typed.
SEEN = "was."
#: Name of the hidden control with the revision, for a page without scripts, which sends every field.
REVISION = "rev"


class ChangedMeanwhile(StaleRevision):
    """Somebody else changed, since the page was made, what the person changed too."""

    template = "Somebody else changed this meanwhile."


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a sheet.

    name: in the request and in refusals. attr: where a row keeps it, if elsewhere ("item_id").
    stop: the Enter key visits it in a grid. lookup: the URL name of its combobox; lookup_with: other fields of the
    entry whose texts the combobox sends along. required: marked so, nothing more: the service decides.
    """

    name: str
    label: str
    kind: Kind = TEXT
    attr: str = ""
    stop: bool = False
    lookup: str = ""
    lookup_with: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    help: str = ""
    required: bool = False
    size: str = ""

    def value_of(self, row: object) -> Any:
        """Return the row's value. A Mapping is read by name."""
        return row.get(self.name) if isinstance(row, Mapping) else getattr(row, self.attr or self.name)

    def text_of(self, row: object) -> str:
        """Return the row's value as a control shows it."""
        return self.kind.show(self.value_of(row))

    def read(self, text: str) -> Any:
        """Return the value that was typed, or raise Invalid: malformed, or none of the choices."""
        value = self.kind.read(text)
        if self.choices and value not in {choice for choice, _ in self.choices}:
            raise Invalid(detail=f'"{text[:40]}" is not among the choices.')
        return value


class Sheet:
    """The fields of one kind of entry, in their order."""

    def __init__(self, *fields: Field) -> None:
        self.fields: dict[str, Field] = {field.name: field for field in fields}

    def __getitem__(self, name: str) -> Field:
        return self.fields[name]

    def without(self, names: Collection[str]) -> Sheet:
        """Return the sheet without some fields: for somebody who may not see them."""
        return Sheet(*(field for name, field in self.fields.items() if name not in names))

    def texts(self, row: object) -> dict[str, str]:
        """Return every field of the row as its control shows it."""
        return {name: field.text_of(row) for name, field in self.fields.items()}

    def typed(self, posted: Mapping[str, str]) -> dict[str, str]:
        """Return the posted texts of this sheet's fields."""
        return {name: posted[name] for name in self.fields if name in posted}

    def changes(self, posted: Mapping[str, str], current: object) -> dict[str, Any]:
        """Return the values of the fields that the person changed. Call it inside the unit, on a locked row.

        current: the row as it stands, or {} for a new one. Raises Refusals for malformed texts (all of them at
        once) and ChangedMeanwhile where somebody else changed a field that the person changed too.
        """
        shown = self.texts(current)
        typed = {name: text for name, text in self.typed(posted).items() if text != shown[name]}
        if self._is_stale(posted, shown, typed, current):
            raise ChangedMeanwhile
        return self._read(typed)

    def new(self, posted: Mapping[str, str]) -> dict[str, Any]:
        """Return the values of the fields that were filled in on a new entry."""
        return self.changes(posted, {})

    def _is_stale(
        self, posted: Mapping[str, str], shown: Mapping[str, str], typed: Mapping[str, str], current: object
    ) -> bool:
        seen = {name: posted[SEEN + name] for name in typed if SEEN + name in posted}
        if any(seen[name] != shown[name] for name in seen):
            return True
        blind = typed.keys() - seen.keys()
        return bool(blind) and REVISION in posted and posted[REVISION] != str(getattr(current, "rev", ""))

    def _read(self, typed: Mapping[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        refusals: list[DomainError] = []
        for name, text in typed.items():
            try:
                values[name] = self.fields[name].read(text)
            except DomainError as refusal:
                refusals.append(refusal.at(name))
        if refusals:
            raise Refusals(refusals)
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A field that somebody else changed while the person typed: what it holds now and what was typed."""

    label: str
    theirs: str
    mine: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """One entry on a page.

    key: unique on the page, begins every id ("line-10000"). url: where it is saved; "" means it is only read.
    name: how the entry is called aloud ("line 2, KIT-B"). locked: fields that cannot be changed now, with the reason.
    hints: what helps with a field now, in place of its own help ("1 to 7"). locked and hints are by field name.
    posted, refusals: what was typed and why it was refused, after a refusal. notices: taken, but look at it.
    form, prefix: the id of the form that it is sent with, and what the names of its controls begin with there, where
    several entries are sent as one. as_typed: what was typed stands in it though it was not refused, as in a preview.
    """

    sheet: Sheet
    key: str
    row: object
    url: str = ""
    delete_url: str = ""
    name: str = ""
    locked: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    posted: Mapping[str, str] = field(default_factory=dict)
    refusals: Sequence[DomainError] = ()
    notices: Sequence[Notice] = ()
    form: str = ""
    prefix: str = ""
    as_typed: bool = False

    @property
    def form_id(self) -> str:
        return self.form or f"{self.key}-form"

    @property
    def rev(self) -> str:
        return str(getattr(self.row, "rev", ""))

    @property
    def is_stale(self) -> bool:
        return any(isinstance(refusal, StaleRevision) for refusal in self.refusals)

    def saved(self, name: str) -> str:
        """Return the field's text as it is stored."""
        return self.sheet[name].text_of(self.row)

    def written(self, name: str) -> str:
        """Return the field's text as it stands where it is only read: a choice by its label."""
        field = self.sheet[name]
        value = field.value_of(self.row)
        return dict(field.choices).get(value) or field.kind.written(value)

    def text(self, name: str) -> str:
        """Return the field's text as it is to be shown: what was typed, as long as it was not taken."""
        if (self.refusals or self.as_typed) and name in self.posted:
            return self.posted[name]
        return self.saved(name)

    def help(self, name: str) -> str:
        """Return what helps with the field as things stand; nothing where it is locked, which says why itself."""
        return "" if name in self.locked else self.hints.get(name) or self.sheet[name].help

    def refusals_of(self, name: str) -> list[DomainError]:
        """Return the refusals of one field, whose path ends in its name."""
        return [refusal for refusal in self.refusals if _last(refusal.field) == name]

    @property
    def general_refusals(self) -> list[DomainError]:
        """The refusals that concern no field of this entry, without the conflict."""
        return [
            refusal
            for refusal in self.refusals
            if _last(refusal.field) not in self.sheet.fields and not isinstance(refusal, StaleRevision)
        ]

    @property
    def conflicts(self) -> list[Conflict]:
        """What both sides changed."""
        found = []
        for name, mine in self.sheet.typed(self.posted).items():
            theirs = self.saved(name)
            if mine != theirs and self.posted.get(SEEN + name, mine) != theirs:
                found.append(Conflict(label=self.sheet[name].label, theirs=theirs, mine=mine))
        return found if self.is_stale else []


def _last(path: str | None) -> str:
    return (path or "").rpartition(".")[2]
