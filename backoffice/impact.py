"""What a write would change, found out by doing it and taking it back.

The audit triggers tell every row of every document that the work touched, whoever wrote it. What they do not cover,
reservations and dates of other documents, upper floors add as probes: each says which subjects the touched documents
concern, and reads these as they would be and again as they are; the difference is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Max

from backoffice import acting
from backoffice.decimals import plain
from backoffice.models import AuditEntry

#: Names documents: of ids of one kind (as text) it returns what is still there, as {"type": ..., "no": ...}.
Namer = Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]


class Probe(Protocol):
    """What is compared beside the documents themselves."""

    def subjects_of(self, document_nos: Collection[str]) -> set[Hashable]:
        """Return what to look at because documents of these numbers are touched."""
        ...

    def read(self, subjects: Collection[Any]) -> Mapping[str, Mapping[str, Any]]:
        """Return rows about the subjects by a key that stays the same: {key: {field: value}}."""
        ...


_Names = dict[tuple[str, str], Mapping[str, str]]
_DECIMAL = re.compile(r"-?\d+\.\d+")
_LINE_NO = frozenset({"item_id", "resource_id"})
_namers: dict[str, Namer] = {}
_probes: dict[str, Probe] = {}


def register_namer(kind: str, namer: Namer) -> None:
    """Say who names the documents of an audit kind. Called when the application starts."""
    _namers[kind] = namer


def register_probe(name: str, probe: Probe) -> None:
    """Add something that is compared beside the documents themselves. Called when the application starts."""
    _probes[name] = probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What would change. `documents`: one entry for each touched row; `others`: differences by probe.

    `which` tells the rows apart that hang on one line, such as its lots and serial numbers.
    """

    documents: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as the interface answers it."""
        return {"documents": self.documents, **self.others}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """What was seen while the work was done."""

    rows: Sequence[AuditEntry]
    named: _Names
    numbers: Collection[str]
    subjects: Mapping[str, set[Hashable]]
    readings: Mapping[str, Mapping[str, Mapping[str, Any]]]


def impact_of(work: Callable[[], Any]) -> Impact:
    """Do the work and take it back; return what it changed. Raises what the work raises.

    Nothing of it stays. The caller's transaction is open, and the locks that the work took are held until it ends.
    The work is done twice where the touched documents leave something behind, such as the item they sold before:
    that is known only when they are seen as they are.
    """
    assert connection.in_atomic_block, "impact_of() needs an open transaction"
    trial = _try(work, {})
    subjects = _joined(trial.subjects, _subjects(trial.numbers))
    if subjects != trial.subjects:
        trial = _try(work, subjects)
    now = _readings(trial.subjects)
    return Impact(
        documents=[_document(row, trial.named) for row in trial.rows],
        others={name: _differences(now[name], trial.readings[name]) for name in _probes},
    )


def _try(work: Callable[[], Any], subjects: Mapping[str, set[Hashable]]) -> _Trial:
    last = AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    before_work = transaction.savepoint()
    work()
    # What rivals commit meanwhile carries another request's id.
    rows = list(AuditEntry.objects.filter(pk__gt=last, request_id=acting.current().request_id).order_by("pk"))
    named = _names(rows)
    numbers = _numbers(rows, named)
    subjects = _joined(subjects, _subjects(numbers))
    trial = _Trial(rows=rows, named=named, numbers=numbers, subjects=subjects, readings=_readings(subjects))
    transaction.savepoint_rollback(before_work)
    return trial


def _subjects(numbers: Collection[str]) -> dict[str, set[Hashable]]:
    return {name: probe.subjects_of(numbers) for name, probe in _probes.items()}


def _joined(some: Mapping[str, set[Hashable]], more: Mapping[str, set[Hashable]]) -> dict[str, set[Hashable]]:
    return {name: some.get(name, set()) | more[name] for name in more}


def _readings(subjects: Mapping[str, set[Hashable]]) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    return {name: probe.read(subjects[name]) for name, probe in _probes.items()}


def _names(rows: Sequence[AuditEntry]) -> _Names:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_kind[row.kind].add(row.document_id)
    named: _Names = {}
    for kind, ids in by_kind.items():
        if kind in _namers:
            named |= {(kind, document_id): name for document_id, name in _namers[kind](ids).items()}
    for row in rows:
        if row.action == "deleted" and "no" in row.changes and row.object_pk == row.document_id:
            named[row.kind, row.document_id] = {"type": _value(row, "document_type"), "no": _value(row, "no")}
    return named


def _value(row: AuditEntry, column: str) -> str:
    return str((row.changes.get(column) or [""])[0] or "")


def _numbers(rows: Sequence[AuditEntry], named: _Names) -> set[str]:
    keys = {(row.kind, row.document_id) for row in rows}
    return {named[key]["no"] for key in keys if key in named}


def _document(row: AuditEntry, named: _Names) -> dict[str, Any]:
    name = named.get((row.kind, row.document_id), {"type": row.kind, "no": row.document_id})
    changes = [
        {"field": field_name(column, in_line=row.line_no is not None), "old": _plain(old), "new": _plain(new)}
        for column, (old, new) in sorted(row.changes.items())
        if column not in row.naming
    ]
    which = {"which": row.naming} if row.naming else {}
    return {**name, "line_no": row.line_no, **which, "action": row.action, "changes": changes}


def field_name(column: str, *, in_line: bool) -> str:
    """Return what the interface calls a column: `variant` for variant_code, in a line `no` for item_id."""
    if in_line and column in _LINE_NO:
        return "no"
    return column.removesuffix("_id").removesuffix("_code")


def _plain(value: str | None) -> str | None:
    """Return a value of the trail as the interface spells it: decimals without trailing zeros."""
    return plain(Decimal(value)) if value is not None and _DECIMAL.fullmatch(value) else value


def _differences(now: Mapping[str, Mapping[str, Any]], then: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that differ: null before where one would be new, null after where it would be gone."""
    return [
        {"key": key, "before": now.get(key), "after": then.get(key)}
        for key in sorted({*now, *then})
        if now.get(key) != then.get(key)
    ]
