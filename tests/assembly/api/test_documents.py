"""`/assembly-orders/`, `/assembly-quotes/`, `/blanket-assembly-orders/`, and the assembly of a sales line."""

from __future__ import annotations

import pytest

from assembly.models import AssemblyDocument
from backoffice.rights import Role
from inventory.models import Item
from tests.factories import make_item, make_substitute
from tests.rest import Api, errors_of, person
from tests.support import day

#: A kind of sales document, and the kind of assembly document behind its lines.
KINDS = [
    ("sales-orders", "assembly-orders"),
    ("sales-quotes", "assembly-quotes"),
    ("blanket-sales-orders", "blanket-assembly-orders"),
]
SALES_TYPES = {"sales-orders": "sales_order", "sales-quotes": "sales_quote"}


def test_an_order_shows_every_field_of_the_contract(api: Api, stand_alone: str) -> None:
    order = api.get(f"assembly-orders/{stand_alone}/").body

    # What posting and availability add stands in their own tests.
    expected = {
        "no": stand_alone,
        "status": "open",
        "item": "KIT",
        "variant": "",
        "description": "Item KIT",
        "location": "MAIN",
        "bin": "",
        "unit_of_measure": "PCS",
        "quantity": "5",
        "quantity_to_assemble": "5",
        "assembled_quantity": "0",
        "remaining_quantity": "5",
        "reserved_quantity": "0",
        "due_date": day(9).isoformat(),
        "starting_date": day(9).isoformat(),
        "ending_date": day(9).isoformat(),
        "posting_date": day(0).isoformat(),
        "unit_cost": "14",
        "cost_amount": "70",
        "indirect_cost_percent": "0",
        "overhead_rate": "0",
        "note": "",
        "assemble_to_order": False,
        "sales_document": None,
    }
    assert {name: order[name] for name in expected} == expected
    line = {
        "line_no": 10000,
        "type": "item",
        "no": "C1",
        "variant": "",
        "description": "Item C1",
        "location": "MAIN",
        "bin": "",
        "unit_of_measure": "PCS",
        "quantity_per": "2",
        "quantity": "10",
        "quantity_to_consume": "10",
        "consumed_quantity": "0",
        "remaining_quantity": "10",
        "reserved_quantity": "0",
        "qty_picked": "0",
        "resource_usage_type": "",
        "due_date": day(9).isoformat(),
        "lead_time_offset_days": 0,
        "unit_cost": "2",
        "cost_amount": "20",
        "position": "",
        "substitution_available": False,
    }
    assert {name: order["lines"][0][name] for name in line} == line
    assert (order["lines"][1]["no"], order["lines"][1]["resource_usage_type"]) == ("R1", "direct")
    # A resource is needed when assembly starts.
    assert order["lines"][1]["due_date"] == order["starting_date"]
    due = api.get(f"assembly-orders/{order['no']}/lines/?type=resource&due_date={order['starting_date']}")
    assert [row["no"] for row in due.body["results"]] == ["R1"]


@pytest.mark.parametrize(("sales", "assembly"), KINDS)
def test_a_sales_line_shows_its_assembly_whole(api: Api, kit: Item, sales: str, assembly: str) -> None:
    lines = [{"no": "KIT", "quantity": 5}, {"no": "C1", "quantity": 1}]
    document = api.post(f"{sales}/", {"customer": "CUST", "lines": lines}).body

    shown = api.get(f"{sales}/{document['no']}/lines/10000/assembly/")

    itself = api.get(f"{assembly}/{shown.body['no']}/")
    assert (shown.body, shown["ETag"]) == (itself.body, itself["ETag"])
    assert shown.body["assemble_to_order"] is True
    assert shown.body["sales_document"]["no"] == document["no"]
    assert shown.body["sales_document"]["line_no"] == 10000
    assert shown.body["lines"][0]["quantity"] == "10"
    none = api.get(f"{sales}/{document['no']}/lines/20000/assembly/")
    assert (none.status_code, none.body["code"]) == (404, "no_assembly_document")


@pytest.mark.parametrize(("sales", "assembly"), KINDS[1:])
def test_quotes_and_blanket_orders_exist_only_linked(api: Api, kit: Item, sales: str, assembly: str) -> None:
    document = api.post(f"{sales}/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 5}]}).body
    no = document["lines"][0]["assembly_document"]["no"]

    entered, deleted = api.post(f"{assembly}/", {"item": "KIT", "quantity": 1}), api.delete(f"{assembly}/{no}/")

    assert (entered.status_code, entered.body["code"]) == (405, "method_not_allowed")
    assert (deleted.status_code, deleted.body["code"]) == (409, "linked_to_sales_order")
    assert api.patch(f"{assembly}/{no}/lines/10000/", {"quantity_per": "2.5"}).body["quantity"] == "12.5"


def test_an_order_is_changed_on_the_revision_that_was_seen(api: Api, stand_alone: str) -> None:
    path = f"assembly-orders/{stand_alone}/"
    seen = api.get(path)["ETag"]

    changed = api.patch(path, {"quantity": 8, "quantity_to_assemble": 3}, If_Match=seen)
    stale = api.patch(path, {"quantity": 9}, If_Match=seen)

    assert [line["quantity"] for line in changed.body["lines"]] == ["16", "4"]
    assert [line["quantity_to_consume"] for line in changed.body["lines"]] == ["6", "1.5"]
    assert (stale.status_code, stale.body["code"]) == (412, "stale_revision")
    assert api.delete(path, If_Match=seen).status_code == 412
    assert api.delete(path).status_code == 204
    assert not AssemblyDocument.objects.exists()


@pytest.mark.parametrize("path", ["release/", "reopen/", "refresh-lines/", "update-unit-cost/"])
def test_every_action_minds_the_revision(api: Api, stand_alone: str, path: str) -> None:
    refused = api.post(f"assembly-orders/{stand_alone}/{path}", {}, If_Match='"999"')

    assert (refused.status_code, refused.body["code"]) == (412, "stale_revision")


def test_what_the_sales_line_decides_is_locked(api: Api, linked: str) -> None:
    path = f"assembly-orders/{linked}/"
    before = api.get(path).body

    changes = {
        "quantity": 6,
        "due_date": day(3).isoformat(),
        "location": "BLUE",
        "variant": "RED",
        "unit_of_measure": "BOX",
        "item": "C1",
        "bin": "X",
    }
    for field, value in changes.items():
        refused = api.patch(path, {field: value})
        assert (refused.status_code, errors_of(refused)) == (409, [(field, "field_locked_by_link")])
    deleted = api.delete(path)

    assert (deleted.status_code, deleted.body["code"]) == (409, "linked_to_sales_order")
    assert api.get(path).body == before
    # Its own values sent back are no change.
    assert api.patch(path, {name: before[name] for name in ("item", "quantity", "location")}).status_code == 200


def test_release_reopen_refresh_and_update_the_cost(api: Api, stand_alone: str) -> None:
    path = f"assembly-orders/{stand_alone}/"
    api.patch(f"{path}lines/10000/", {"quantity_per": 3})

    assert api.post(f"{path}update-unit-cost/").body["unit_cost"] == "21"  # 3 x 2 + 0.5 x 30
    assert api.post(f"{path}refresh-lines/").body["lines"][0]["quantity_per"] == "2"
    assert api.post(f"{path}release/").body["status"] == "released"
    assert api.post(f"{path}refresh-lines/").body["code"] == "document_released"
    assert api.post(f"{path}reopen/").body["status"] == "open"


def test_lists_filter_and_show_lines_only_when_asked(api: Api, linked: str, stand_alone: str) -> None:
    def found(query: str) -> list[str]:
        return [row["no"] for row in api.get(f"assembly-orders/?{query}").body["results"]]

    assert found("") == sorted([linked, stand_alone])
    assert found("assemble_to_order=true") == [linked]
    assert found("assemble_to_order=false") == [stand_alone]
    assert found(f"due_date__gte={day(5).isoformat()}") == [stand_alone]
    assert found("ordering=-starting_date&item=KIT") == [stand_alone, linked]
    assert found("component=C1&location=MAIN") == sorted([linked, stand_alone])
    assert found("status=released") == []
    assert found("item__contains=it") == sorted([linked, stand_alone])
    assert found("item__contains=nothing") == []
    sales_no = api.get(f"assembly-orders/{linked}/").body["sales_document"]["no"]
    assert found(f"sales_document_no={sales_no}") == [linked]
    assert "lines" not in api.get("assembly-orders/").body["results"][0]
    assert len(api.get("assembly-orders/?expand=lines").body["results"][0]["lines"]) == 2
    AssemblyDocument.objects.filter(no=stand_alone).update(status="closed")
    assert found("") == [linked]
    AssemblyDocument.objects.filter(no=stand_alone).update(status="open")


# -- lines ----------------------------------------------------------------------------------------------------


def test_a_kit_is_customised(api: Api, linked: str) -> None:
    make_item("C2", unit_cost=3)
    path = f"assembly-orders/{linked}/lines/"

    added = api.post(path, {"type": "item", "no": "C2", "quantity_per": "1.5"})
    changed = api.patch(f"{path}10000/", {"quantity_per": "2.2"}, If_Match=added["ETag"])

    assert (added.status_code, added.body["line_no"], added.body["quantity"]) == (201, 30000, "7.5")
    assert changed.body["quantity"] == "11"
    assert api.delete(f"{path}20000/").status_code == 204
    shown = [(line["no"], line["quantity"]) for line in api.get(path).body["results"]]
    assert shown == [("C1", "11"), ("C2", "7.5")]
    assert api.get(f"{path}10000/")["ETag"] == api.get(f"assembly-orders/{linked}/")["ETag"]


def test_a_component_gives_way_to_its_substitute(api: Api, linked: str) -> None:
    make_substitute(make_item("C1S", unit_cost=3), Item.objects.get(no="C1"), interchangeable=True)
    path = f"assembly-orders/{linked}/lines/10000/"

    assert api.get(path).body["substitution_available"] is True
    wrong = api.post(f"{path}substitute/", {"substitute": "KIT"})
    taken = api.post(f"{path}substitute/", {"substitute": "C1S"})

    assert errors_of(wrong) == [("substitute", "not_found")]
    assert (taken.body["no"], taken.body["quantity"], taken.body["cost_amount"]) == ("C1S", "10", "30")
    # Interchangeable: it may be taken back.
    assert api.post(f"{path}substitute/", {"substitute": "C1", "variant": ""}).body["no"] == "C1"


def test_a_component_is_exploded_into_its_own_components(api: Api, linked: str) -> None:
    make_item("SUB", bom=[{"item": Item.objects.get(no="C1"), "quantity_per": 3}])
    added = api.post(f"assembly-orders/{linked}/lines/", {"type": "item", "no": "SUB", "quantity_per": 2})
    path = f"assembly-orders/{linked}/lines/{added.body['line_no']}/"

    exploded = api.post(f"{path}explode-bom/")
    again = api.post(f"{path}explode-bom/")

    shown = [(line["type"], line["no"], line["quantity"]) for line in exploded.body["lines"][2:]]
    assert shown == [("text", "", "0"), ("item", "C1", "30")]
    assert exploded["ETag"] == api.get(f"assembly-orders/{linked}/")["ETag"]
    assert (again.status_code, again.body["code"]) == (400, "invalid")


@pytest.mark.parametrize("change", [{"type": "text"}, {"type": "resource", "no": "R1"}])
def test_a_line_that_is_no_component_any_more_asks_for_nothing(api: Api, linked: str, change: dict[str, str]) -> None:
    assert api.patch(f"assembly-orders/{linked}/lines/10000/", change).status_code == 200
    # The plan is compared with the lines after every test.


# -- rights ---------------------------------------------------------------------------------------------------


def test_who_may_not_see_costs_sees_none(api: Api, linked: str) -> None:
    costs = {"unit_cost", "cost_amount", "indirect_cost_percent", "overhead_rate"}
    worker, path = Api(person("wendy", Role.ASSEMBLY_WORKER)), f"assembly-orders/{linked}/"

    shown = worker.get(path).body

    assert not costs & shown.keys()
    assert not costs & shown["lines"][0].keys()
    assert not costs & worker.get(f"{path}lines/10000/").body.keys()
    assert not costs & worker.post(f"{path}lines/10000/explode-bom/").body.keys()
    assert costs <= Api(person("paul", Role.PLANNER)).get(path).body.keys()
    refused = worker.patch(f"{path}lines/10000/", {"unit_cost": 1})
    assert (refused.status_code, errors_of(refused)) == (403, [("unit_cost", "forbidden")])


def test_each_role_edits_what_is_its_own(api: Api, stand_alone: str) -> None:
    clerk, worker = Api(person("clara", Role.CLERK)), Api(person("wendy", Role.ASSEMBLY_WORKER))
    planner, auditor = Api(person("paul", Role.PLANNER)), Api(person("ada", Role.AUDITOR))
    header, line = f"assembly-orders/{stand_alone}/", f"assembly-orders/{stand_alone}/lines/10000/"

    def may(who: Api, path: str, change: dict[str, object]) -> bool:
        status: int = who.patch(path, change).status_code
        assert status in (200, 403)
        return status == 200

    assert [may(who, header, {"quantity_to_assemble": 4}) for who in (clerk, worker, planner, auditor)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [may(who, header, {"quantity": 5}) for who in (clerk, worker, planner, auditor)] == [
        False, False, True, False,
    ]  # fmt: skip
    assert [may(who, line, {"quantity_to_consume": 4}) for who in (clerk, worker, planner, auditor)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [may(who, line, {"quantity_per": 2}) for who in (clerk, worker, planner, auditor)] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [may(who, line, {}) for who in (clerk, worker, planner, auditor)] == [True, True, True, False]
    for who in (clerk, worker, auditor):
        assert who.post("assembly-orders/", {"item": "KIT", "quantity": 1}).status_code == 403
        assert who.delete(header).status_code == 403
        assert who.post(f"{header}release/").status_code == 403
    assert auditor.post(f"{header}refresh-lines/").status_code == 403
    assert auditor.delete(line).status_code == 403
    assert planner.post(f"{header}release/").status_code == 200
