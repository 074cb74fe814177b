"""`POST /sales-orders/{no}/amend/`: one act, with its reason, and what it would change asked beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.models import AssemblyDocument
from backoffice.models import AuditEntry
from backoffice.rights import Role
from inventory.models import Item
from tests.rest import Api, errors_of, person

pytestmark = pytest.mark.django_db

_REASON = "The customer called"


@pytest.fixture
def order(api: Api, kit: Item) -> dict[str, Any]:
    """A released order of five kits and three."""
    lines = [{"no": kit.no, "quantity": "5"}, {"no": kit.no, "quantity": "3"}]
    made = api.post("sales-orders/", {"customer": "CUST", "lines": lines}).body
    released = api.post(f"sales-orders/{made['no']}/release/")
    assert released.status_code == 200, released.body
    body: dict[str, Any] = released.body
    return body


def _amend(api: Api, order: dict[str, Any], *, query: str = "", if_match: str = "", **body: Any) -> Any:
    headers = {"If_Match": if_match} if if_match else {}
    return api.post(f"sales-orders/{order['no']}/amend/{query}", {"reason": _REASON, **body}, **headers)


def _assembly(api: Api, order: dict[str, Any], line_no: int = 10000) -> Any:
    return api.get(f"sales-orders/{order['no']}/lines/{line_no}/assembly/").body


def test_header_lines_and_components_change_as_one_act(api: Api, order: dict[str, Any]) -> None:
    part = _assembly(api, order)["lines"][0]

    answer = _amend(
        api,
        order,
        note="Leave at the gate",
        lines=[
            {"line_no": 20000, "qty_to_ship": "1"},
            {
                "line_no": 10000,
                "quantity": "6",
                "components": [{"line_no": part["line_no"], "quantity_per": "5"}],
            },
        ],
    )

    assert answer.status_code == 200, answer.body
    assert (answer.body["status"], answer.body["note"]) == ("released", "Leave at the gate")
    assert [(line["quantity"], line["qty_to_ship"]) for line in answer.body["lines"]] == [("6", "6"), ("3", "1")]
    assembly = _assembly(api, order)
    assert (assembly["status"], assembly["quantity"]) == ("released", "6")
    assert (assembly["lines"][0]["quantity_per"], assembly["lines"][0]["quantity"]) == ("5", "30")
    assert AuditEntry.objects.filter(reason=_REASON, kind="assembly_document").exists()
    listed = {row["no"]: row["amendment"] for row in api.get("assembly-worklist/").body["results"]}
    assert (listed[assembly["no"]]["reason"], listed[assembly["no"]]["by"]) == (_REASON, "root")


def test_asked_beforehand_it_tells_what_would_change_and_changes_nothing(api: Api, order: dict[str, Any]) -> None:
    last = AuditEntry.objects.latest("pk").pk

    told = _amend(api, order, query="?dry_run=true", lines=[{"line_no": 10000, "quantity": "6"}])

    assert told.status_code == 200, told.body
    changed = {
        (row["type"], row["line_no"], change["old"], change["new"])
        for row in told.body["documents"]
        for change in row["changes"]
        if change["field"] == "quantity"
    }
    assert {("sales_order", 10000, "5", "6"), ("assembly_order", None, "5", "6")} <= changed
    assert told.body["reservations"]
    assert AuditEntry.objects.latest("pk").pk == last
    assert AssemblyDocument.objects.filter(quantity=6).count() == 0


def test_refusals_name_the_place_in_the_request(api: Api, order: dict[str, Any]) -> None:
    part = _assembly(api, order)["lines"][0]["line_no"]
    parts = [{"line_no": part, "no": "NONE"}]
    cases: list[tuple[dict[str, Any], list[tuple[str | None, str]]]] = [
        ({"reason": " ", "note": "Ring twice"}, [("reason", "required")]),
        ({"lines": []}, [(None, "invalid")]),
        ({"colour": "red"}, [("colour", "unknown_field")]),
        ({"status": "open"}, [("status", "read_only_field")]),
        ({"lines": [{"quantity": "1"}]}, [("lines[0].line_no", "required")]),
        (
            {"lines": [{"line_no": 20000, "quantity": "2"}, {"line_no": 10000, "quantity": "-1"}]},
            [("lines[1].quantity", "invalid")],
        ),
        (
            {"lines": [{"line_no": 20000, "quantity": "2"}, {"line_no": 20000, "quantity": "1"}]},
            [("lines[1].line_no", "invalid")],
        ),
        (
            {"lines": [{"line_no": 20000, "quantity": "2"}, {"line_no": 10000, "components": parts}]},
            [("lines[1].components[0].no", "not_found")],
        ),
    ]
    for body, errors in cases:
        answer = _amend(api, order, **body)
        assert (answer.status_code, errors_of(answer)) == (400, errors), answer.body
    assert api.get(f"sales-orders/{order['no']}/").body == order


def test_a_line_that_there_is_not(api: Api, order: dict[str, Any]) -> None:
    assert _amend(api, order, lines=[{"line_no": 30000, "quantity": "1"}]).status_code == 404


def test_somebody_was_faster(api: Api, order: dict[str, Any]) -> None:
    answer = _amend(api, order, if_match='"1"', lines=[{"line_no": 10000, "quantity": "6"}])
    assert (answer.status_code, answer.body["code"]) == (412, "stale_revision")


def test_only_what_is_released_is_amended(api: Api, order: dict[str, Any]) -> None:
    assert api.post(f"sales-orders/{order['no']}/reopen/").status_code == 200
    answer = _amend(api, order, lines=[{"line_no": 10000, "quantity": "6"}])
    assert (answer.status_code, answer.body["code"]) == (409, "not_released")


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ASSEMBLY_WORKER, Role.AUDITOR])
def test_others_may_not(api: Api, order: dict[str, Any], role: Role) -> None:
    other = Api(person("other", role))
    assert _amend(other, order, lines=[{"line_no": 10000, "quantity": "6"}]).status_code == 403


def test_components_take_the_right_to_customise(api: Api, order: dict[str, Any]) -> None:
    part = _assembly(api, order)["lines"][0]["line_no"]
    integrator = Api(person("machine", Role.INTEGRATOR))
    parts = [{"line_no": part, "quantity_per": "5"}]
    assert _amend(integrator, order, lines=[{"line_no": 10000, "components": parts}]).status_code == 403
    assert _amend(integrator, order, lines=[{"line_no": 10000, "quantity": "6"}]).status_code == 200
