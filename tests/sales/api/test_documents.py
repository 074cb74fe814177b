"""`/sales-orders/`, `/sales-quotes/`, `/blanket-sales-orders/` and their lines."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.models import AssemblyDocument
from backoffice.rights import Role
from inventory.models import Item
from sales.models import SalesDocument, SalesLine
from tests.factories import make_location, make_resource
from tests.rest import Api, errors_of, person
from tests.support import day

KINDS = {
    "sales-orders": "assembly_order",
    "sales-quotes": "assembly_quote",
    "blanket-sales-orders": "blanket_assembly_order",
}


def enter(api: Api, *lines: dict[str, Any], kind: str = "sales-orders", **header: Any) -> dict[str, Any]:
    """Enter a document with these lines and return it as it was answered, without the warnings."""
    made = api.post(f"{kind}/", {"customer": "CUST", **header, "lines": list(lines)})
    assert made.status_code == 201, made.body
    body: dict[str, Any] = made.body
    body.pop("warnings", None)
    return body


# -- documents ------------------------------------------------------------------------------------------------


def test_an_order_shows_every_field_of_the_contract(api: Api, kit: Item) -> None:
    order = enter(api, {"no": "KIT", "quantity": 3}, {"type": "comment", "description": "Thanks"}, note="n")

    instants = {order.pop("created_at"), order.pop("modified_at")}
    lines = order.pop("lines")

    assert all(instant.endswith("Z") for instant in instants)
    assert order == {
        "no": order["no"],
        "customer": "CUST",
        "status": "open",
        "order_date": day(0).isoformat(),
        "posting_date": day(0).isoformat(),
        "shipment_date": day(0).isoformat(),
        "requested_delivery_date": None,
        "promised_delivery_date": None,
        "location": "MAIN",
        "external_document_no": "",
        "shipping_advice": "partial",
        "note": "n",
        "amount": "90",
        "quote_no": "",
    }
    assert lines[0] == {
        "line_no": 10000,
        "type": "item",
        "no": "KIT",
        "variant": "",
        "description": "Item KIT",
        "location": "MAIN",
        "bin": "",
        "unit_of_measure": "PCS",
        "quantity": "3",
        "shipment_date": day(0).isoformat(),
        "unit_price": "30",
        "line_discount_percent": "0",
        "line_amount": "90",
        "unit_cost": "14",
        "qty_to_assemble_to_order": "3",
        "qty_to_ship": "3",
        "qty_to_invoice": "3",
        "quantity_shipped": "0",
        "quantity_invoiced": "0",
        "outstanding_quantity": "3",
        "reserved_quantity": "3",
        "blanket_order_no": None,
        "blanket_order_line_no": None,
        "assembly_document": {"type": "assembly_order", "no": AssemblyDocument.objects.get().no},
        "tracking": [],
        "availability": {
            "available": "0",
            "on_hand": "0",
            "able_to_assemble": "0",
            "earliest_date": None,
            "warning": True,
        },
    }
    assert (lines[1]["type"], lines[1]["unit_of_measure"], lines[1]["assembly_document"]) == ("comment", None, None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_three_kinds_have_one_shape(api: Api, kit: Item, kind: str) -> None:
    document = enter(api, {"no": "KIT", "quantity": 3}, kind=kind)

    assert document["lines"][0]["assembly_document"]["type"] == KINDS[kind]
    # Quotes and blanket orders reserve nothing.
    assert document["lines"][0]["reserved_quantity"] == ("3" if kind == "sales-orders" else "0")
    assert ("quantity_on_orders" in document["lines"][0]) == (kind == "blanket-sales-orders")
    for other in KINDS:
        expected = 200 if other == kind else 404
        assert api.get(f"{other}/{document['no']}/").status_code == expected
        assert api.get(f"{other}/{document['no']}/lines/10000/").status_code == expected
        assert api.delete(f"{other}/{document['no']}/").status_code == (404 if other != kind else 204)


def test_a_list_shows_lines_only_when_asked(api: Api, kit: Item) -> None:
    order = enter(api, {"no": "KIT", "quantity": 3})

    assert "lines" not in api.get("sales-orders/").body["results"][0]
    (listed,) = api.get("sales-orders/?expand=lines").body["results"]
    # What there is for a line is looked up on the detail view alone.
    assert [line.pop("availability") for line in listed["lines"]] == [None]
    assert [line.pop("availability")["warning"] for line in order["lines"]] == [True]
    assert listed == order
    assert api.get("sales-orders/?fields=no,amount").body["results"] == [{"no": order["no"], "amount": "90"}]


def test_a_list_leaves_out_closed_documents_unless_asked(api: Api, kit: Item) -> None:
    order = enter(api)
    SalesDocument.objects.update(status="closed")

    assert api.get("sales-orders/").body["results"] == []
    assert [row["no"] for row in api.get("sales-orders/?status=closed").body["results"]] == [order["no"]]
    assert api.get(f"sales-orders/{order['no']}/").body["status"] == "closed"


def test_orders_are_found_by_item_customer_date_and_search(api: Api, kit: Item) -> None:
    with_kit = enter(api, {"no": "KIT", "quantity": 1}, external_document_no="PO 77")["no"]
    other = enter(api, {"no": "C1", "quantity": 1}, shipment_date=day(9).isoformat())["no"]

    def found(query: str) -> list[str]:
        return [row["no"] for row in api.get(f"sales-orders/?{query}").body["results"]]

    assert found("item=KIT") == [with_kit]
    assert found("item=NOPE") == []
    assert found(f"shipment_date__gte={day(5).isoformat()}") == [other]
    assert found("customer=CUST&ordering=-shipment_date") == [other, with_kit]
    assert found("search=po+77") == [with_kit]


def test_a_number_may_be_given_and_is_given_once(api: Api, kit: Item) -> None:
    assert enter(api, no="SO-000900")["no"] == "SO-000900"

    twice = api.post("sales-orders/", {"customer": "CUST", "no": "SO-000900"})

    assert (twice.status_code, errors_of(twice)) == (409, [("no", "already_exists")])
    # Another kind has numbers of its own, and the series goes on behind the given one.
    assert enter(api, no="SO-000900", kind="sales-quotes")["no"] == "SO-000900"
    assert enter(api)["no"] > "SO-000900"


def test_a_change_of_the_header_is_taken_on_the_revision_that_was_seen(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "KIT", "quantity": 3})["no"]
    seen = api.get(f"sales-orders/{no}/")["ETag"]

    taken = api.patch(f"sales-orders/{no}/", {"note": "first"}, If_Match=seen)
    stale = api.patch(f"sales-orders/{no}/", {"note": "second"}, If_Match=seen)

    assert (taken.status_code, stale.status_code, stale.body["code"]) == (200, 412, "stale_revision")
    assert taken["ETag"] != seen
    assert api.get(f"sales-orders/{no}/").body["note"] == "first"


@pytest.mark.parametrize("path", ["", "lines/10000/", "release/", "reopen/", "lines/", "lines/10000/explode-bom/"])
def test_every_write_minds_the_revision(api: Api, kit: Item, path: str) -> None:
    no = enter(api, {"no": "KIT", "quantity": 3})["no"]
    method = "PATCH" if path in ("", "lines/10000/") else "POST"

    refused = api.send(method, f"sales-orders/{no}/{path}", {}, If_Match='"999"')

    assert (refused.status_code, refused.body["code"]) == (412, "stale_revision")


def test_an_order_is_released_and_reopened(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "KIT", "quantity": 3})["no"]

    assert api.post(f"sales-orders/{no}/release/").body["status"] == "released"
    assert api.patch(f"sales-orders/{no}/", {"customer": "CUST"}).status_code == 200  # unchanged
    refused = api.patch(f"sales-orders/{no}/", {"shipment_date": day(3).isoformat()})
    assert (refused.status_code, errors_of(refused)) == (409, [("shipment_date", "document_released")])
    assert api.post(f"sales-orders/{no}/reopen/").body["status"] == "open"


def test_an_order_without_a_quantity_is_not_released(api: Api, kit: Item) -> None:
    no = enter(api, {"type": "comment", "description": "Nothing"})["no"]

    assert api.post(f"sales-orders/{no}/release/").body["code"] == "nothing_to_release"


def test_deleting_an_order_takes_its_assembly_along(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "KIT", "quantity": 3}, {"no": "C1", "quantity": 2})["no"]

    assert api.delete(f"sales-orders/{no}/").status_code == 204

    assert not SalesDocument.objects.exists()
    assert not AssemblyDocument.objects.exists()
    assert api.get("reservations/").body["results"] == []


# -- lines ----------------------------------------------------------------------------------------------------


def test_a_line_is_entered_changed_and_deleted(api: Api, kit: Item) -> None:
    no = enter(api)["no"]

    made = api.post(f"sales-orders/{no}/lines/", {"no": "KIT", "quantity": 2, "unit_of_measure": "BOX"})
    assert (made.status_code, made.body["line_no"], made.body["reserved_quantity"]) == (201, 10000, "2")
    assert made["ETag"] == api.get(f"sales-orders/{no}/")["ETag"]

    changed = api.patch(f"sales-orders/{no}/lines/10000/", {"quantity": "2.5"}, If_Match=made["ETag"])
    assert (changed.body["quantity"], changed.body["reserved_quantity"]) == ("2.5", "2.5")
    assert changed["ETag"] != made["ETag"]

    assert api.delete(f"sales-orders/{no}/lines/10000/").status_code == 204
    assert api.get(f"sales-orders/{no}/lines/").body["results"] == []
    assert not AssemblyDocument.objects.exists()


def test_line_numbers_go_on_from_the_highest_or_are_given(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "C1", "quantity": 1, "line_no": 15000}, {"no": "C1", "quantity": 1})["no"]

    added = api.post(f"sales-orders/{no}/lines/", {"no": "C1", "quantity": 1})
    twice = api.post(f"sales-orders/{no}/lines/", {"no": "C1", "quantity": 1, "line_no": 15000})

    assert added.body["line_no"] == 35000
    assert (twice.status_code, errors_of(twice)) == (409, [("line_no", "already_exists")])


def test_what_was_sent_back_unchanged_changes_nothing(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "KIT", "quantity": 3, "variant": "RED"})["no"]
    seen = api.get(f"sales-orders/{no}/lines/10000/")
    writable = set(seen.body) - {
        "line_amount",
        "quantity_shipped",
        "quantity_invoiced",
        "outstanding_quantity",
        "reserved_quantity",
        "blanket_order_no",
        "blanket_order_line_no",
        "assembly_document",
        "availability",
    }

    again = api.patch(f"sales-orders/{no}/lines/10000/", {name: seen.body[name] for name in writable})

    assert again.status_code == 200
    assert again.body.pop("warnings")
    assert (again.body, again["ETag"]) == (seen.body, seen["ETag"])


def test_exploding_a_quote_line_answers_with_the_lines(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "KIT", "quantity": 2}, kind="sales-quotes")["no"]

    exploded = api.post(f"sales-quotes/{no}/lines/10000/explode-bom/")

    shown = [(line["type"], line["no"], line["quantity"]) for line in exploded.body["results"]]
    assert shown == [("comment", "", "0"), ("item", "C1", "4"), ("resource", "R1", "1")]
    assert exploded["ETag"] == api.get(f"sales-quotes/{no}/")["ETag"]


def test_a_line_that_becomes_a_comment_asks_for_nothing_any_more(api: Api, kit: Item) -> None:
    no = enter(api, {"no": "C1", "quantity": 2}, {"no": "C1", "quantity": 2})["no"]

    assert api.patch(f"sales-orders/{no}/lines/10000/", {"type": "comment"}).status_code == 200
    assert api.patch(f"sales-orders/{no}/lines/20000/", {"type": "resource", "no": "R1"}).status_code == 200
    # The plan is compared with the lines after every test.


def test_a_line_changes_sides_between_an_item_and_a_resource_of_one_number(api: Api, kit: Item) -> None:
    make_resource("C1", unit_cost=5)
    make_resource("R2")
    path = f"sales-orders/{enter(api, {'no': 'C1', 'quantity': 2})['no']}/lines/10000/"

    changed = api.patch(path, {"type": "resource", "no": "C1"})
    assert (changed.status_code, changed.body["type"], changed.body["unit_cost"]) == (200, "resource", "5")
    assert api.patch(path, {"no": "R2"}).body["no"] == "R2"
    assert api.patch(path, {"type": "item", "no": "C1"}).body["unit_cost"] == "2"


def test_a_blanket_line_tells_what_orders_hold_of_it(api: Api, kit: Item) -> None:
    blanket = enter(api, {"no": "C1", "quantity": 100}, kind="blanket-sales-orders")["no"]
    order = enter(api, {"no": "C1", "quantity": 30})["no"]
    SalesLine.objects.filter(document__no=order).update(
        blanket_line=SalesLine.objects.get(document__no=blanket),
        quantity_shipped=10,
        quantity_shipped_base=10,
        qty_to_ship=20,
    )
    line = api.get(f"blanket-sales-orders/{blanket}/lines/10000/").body

    assert line["quantity_on_orders"] == "20"
    called_off = api.get(f"sales-orders/{order}/lines/10000/").body
    assert (called_off["blanket_order_no"], called_off["blanket_order_line_no"]) == (blanket, 10000)
    SalesLine.objects.filter(document__no=order).update(
        blanket_line=None, quantity_shipped=0, quantity_shipped_base=0, qty_to_ship=30
    )


# -- rights ---------------------------------------------------------------------------------------------------


def test_a_clerk_sells_without_seeing_costs(api: Api, kit: Item) -> None:
    clerk = Api(person("clara", Role.CLERK))
    order = enter(clerk, {"no": "KIT", "quantity": 3})

    assert "unit_cost" not in order["lines"][0]
    assert "unit_cost" not in clerk.get(f"sales-orders/{order['no']}/lines/10000/").body
    assert "unit_cost" not in clerk.get("sales-orders/?expand=lines").body["results"][0]["lines"][0]
    assert "unit_cost" in api.get(f"sales-orders/{order['no']}/lines/10000/").body

    refused = clerk.patch(f"sales-orders/{order['no']}/lines/10000/", {"unit_cost": "1"})
    assert (refused.status_code, errors_of(refused)) == (403, [("unit_cost", "forbidden")])


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_only_looks_changes_nothing(api: Api, kit: Item, role: Role) -> None:
    order = enter(api, {"no": "KIT", "quantity": 3})
    onlooker, path = Api(person("olga", role)), f"sales-orders/{order['no']}/"

    assert onlooker.get(path).body == order
    assert onlooker.post("sales-orders/", {"customer": "CUST"}).status_code == 403
    assert onlooker.patch(path, {"note": "x"}).status_code == 403
    assert onlooker.delete(path).status_code == 403
    assert onlooker.patch(f"{path}lines/10000/", {"quantity": 1}).status_code == 403
    assert onlooker.post(f"{path}lines/", {"no": "KIT"}).status_code == 403
    assert onlooker.post(f"{path}release/").status_code == 403
    assert api.get(path).body == order


def test_the_assembly_department_does_not_see_sales(api: Api, kit: Item) -> None:
    worker = Api(person("wendy", Role.ASSEMBLY_WORKER))

    assert worker.get("sales-orders/").status_code == 403


def test_a_location_with_a_slash_is_reached(api: Api, kit: Item) -> None:
    make_location("A/B")

    order = enter(api, {"no": "KIT", "quantity": 1, "location": "A/B"}, no="SO/1")

    assert order["lines"][0]["location"] == "A/B"
    assert api.get("sales-orders/SO%2F1/lines/10000/").body["location"] == "A/B"
    assert api.get("sales-orders/SO%2F1/lines/10000/assembly/").body["location"] == "A/B"
