"""Posting assembly orders over REST: one, its preview, and many at once."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.models import PostedAssembly
from backoffice.rights import Role
from inventory.models import Item, ItemVariant, Resource
from tests.posting import stock
from tests.rest import Api, counted, errors_of, person
from tests.support import state


@pytest.fixture(autouse=True)
def components(api: Api, kit: Item) -> None:
    """Twelve C1: enough for six KIT."""
    stock("C1", 12, 2)


def enter(api: Api, quantity: int = 1) -> str:
    """Enter an assembly order of KIT to stock."""
    made = api.post("assembly-orders/", {"item": "KIT", "quantity": quantity, "due_date": "2031-03-12"})
    assert made.status_code == 201, made.body
    return str(made.body["no"])


def test_posting_answers_with_the_number(api: Api, stand_alone: str) -> None:
    answer = api.post(f"assembly-orders/{stand_alone}/post/", {"posting_date": "2031-03-05"})

    assert (answer.status_code, answer.body) == (200, {"posted_assembly_order": "PA-000001"})
    posted = api.get("posted-assembly-orders/PA-000001/").body
    assert (posted["posting_date"], posted["sales_shipment"], posted["cost_amount"]) == ("2031-03-05", None, "95")


def test_a_preview_shows_the_entries_and_leaves_nothing_behind(api: Api, stand_alone: str) -> None:
    before = state()

    answer = api.post(f"assembly-orders/{stand_alone}/post/?preview=true", {})

    entries = answer.body["item_ledger_entries"]
    assert [(row["entry_type"], row["quantity"], row["cost_amount"]) for row in entries] == [
        ("assembly_consumption", "-10", "-20"),
        ("assembly_output", "5", "95"),
    ]
    assert [row["total_cost"] for row in answer.body["resource_ledger_entries"]] == ["75"]
    assert [row["direct_cost"] for row in answer.body["capacity_ledger_entries"]] == ["75"]
    assert [row["cost_amount"] for row in answer.body["value_entries"]] == ["-20", "95"]
    after = state()
    assert {table for table in before if before[table] != after[table]} <= {"backoffice_apitoken"}


def test_a_linked_order_is_refused(api: Api, linked: str) -> None:
    answer = api.post(f"assembly-orders/{linked}/post/", {})

    assert (answer.status_code, answer.body["code"]) == (409, "linked_to_sales_order")


def test_a_refusal_carries_its_figures(api: Api) -> None:
    answer = api.post(f"assembly-orders/{enter(api, 7)}/post/", {})

    assert (answer.status_code, answer.body["code"]) == (409, "not_enough_inventory")
    assert {"item": "C1", "available": "12", "required": "14"}.items() <= answer.body.items()


def test_an_unknown_order_is_not_found(api: Api) -> None:
    assert api.post("assembly-orders/AO-999999/post/", {}).status_code == 404


@pytest.mark.parametrize(
    ("role", "preview", "post"),
    [
        (Role.ASSEMBLY_WORKER, 200, 200),
        (Role.PLANNER, 200, 200),
        (Role.CLERK, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_who_may_look_and_who_may_post(api: Api, stand_alone: str, role: Role, preview: int, post: int) -> None:
    somebody = Api(person("somebody", role))

    assert somebody.post(f"assembly-orders/{stand_alone}/post/?preview=true", {}).status_code == preview
    assert somebody.post("assembly-orders/post-batch/", {"nos": [stand_alone]}).status_code == post
    assert somebody.post(f"assembly-orders/{enter(api)}/post/", {}).status_code == post


def test_only_who_may_undo_undoes(api: Api, stand_alone: str) -> None:
    api.post(f"assembly-orders/{stand_alone}/post/", {})

    worker, planner = Api(person("worker", Role.ASSEMBLY_WORKER)), Api(person("planner", Role.PLANNER))
    assert worker.post("posted-assembly-orders/PA-000001/undo/", {}).status_code == 403
    undone = planner.post("posted-assembly-orders/PA-000001/undo/", {"recreate": True})

    assert (undone.status_code, undone.body["reversed"]) == (200, True)
    assert api.get(f"assembly-orders/{stand_alone}/").body["status"] == "open"


@pytest.mark.parametrize(("body", "status"), [({}, 404), ({"recreate": False}, 404), ({"recreate": True}, 200)])
def test_a_deleted_order_comes_back_where_that_is_asked_for(
    api: Api, stand_alone: str, body: dict[str, Any], status: int
) -> None:
    api.patch(f"assembly-orders/{stand_alone}/", {"quantity_to_assemble": "1"})
    api.post(f"assembly-orders/{stand_alone}/post/", {})
    assert api.delete(f"assembly-orders/{stand_alone}/").status_code == 204

    undone = api.post("posted-assembly-orders/PA-000001/undo/", body)

    assert (undone.status_code, undone.body["reversed"]) == (200, True)
    back = api.get(f"assembly-orders/{stand_alone}/")
    assert back.status_code == status
    if status == 200:
        shown = ("status", "quantity", "assembled_quantity", "quantity_to_assemble")
        assert [back.body[name] for name in shown] == ["open", "1", "0", "1"]
    assert api.post("posted-assembly-orders/PA-000001/undo/", body).body["code"] == "already_reversed"


# -- many at once ----------------------------------------------------------------------------------------------


def test_of_a_batch_each_order_is_posted_by_itself(api: Api, linked: str) -> None:
    first, short, second = enter(api, 2), enter(api, 9), enter(api, 3)

    answer = api.post(
        "assembly-orders/post-batch/",
        {"nos": [first, linked, short, "AO-999999", second], "posting_date": "2031-03-05"},
    )

    assert answer.status_code == 200
    rows = answer.body["results"]
    assert [row["no"] for row in rows] == [first, linked, short, "AO-999999", second]
    assert [row.get("posted_assembly_order") or row["code"] for row in rows] == [
        "PA-000001",
        "linked_to_sales_order",
        "not_enough_inventory",
        "not_found",
        "PA-000002",
    ]
    assert {"item": "C1", "available": "8", "required": "18"}.items() <= rows[2].items()
    assert all(row["detail"] for row in rows if "code" in row)
    assert {row.posting_date.isoformat() for row in PostedAssembly.objects.all()} == {"2031-03-05"}


def test_a_batch_that_is_asked_for_again_posts_each_order_once(api: Api) -> None:
    """What was refused the first time is tried again; what was posted is not, though more of it remains."""
    part, short = enter(api, 4), enter(api, 9)
    api.patch(f"assembly-orders/{part}/", {"quantity_to_assemble": 1})
    body = {"nos": [part, short]}
    first = api.post("assembly-orders/post-batch/", body, Idempotency_Key="batch").body["results"]
    stock("C1", 100, 2)

    again = api.post("assembly-orders/post-batch/", body, Idempotency_Key="batch").body["results"]

    assert [row.get("posted_assembly_order") for row in first] == ["PA-000001", None]
    assert [row.get("posted_assembly_order") for row in again] == ["PA-000001", "PA-000002"]
    assert api.get(f"assembly-orders/{part}/").body["assembled_quantity"] == "1"
    other = api.post("assembly-orders/post-batch/", {"nos": [part]}, Idempotency_Key="batch")
    assert (other.status_code, other.body["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("nos", "required")),
        ({"nos": []}, ("nos", "invalid")),
        ({"nos": ["X", "X"]}, ("nos", "invalid")),
        ({"nos": ["X"] * 101}, ("nos", "invalid")),
        ({"nos": ["X"], "when": "now"}, ("when", "unknown_field")),
    ],
)
def test_a_batch_that_is_not_understood(api: Api, body: dict[str, Any], error: tuple[str, str]) -> None:
    assert errors_of(api.post("assembly-orders/post-batch/", body)) == [error]


def test_posting_costs_the_same_for_any_number_of_lines(api: Api) -> None:
    counts = []
    for lines in (1, 30):
        no = enter(api, 1)
        for _ in range(lines - 1):
            api.post(f"assembly-orders/{no}/lines/", {"type": "item", "no": "C1", "quantity_per": "0.1"})
        with counted() as statements:
            assert api.post(f"assembly-orders/{no}/post/", {}).status_code == 200
        counts.append(len(statements))

    assert counts == [31, 31]


@pytest.mark.parametrize(
    ("model", "key", "field"),
    [
        (Item, "KIT", "item"),
        (Item, "C1", "lines[10000].no"),
        (Resource, "R1", "lines[20000].no"),
    ],
)
def test_what_is_blocked_since_is_not_posted(api: Api, model: type[Any], key: str, field: str) -> None:
    order = enter(api)
    model.objects.filter(pk=key).update(blocked=True)
    before = state()

    refused = api.post(f"assembly-orders/{order}/post/", {})

    assert (refused.status_code, errors_of(refused)) == (409, [(field, "blocked")])
    assert state() == before


def test_a_variant_that_is_blocked_since_is_not_posted(api: Api) -> None:
    order = enter(api)
    api.patch(f"assembly-orders/{order}/", {"variant": "RED"})
    ItemVariant.objects.update(blocked=True)

    refused = api.post(f"assembly-orders/{order}/post/", {})

    assert errors_of(refused) == [("variant", "blocked")]
    assert not PostedAssembly.objects.exists()


def test_a_blocked_component_that_is_not_consumed_does_not_matter(api: Api) -> None:
    order = enter(api)
    api.patch(f"assembly-orders/{order}/lines/10000/", {"quantity_to_consume": 0})
    Item.objects.filter(no="C1").update(blocked=True)

    assert api.post(f"assembly-orders/{order}/post/", {}).status_code == 200
    assert api.post("posted-assembly-orders/PA-000001/undo/", {}).status_code == 200
