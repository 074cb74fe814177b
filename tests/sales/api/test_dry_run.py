"""Asking what a write would change, without changing it."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.models import AssemblyDocument, AssemblyLine
from backoffice.models import AuditEntry
from inventory.models import Item, PlannedMovement, Reservation
from sales.models import SalesDocument, SalesLine
from tests.rest import Api, errors_of

pytestmark = pytest.mark.django_db

_TABLES = (SalesDocument, SalesLine, AssemblyDocument, AssemblyLine, PlannedMovement, Reservation, AuditEntry)


@pytest.fixture
def line(api: Api, kit: Item) -> str:
    """Return the address of the only line of an order for five kits."""
    order = {"customer": "CUST", "lines": [{"no": kit.no, "quantity": "5"}]}
    answer = api.post("sales-orders/", order)
    assert answer.status_code == 201, answer.body
    made = answer.body
    return f"sales-orders/{made['no']}/lines/{made['lines'][0]['line_no']}/"


def _everything() -> dict[str, list[Any]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in _TABLES}


def _changed(answer: Any) -> set[tuple[str, int | None, str, str | None, str | None]]:
    return {
        (entry["type"], entry["line_no"], change["field"], change["old"], change["new"])
        for entry in answer.body["documents"]
        for change in entry["changes"]
    }


def test_a_changed_quantity_tells_line_assembly_order_and_reservation(api: Api, line: str) -> None:
    before = _everything()
    answer = api.patch(f"{line}?dry_run=true", {"quantity": "7"})
    assert answer.status_code == 200
    changed = _changed(answer)
    assert ("sales_order", 10000, "quantity", "5", "7") in changed
    assert ("assembly_order", None, "quantity", "5", "7") in changed
    assert ("assembly_order", 10000, "quantity", "10", "14") in changed
    (reserved,) = answer.body["reservations"]
    assert (reserved["before"]["quantity"], reserved["after"]["quantity"]) == ("5", "7")
    assert _everything() == before


def test_what_is_told_is_what_then_happens(api: Api, line: str) -> None:
    told = api.patch(f"{line}?dry_run=true", {"quantity": "7", "variant": "RED"}).body["documents"]
    last = AuditEntry.objects.latest("pk").pk
    assert api.patch(line, {"quantity": "7", "variant": "RED"}).status_code == 200
    seen = AuditEntry.objects.filter(pk__gt=last).order_by("pk")
    assert [(entry["action"], entry["line_no"]) for entry in told] == [(row.action, row.line_no) for row in seen]
    assert [len(entry["changes"]) for entry in told] == [len(row.changes) for row in seen]


def test_a_deletion_tells_that_the_assembly_order_goes_too(api: Api, line: str) -> None:
    before = _everything()
    answer = api.delete(f"{line}?dry_run=true")
    assert answer.status_code == 200
    deleted = {(entry["type"], entry["line_no"]) for entry in answer.body["documents"] if entry["action"] == "deleted"}
    assert ("sales_order", 10000) in deleted
    assert ("assembly_order", None) in deleted
    (reserved,) = answer.body["reservations"]
    assert reserved["after"] is None
    assert _everything() == before


def test_what_would_be_refused_is_refused(api: Api, line: str) -> None:
    answer = api.patch(f"{line}?dry_run=true", {"quantity": "-1"})
    assert answer.status_code == 400
    assert answer.body["errors"][0]["field"] == "quantity"


def test_what_cannot_be_told_beforehand_is_refused(api: Api) -> None:
    answer = api.post("customers/?dry_run=true", {"no": "NEW", "name": "New"})
    assert answer.status_code == 400
    assert errors_of(answer) == [("dry_run", "invalid")]


def test_another_order_that_wants_the_same_components_is_told_of(api: Api, line: str) -> None:
    stock = {"entry_type": "positive_adjustment", "item": "C1", "quantity": "12", "unit_cost": "2"}
    assert api.post("inventory-adjustments/", stock).status_code == 201
    later = {"customer": "CUST", "shipment_date": "2031-03-20", "lines": [{"no": "KIT", "quantity": "1"}]}
    other = api.post("sales-orders/", later).body["no"]
    told = api.patch(f"{line}?dry_run=true", {"quantity": "6"}).body["promises"]
    (theirs,) = [entry for entry in told if entry["key"] == f"{other} 10000"]
    assert theirs["before"]["earliest_date"] is not None
    assert theirs["after"]["earliest_date"] is None


def test_what_a_line_no_longer_needs_is_told_of_too(api: Api, line: str) -> None:
    other = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": "2"}]}).body["no"]
    stock = {"entry_type": "positive_adjustment", "item": "C1", "quantity": "13", "unit_cost": "2"}
    assert api.post("inventory-adjustments/", stock).status_code == 201
    answer = api.patch(f"{line}?dry_run=true", {"location": "BLUE"})
    assert answer.status_code == 200, answer.body
    told = answer.body["promises"]
    (theirs,) = [entry for entry in told if entry["key"] == f"{other} 10000"]
    assert theirs["before"]["earliest_date"] is None
    assert theirs["after"]["earliest_date"] is not None
