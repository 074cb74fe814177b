"""What a write would change, found out by doing it and taking it back.

The audit triggers tell every row of every document that the work touched, whoever wrote it. What they do not cover,
reservations and promises, upper floors add as probes: each is asked about the touched documents as they would be and
again as they are, and the difference is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from backoffice import acting
from backoffice.decimals import plain
from backoffice.models import AuditEntry

#: Names documents: of ids of one kind (as text) it returns what is still there, as {"type": ..., "no": ...}.
Namer = Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]
#: Reads something about documents of these numbers, as rows by a key that stays the same: {key: {field: value}}.
Probe = Callable[[Collection[str]], Mapping[str, Mapping[str, Any]]]

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
    """What would change. `documents`: one entry for each touched row; `others`: differences by probe."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as the interface answers it."""
        return {"documents": self.documents, **self.others}


def impact_of(work: Callable[[], Any]) -> Impact:
    """Do the work and take it back; return what it changed. Raises what the work raises.

    Nothing of it stays. The caller's transaction is open, and the locks that the work took are held until it ends.
    """
    assert connection.in_atomic_block, "impact_of() needs an open transaction"
    last = AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    before_work = transaction.savepoint()
    work()
    # What rivals commit meanwhile carries another request's id.
    rows = list(AuditEntry.objects.filter(pk__gt=last, request_id=acting.current().request_id).order_by("pk"))
    named = _names(rows)
    numbers = _numbers(rows, named)
    then = {name: probe(numbers) for name, probe in _probes.items()}
    transaction.savepoint_rollback(before_work)
    now = {name: probe(numbers) for name, probe in _probes.items()}
    return Impact(
        documents=[_document(row, named) for row in rows],
        others={name: _differences(now[name], then[name]) for name in _probes},
    )


def _names(rows: Sequence[AuditEntry]) -> dict[tuple[str, str], Mapping[str, str]]:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_kind[row.kind].add(row.document_id)
    named: dict[tuple[str, str], Mapping[str, str]] = {}
    for kind, ids in by_kind.items():
        if kind in _namers:
            named |= {(kind, document_id): name for document_id, name in _namers[kind](ids).items()}
    for row in rows:
        if row.action == "deleted" and "no" in row.changes and row.object_pk == row.document_id:
            named[row.kind, row.document_id] = {"type": _value(row, "document_type"), "no": _value(row, "no")}
    return named


def _value(row: AuditEntry, column: str) -> str:
    return str((row.changes.get(column) or [""])[0] or "")


def _numbers(rows: Sequence[AuditEntry], named: Mapping[tuple[str, str], Mapping[str, str]]) -> set[str]:
    keys = {(row.kind, row.document_id) for row in rows}
    return {named[key]["no"] for key in keys if key in named}


def _document(row: AuditEntry, named: Mapping[tuple[str, str], Mapping[str, str]]) -> dict[str, Any]:
    name = named.get((row.kind, row.document_id), {"type": row.kind, "no": row.document_id})
    changes = [
        {"field": _field(column, in_line=row.line_no is not None), "old": _plain(old), "new": _plain(new)}
        for column, (old, new) in sorted(row.changes.items())
    ]
    return {**name, "line_no": row.line_no, "action": row.action, "changes": changes}


def _field(column: str, *, in_line: bool) -> str:
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
