"""What a write would change, in the words of those who know the documents: for pages that show it beforehand.

The app that owns the pages of a kind of document says how it is spoken of when it starts (`AppConfig.ready`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, DateField, DecimalField, Field, Model

from backoffice.impact import Impact, field_name
from backoffice.pages import formats

#: Of documents by number: what a line is about, by the document's number and its own.
Goods = Callable[[Collection[str]], Mapping[tuple[str, int], str]]


@dataclass(frozen=True)
class Words:
    """How a kind of document is spoken of. header, line: its models. goods: what its lines are about.

    labels: what columns are called; one without a label is the machinery's. costs: columns that not everybody sees.
    """

    label: str
    header: type[Model]
    line: type[Model]
    labels: Mapping[str, str]
    costs: Collection[str]
    goods: Goods

    @cached_property
    def of_header(self) -> dict[str, _Known]:
        """Return what is known of the header's fields, by the name in the interface."""
        return self._known(self.header, in_line=False)

    @cached_property
    def of_line(self) -> dict[str, _Known]:
        """Return what is known of a line's fields, by the name in the interface."""
        return self._known(self.line, in_line=True)

    def _known(self, model: type[Model], *, in_line: bool) -> dict[str, _Known]:
        return {
            field_name(column.attname, in_line=in_line): _Known(
                label=self.labels[column.attname], column=column, is_cost=column.attname in self.costs
            )
            for column in model._meta.concrete_fields
            if column.attname in self.labels
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    label: str
    column: Field[Any, Any]
    is_cost: bool

    def spoken(self, text: str | None) -> str:
        """Return a value of the trail as people write it; "" for nothing."""
        if not text:
            return ""
        if isinstance(self.column, DecimalField):
            write = formats.money if self.column.decimal_places == _CENTS else formats.quantity
            return write(Decimal(text))
        if isinstance(self.column, DateField):
            return formats.day(dt.date.fromisoformat(text[:10]))
        if isinstance(self.column, BooleanField):
            return "yes" if text == "true" else "no"
        return str(dict(self.column.flatchoices).get(text, text))


_CENTS = 2
_words: dict[str, Words] = {}


def register_words(kind: str, words: Words) -> None:
    """Say how documents of this kind are spoken of. Called when the application starts."""
    _words[kind] = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of a document or line, now and then; or with `what` alone, what becomes of the whole."""

    what: str
    line_no: int | None = None
    goods: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A document that would change. is_new: its number is not drawn before it is made."""

    kind: str
    no: str
    label: str
    is_new: bool = False
    differences: Sequence[Difference] = field(default_factory=list)


def touched_documents(told: Impact, *, with_costs: bool) -> list[Touched]:
    """Return the documents that differ in anything that people know. As many statements as kinds of documents.

    What is as before when the act is done, such as the status of an order that is opened and released, is left out.
    """
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in told.documents:
        rows.setdefault((row["type"], row["no"]), []).append(row)
    goods = _goods(rows)
    found = [
        _touched(kind, no, of_document, goods.get(kind, {}), with_costs=with_costs)
        for (kind, no), of_document in rows.items()
        if kind in _words
    ]
    return [document for document in found if document.differences]


def _goods(keys: Collection[tuple[str, str]]) -> dict[str, Mapping[tuple[str, int], str]]:
    by_kind = groupby(sorted(keys), key=lambda key: key[0])
    numbers = {kind: {no for _, no in pairs} for kind, pairs in by_kind}
    return {kind: _words[kind].goods(found) for kind, found in numbers.items() if kind in _words}


def _touched(
    kind: str, no: str, rows: Sequence[dict[str, Any]], goods: Mapping[tuple[str, int], str], *, with_costs: bool
) -> Touched:
    words = _words[kind]
    headers = [row for row in rows if row["line_no"] is None and "which" not in row]
    whole = next((row["action"] for row in headers if row["action"] != "changed"), "")
    if whole:
        differences = [Difference(what="Made" if whole == "created" else "Deleted")]
    else:
        differences = list(_differences(words, no, rows, goods, with_costs=with_costs))
    return Touched(kind=kind, no=no, label=words.label, is_new=whole == "created", differences=differences)


def _differences(
    words: Words, no: str, rows: Sequence[dict[str, Any]], goods: Mapping[tuple[str, int], str], *, with_costs: bool
) -> list[Difference]:
    values: dict[tuple[int | None, str, str], tuple[str | None, str | None]] = {}
    whole: list[tuple[int | None, str]] = []
    for row in rows:
        which = ", ".join(row.get("which", {}).values())
        if row["action"] != "changed":
            thing = which or "Line"
            whole.append((row["line_no"], f"{thing} {'added' if row['action'] == 'created' else 'taken off'}"))
            continue
        for change in row["changes"]:
            key = (row["line_no"], which, change["field"])
            values[key] = (values.get(key, (change["old"], None))[0], change["new"])
    found = [
        Difference(
            line_no=line_no,
            goods=goods.get((no, line_no or 0), ""),
            what=f"{known.label} of {which}" if which else known.label,
            old=known.spoken(old),
            new=known.spoken(new),
        )
        for (line_no, which, name), (old, new) in values.items()
        if (known := (words.of_header if line_no is None else words.of_line).get(name)) is not None
        and old != new
        and (with_costs or not known.is_cost)
    ]
    for line_no, what in whole:
        found.append(Difference(line_no=line_no, goods=goods.get((no, line_no or 0), ""), what=what))
    return sorted(found, key=lambda difference: difference.line_no or 0)
