"""Posting sales orders over REST: the answer, the preview, rights, and what it costs in statements."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice import integrity
from backoffice.models import IdempotencyRecord
from backoffice.rights import Role
from inventory.models import Item
from tests.factories import make_customer, make_item, make_kit
from tests.posting import stock
from tests.rest import Api, counted, errors_of, person
from tests.support import state

BOTH = {"ship": True, "invoice": True}
SHIP = {"ship": True}


@pytest.fixture
def order(api: Api, kit: Item) -> str:
    """Return the number of an order of five KIT, three of them assembled to order; all of it can be shipped."""
    stock("C1", 10, 2)
    stock(kit, 2, 11)
    line = {"no": "KIT", "quantity": 5, "qty_to_assemble_to_order": 3}
    made = api.post("sales-orders/", {"customer": "CUST", "lines": [line]})
    assert made.status_code == 201, made.body
    return str(made.body["no"])


def assembly_of(api: Api, order: str) -> str:
    """Return the number of the assembly order of the order's first line."""
    return str(api.get(f"sales-orders/{order}/lines/10000/assembly/").body["no"])


def rows(answer: Any, *names: str) -> list[tuple[Any, ...]]:
    """Return these fields of the rows of a list."""
    return [tuple(row[name] for name in names) for row in answer]


def test_posting_answers_with_the_numbers(api: Api, order: str) -> None:
    answer = api.post(f"sales-orders/{order}/post/", {**BOTH, "posting_date": "2031-03-05"})

    assert answer.status_code == 200
    assert answer.body == {
        "shipment": "SS-000001",
        "invoice": "SI-000001",
        "posted_assembly_orders": ["PA-000001"],
    }


def test_the_shipment_shows_its_assembly_and_the_assembly_its_shipment(api: Api, order: str) -> None:
    """PST-51: they find each other."""
    assembly = assembly_of(api, order)
    api.post(f"sales-orders/{order}/post/", BOTH)

    (line,) = api.get("sales-shipments/SS-000001/").body["lines"]
    assert (line["quantity"], line["quantity_invoiced"], line["assemble_to_order_quantity"]) == ("5", "5", "3")
    assert line["posted_assembly_order"] == "PA-000001"
    posted = api.get("posted-assembly-orders/PA-000001/").body
    assert (posted["sales_shipment"], posted["order_no"], posted["quantity"]) == ("SS-000001", assembly, "3")
    assert (posted["cost_amount"], posted["reversed"], posted["assemble_to_order"]) == ("57", False, True)
    assert rows(posted["lines"], "no", "quantity", "cost_amount") == [("C1", "6", "12"), ("R1", "1.5", "45")]


def test_invoices_say_what_is_to_be_paid(api: Api, order: str) -> None:
    api.post(f"sales-orders/{order}/post/", BOTH)

    invoice = api.get("sales-invoices/SI-000001/").body
    assert (invoice["order_no"], invoice["customer"]) == (order, "CUST")
    assert rows(invoice["lines"], "no", "quantity", "unit_price", "line_amount") == [("KIT", "5", "30", "150")]


@pytest.mark.parametrize("path", ["sales-shipments", "sales-invoices", "posted-assembly-orders"])
def test_posted_documents_are_found_by_what_they_are_about(api: Api, order: str, path: str) -> None:
    of_order = assembly_of(api, order) if path.startswith("posted") else order
    api.post(f"sales-orders/{order}/post/", {**BOTH, "posting_date": "2031-03-05"})

    for found in (f"order_no={of_order}", "posting_date=2031-03-05", "item=KIT", "search=KIT"):
        if found.startswith("search") and not path.startswith("posted"):
            found = "customer=CUST"
        assert len(api.get(f"{path}/?{found}").body["results"]) == 1, found
    for missed in ("order_no=X", "posting_date__gte=2031-03-06", "item=C1"):
        assert api.get(f"{path}/?{missed}").body["results"] == [], missed
    assert api.get(f"{path}/?expand=lines").body["results"][0]["lines"]


@pytest.mark.parametrize("path", ["sales-shipments", "sales-invoices", "posted-assembly-orders"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE", "PUT"])
def test_posted_documents_are_read_only(api: Api, order: str, path: str, method: str) -> None:
    posted = api.post(f"sales-orders/{order}/post/", BOTH).body
    no = {"sales-shipments": posted["shipment"], "sales-invoices": posted["invoice"]}.get(path, "PA-000001")

    assert api.send(method, f"{path}/{no}/", {}).status_code == 405


@pytest.mark.parametrize("ledger", ["resource-ledger-entries", "capacity-ledger-entries"])
def test_the_ledgers_of_resources(api: Api, order: str, ledger: str) -> None:
    assembly = assembly_of(api, order)
    api.post(f"sales-orders/{order}/post/", {**SHIP, "posting_date": "2031-03-05"})

    for found in (f"order_no={assembly}", "document_no=PA-000001", "resource=R1", "posting_date=2031-03-05"):
        (entry,) = api.get(f"{ledger}/?{found}").body["results"]
        assert (entry["resource"], entry["quantity"], entry["order_line_no"]) == ("R1", "1.5", 20000)
    assert api.get(f"{ledger}/?resource=R2").body["results"] == []
    cost = {"total_cost": "45", "unit_cost": "30"} if ledger.startswith("resource") else {"direct_cost": "45"}
    assert cost.items() <= entry.items()


# -- preview ---------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_entries_and_leaves_nothing_behind(api: Api, order: str) -> None:
    before = state()

    answer = api.post(f"sales-orders/{order}/post/?preview=true", BOTH)

    assert answer.status_code == 200
    assert rows(answer.body["item_ledger_entries"], "entry_type", "item", "quantity", "cost_amount") == [
        ("assembly_consumption", "C1", "-6", "-12"),
        ("assembly_output", "KIT", "3", "57"),
        ("sale", "KIT", "-3", "-57"),
        ("sale", "KIT", "-2", "-22"),
    ]
    assert rows(answer.body["resource_ledger_entries"], "resource", "quantity") == [("R1", "1.5")]
    assert rows(answer.body["capacity_ledger_entries"], "direct_cost", "overhead_cost") == [("45", "0")]
    after = state()
    assert {table for table in before if before[table] != after[table]} <= {"backoffice_apitoken"}


def test_a_preview_shows_what_is_posted_then(api: Api, order: str) -> None:
    """PST-34: the same code; but for numbers of entries and instants, the same entries."""
    numbers = {"entry_no", "item_ledger_entry_no", "applies_to_entry", "created_at"}

    def told(answer: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        return {
            name: [{key: value for key, value in row.items() if key not in numbers} for row in entries]
            for name, entries in answer.items()
        }

    first = api.post(f"sales-orders/{order}/post/?preview=true", BOTH).body
    second = api.post(f"sales-orders/{order}/post/?preview=true", BOTH).body
    api.post(f"sales-orders/{order}/post/", BOTH)
    posted = {
        name: api.get(f"{name.replace('_', '-')}/?document_no__in=SS-000001,PA-000001&ordering=entry_no").body[
            "results"
        ]
        for name in first
    }

    assert told(first) == told(second) == told(posted)


def test_a_preview_shows_the_corrections_of_earlier_costs(api: Api) -> None:
    part = make_item("P")
    make_customer("CUST")
    make_kit("M", bom=[{"item": part, "quantity_per": 1}])
    stock(part, 1, 10)
    stock(part, 1, 20)
    line = {"no": "M", "quantity": 2, "qty_to_ship": 1}
    order = api.post("sales-orders/", {"customer": "CUST", "lines": [line]}).body["no"]
    api.post(f"sales-orders/{order}/post/", SHIP)

    shown = api.post(f"sales-orders/{order}/post/?preview=true", SHIP).body["value_entries"]

    corrections = [row for row in shown if row["adjustment"]]
    assert rows(corrections, "item", "cost_amount") == [("M", "5"), ("M", "-5")]
    assert [row["document_no"] for row in corrections] == ["PA-000001", "SS-000001"]


def test_a_preview_refuses_what_the_posting_refuses(api: Api, order: str) -> None:
    api.patch(f"sales-orders/{order}/lines/10000/", {"quantity": 50})

    answer = api.post(f"sales-orders/{order}/post/?preview=true", BOTH)

    assert (answer.status_code, answer.body["code"]) == (409, "not_enough_inventory")


# -- refusals, rights, repetition ------------------------------------------------------------------------------


def test_a_refusal_carries_its_figures(api: Api, order: str) -> None:
    api.patch(f"sales-orders/{order}/lines/10000/", {"quantity": 20, "qty_to_assemble_to_order": 18})

    answer = api.post(f"sales-orders/{order}/post/", BOTH)

    assert (answer.status_code, answer.body["code"]) == (409, "not_enough_inventory")
    assert {"item": "C1", "available": "10", "required": "36"}.items() <= answer.body.items()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"shipp": True}, ("shipp", "unknown_field")),
        ({"ship": "yes"}, ("ship", "invalid")),
        ({"ship": True, "posting_date": "5 March"}, ("posting_date", "invalid")),
        ({}, (None, "nothing_to_post")),
    ],
)
def test_a_body_that_is_not_understood(api: Api, order: str, body: dict[str, Any], error: tuple[Any, str]) -> None:
    assert errors_of(api.post(f"sales-orders/{order}/post/", body)) == [error]


def test_a_stale_revision_posts_nothing(api: Api, order: str) -> None:
    tag = api.get(f"sales-orders/{order}/").headers["ETag"]
    api.patch(f"sales-orders/{order}/", {"note": "changed"})

    assert api.post(f"sales-orders/{order}/post/", BOTH, If_Match=tag).status_code == 412
    assert api.get("sales-shipments/").body["results"] == []


def test_the_same_key_posts_once(api: Api, order: str) -> None:
    api.patch(f"sales-orders/{order}/lines/10000/", {"qty_to_ship": 1})
    first = api.post(f"sales-orders/{order}/post/", SHIP, Idempotency_Key="once")
    again = api.post(f"sales-orders/{order}/post/", SHIP, Idempotency_Key="once")

    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert len(api.get("sales-shipments/").body["results"]) == 1


def test_whoever_may_not_see_costs_sees_none(api: Api, order: str) -> None:
    clerk = Api(person("clerk", Role.CLERK))

    preview = clerk.post(f"sales-orders/{order}/post/?preview=true", BOTH).body
    clerk.post(f"sales-orders/{order}/post/", BOTH)

    assert "value_entries" not in preview
    shown = [
        *preview["item_ledger_entries"],
        *preview["resource_ledger_entries"],
        *preview["capacity_ledger_entries"],
        clerk.get("posted-assembly-orders/PA-000001/").body,
        *clerk.get("posted-assembly-orders/PA-000001/").body["lines"],
        *clerk.get("resource-ledger-entries/").body["results"],
        *clerk.get("capacity-ledger-entries/").body["results"],
    ]
    costs = {"cost_amount", "unit_cost", "total_cost", "direct_cost", "overhead_cost"}
    assert shown
    assert not any(costs & row.keys() for row in shown)


@pytest.mark.parametrize(
    ("role", "preview", "post"),
    [
        (Role.CLERK, 200, 200),
        (Role.PLANNER, 200, 200),
        (Role.INTEGRATOR, 200, 200),
        (Role.AUDITOR, 200, 403),
        (Role.ASSEMBLY_WORKER, 200, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_who_may_look_and_who_may_post(api: Api, order: str, role: Role, preview: int, post: int) -> None:
    somebody = Api(person("somebody", role))

    assert somebody.post(f"sales-orders/{order}/post/?preview=true", BOTH).status_code == preview
    assert somebody.post(f"sales-orders/{order}/post/", BOTH).status_code == post


def test_only_who_may_undo_undoes(api: Api, order: str) -> None:
    api.post(f"sales-orders/{order}/post/", SHIP)

    assert Api(person("clerk", Role.CLERK)).post("sales-shipments/SS-000001/undo/", {}).status_code == 403
    undone = Api(person("planner", Role.PLANNER)).post("sales-shipments/SS-000001/undo/", {})

    assert undone.status_code == 200
    assert rows(undone.body["lines"], "quantity", "correction") == [("5", True), ("-5", True)]
    assert api.get(f"sales-orders/{order}/lines/10000/").body["quantity_shipped"] == "0"


# -- statements ------------------------------------------------------------------------------------------------

#: What shipping costs in statements, signing in, transaction and answer included, for any number of lines.
TO_SHIP, TO_SHIP_AND_INVOICE, WITH_A_KEY = 36, 39, 2


def enter(api: Api, lines: int) -> str:
    """Enter an order of so many different kits of four components each; return its number."""
    parts = [make_item(f"P{index}", unit_cost=5) for index in range(4)]
    for part in parts:
        stock(part, 10_000)
    kits = [make_kit(f"M{index}", bom=[{"item": part, "quantity_per": 2} for part in parts]) for index in range(lines)]
    made = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": item.no, "quantity": 5} for item in kits]})
    assert made.status_code == 201, made.body
    return str(made.body["no"])


@pytest.mark.parametrize("lines", [1, 10, 50])
@pytest.mark.usefixtures("kit")
def test_shipping_costs_the_same_for_any_number_of_lines(api: Api, lines: int) -> None:
    no = enter(api, lines)
    with counted() as statements:
        answer = api.post(f"sales-orders/{no}/post/", SHIP)

    assert answer.status_code == 200
    assert len(statements) == TO_SHIP, "\n".join(statements)


@pytest.mark.parametrize("lines", [1, 10])
@pytest.mark.usefixtures("kit")
def test_shipping_and_invoicing_with_a_key(api: Api, lines: int) -> None:
    no = enter(api, lines)
    with counted() as statements:
        answer = api.post(f"sales-orders/{no}/post/", BOTH, Idempotency_Key="k")

    assert answer.status_code == 200
    assert len(statements) == TO_SHIP_AND_INVOICE + WITH_A_KEY, "\n".join(statements)


@pytest.mark.breaks_integrity
@pytest.mark.usefixtures("kit")
def test_an_answer_that_is_kept_vouches_for_what_it_names(api: Api) -> None:
    api.post(f"sales-orders/{enter(api, 1)}/post/", BOTH, Idempotency_Key="k")
    assert integrity.violations() == []

    kept = IdempotencyRecord.objects.get()
    kept.pk, kept.key = None, "another"
    kept.save()

    assert [found.id for found in integrity.violations()] == ["I31k", "I31k"]


@pytest.mark.parametrize("lines", [1, 10])
@pytest.mark.usefixtures("kit")
def test_showing_what_was_posted(api: Api, lines: int) -> None:
    api.post(f"sales-orders/{enter(api, lines)}/post/", BOTH)

    for path, pinned in (
        ("sales-shipments/SS-000001/", 3),
        ("sales-invoices/SI-000001/", 3),
        ("posted-assembly-orders/PA-000001/", 3),
        ("posted-assembly-orders/?expand=lines", 3),
        ("capacity-ledger-entries/", 2),
    ):
        with counted() as statements:
            assert api.get(path).status_code == 200
        assert len(statements) == pinned, path
