"""A dry run's answer is the difference that is seen after the same edit was committed, on generated edits.

The difference is worked out from the tables, column by column, without the audit trail that the answer is made of.
"""

from __future__ import annotations

import os
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from assembly.models import AssemblyDocument, AssemblyLine
from backoffice.models import AuditEntry
from inventory.models import Item, PlannedMovement, Reservation
from sales.models import SalesDocument, SalesLine
from tests.rest import Api

pytestmark = pytest.mark.django_db

#: 1,000 on demand.
EDITS = int(os.environ.get("KITWRIGHT_DRY_RUNS", "60"))
_KINDS: dict[Any, str] = {
    SalesDocument: "sales_order",
    AssemblyDocument: "assembly_order",
    SalesLine: "sales_order",
    AssemblyLine: "assembly_order",
}
_KEPT = (PlannedMovement, Reservation, AuditEntry)
#: What no one changes: the machinery's own columns.
_MACHINERY = {"id", "rev", "created_at", "modified_at", "document_id"}

_Row = dict[str, Any]
_Tables = dict[str, dict[Any, _Row]]


def _tables() -> _Tables:
    models: tuple[Any, ...] = (*_KINDS, *_KEPT)
    return {model.__name__: {row[model._meta.pk.attname]: row for row in model.objects.values()} for model in models}


def _spelled(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _differences(before: _Tables, after: _Tables) -> set[tuple[Any, ...]]:
    """Return (table, row, action, changed column) of documents and lines."""
    found: set[tuple[Any, ...]] = set()
    for model, kind in _KINDS.items():
        then, now = before[model.__name__], after[model.__name__]
        found |= {(kind, _no(then[pk], before), _line(then[pk]), "deleted") for pk in then.keys() - now.keys()}
        found |= {(kind, _no(now[pk], after), _line(now[pk]), "created") for pk in now.keys() - then.keys()}
        for pk in then.keys() & now.keys():
            found |= {
                (kind, _no(now[pk], after), _line(now[pk]), name, _spelled(then[pk][name]), _spelled(value))
                for name, value in now[pk].items()
                if name not in _MACHINERY and then[pk][name] != value
            }
    return found


def _line(row: _Row) -> int | None:
    return row.get("line_no")


def _no(row: _Row, tables: _Tables) -> str:
    if "no" in row:
        return str(row["no"])
    table = "SalesDocument" if "qty_to_ship" in row else "AssemblyDocument"
    return str(tables[table][row["document_id"]]["no"])


def _told(answer: Any) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    for entry in answer["documents"]:
        key = (entry["type"], entry["no"], entry["line_no"])
        if entry["action"] != "changed":
            found.add((*key, entry["action"]))
            continue
        found |= {
            (*key, change["field"], change["old"], change["new"])
            for change in entry["changes"]
            if change["field"] not in _MACHINERY
        }
    return found


def _named(found: set[tuple[Any, ...]], *, columns: bool) -> set[tuple[Any, ...]]:
    """Spell columns as the interface does, and leave out numbers that were drawn for what is new."""
    spelled = set()
    for kind, no, line_no, *rest in found:
        if columns and len(rest) == 3:
            name = "no" if line_no is not None and rest[0] in {"item_id", "resource_id"} else rest[0]
            rest[0] = name.removesuffix("_id").removesuffix("_code")
        spelled.add((kind, "" if "created" in rest else no, line_no, *rest))
    return spelled


def _random_edit(random: Random) -> dict[str, str]:
    edit: dict[str, str] = {}
    choices = {
        "quantity": lambda: str(random.randint(1, 9)),
        "qty_to_assemble_to_order": lambda: str(random.randint(0, 9)),
        "qty_to_ship": lambda: str(random.randint(0, 9)),
        "variant": lambda: random.choice(["", "RED"]),
        "location": lambda: random.choice(["MAIN", "BLUE"]),
        "unit_of_measure": lambda: random.choice(["PCS", "BOX"]),
        "shipment_date": lambda: f"2031-03-{random.randint(3, 28):02}",
        "description": lambda: random.choice(["Gift", "Spare"]),
        "unit_price": lambda: str(random.randint(1, 40)),
    }
    for name in random.sample(sorted(choices), random.randint(1, 3)):
        edit[name] = choices[name]()
    return edit


def test_what_is_told_is_what_is_seen(api: Api, kit: Item) -> None:
    random, taken = Random(20_310_303), 0
    stock = [
        {"entry_type": "positive_adjustment", "item": no, "quantity": "30", "unit_cost": "2"} for no in ("C1", "KIT")
    ]
    assert api.post("inventory-adjustments/", stock).status_code == 201
    lines = [{"no": "KIT", "quantity": str(quantity)} for quantity in (5, 3, 8)]
    order = api.post("sales-orders/", {"customer": "CUST", "lines": lines}).body["no"]
    for _ in range(EDITS):
        line = f"sales-orders/{order}/lines/{random.choice([10000, 20000, 30000])}/"
        edit = _random_edit(random)
        before = _tables()
        told = api.patch(f"{line}?dry_run=true", edit)
        assert _tables() == before
        done = api.patch(line, edit)
        assert told.status_code == done.status_code, (edit, told.body, done.body)
        if done.status_code == 200:
            taken += 1
            seen = _named(_differences(before, _tables()), columns=True)
            assert _named(_told(told.body), columns=False) == seen, edit
    assert taken > EDITS // 4
