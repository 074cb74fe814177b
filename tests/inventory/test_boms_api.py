"""`/items/{no}/bom/` and `/items/{no}/substitutes/`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from inventory.models import BomLine, Item
from inventory.services.boms import find_cycle
from tests.rest import Api, counted, errors_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def masters(api: Api) -> None:
    """Three items, a service, a resource."""
    for no in ("C1", "C2", "KIT"):
        api.post("items/", {"no": no, "description": f"Item {no}"})
    api.post("items/", {"no": "ADVICE", "type": "service"})
    api.post("resources/", {"no": "R1", "name": "Bench"})


def line(no: str, quantity: Any = 1, **more: Any) -> dict[str, Any]:
    """Describe a component."""
    return {"type": "item", "no": no, "quantity_per": quantity, **more}


def put(api: Api, no: str, lines: list[dict[str, Any]], **headers: Any) -> Any:
    """Replace a bill of materials."""
    return api.send("PUT", f"items/{no}/bom/", lines, **headers)


def test_list_is_replaced_as_a_whole_with_defaults(api: Api) -> None:
    response = put(
        api,
        "KIT",
        [
            line("C1", 2),
            {"type": "resource", "no": "R1", "quantity_per": "0.5"},
            {"type": "text", "description": "Handle with care"},
        ],
    )

    assert response.status_code == 200, response.body
    shown = [
        (row["line_no"], row["type"], row["no"], row["description"], row["quantity_per"], row["unit_of_measure"])
        for row in response.body
    ]
    assert shown == [
        (10000, "item", "C1", "Item C1", "2", "PCS"),
        (20000, "resource", "R1", "Bench", "0.5", "HOUR"),
        (30000, "text", "", "Handle with care", "0", None),
    ]
    assert response.body[1]["resource_usage_type"] == "direct"
    assert api.get("items/KIT/").body["assembly_bom"] is True
    assert api.get("items/KIT/bom/").body == response.body


def test_a_variant_is_called_by_its_own_name(api: Api) -> None:
    api.patch(
        "items/C1/", {"variants": [{"code": "RED", "description": "Red one"}, {"code": "RAW", "description": ""}]}
    )
    rows = put(api, "KIT", [line("C1", variant="RED"), line("C1", variant="RAW"), line("C1", description="Ours")]).body
    assert [row["description"] for row in rows] == ["Red one", "Item C1", "Ours"]

    def renamed(values: dict[str, Any]) -> str:
        return str(api.patch("items/KIT/bom/30000/", values).body["description"])

    assert renamed({"quantity_per": 2}) == "Ours"
    assert renamed({"variant": "RED"}) == "Red one"
    assert renamed({"variant": "RED", "description": "Ours"}) == "Ours"
    assert renamed({"variant": ""}) == "Item C1"


def test_lines_keep_their_identity_by_number(api: Api) -> None:
    put(api, "KIT", [line("C1", 2), line("C2", 1)])
    before = dict(BomLine.objects.values_list("line_no", "pk"))

    put(api, "KIT", [line("C2", 1, line_no=20000), line("C1", 5)])

    after = dict(BomLine.objects.values_list("line_no", "pk"))
    assert set(after) == {20000, 30000}
    assert after[20000] == before[20000]


def test_single_lines_are_added_changed_and_deleted(api: Api) -> None:
    added = api.post("items/KIT/bom/", line("C1", 2))
    changed = api.patch("items/KIT/bom/10000/", {"no": "C2", "position": "A4"})
    second = api.post("items/KIT/bom/", line("C1", 1, line_no=15000))

    assert (added.status_code, second.status_code) == (201, 201)
    assert added.headers["Location"].endswith("/items/KIT/bom/10000/")
    assert (changed.body["description"], changed.body["quantity_per"], changed.body["position"]) == (
        "Item C2",
        "2",
        "A4",
    )
    assert api.delete("items/KIT/bom/10000/").status_code == 204
    assert api.delete("items/KIT/bom/10000/").status_code == 404
    assert [row["line_no"] for row in api.get("items/KIT/bom/").body] == [15000]


@pytest.mark.parametrize(
    ("faulty", "error"),
    [
        (line("GONE"), ("[1].no", "not_found")),
        (line("ADVICE"), ("[1].no", "invalid")),
        (line(""), ("[1].no", "required")),
        (line("C1", -1), ("[1].quantity_per", "invalid")),
        (line("C1", "1.123456"), ("[1].quantity_per", "invalid")),
        ({"type": "item", "no": "C1"}, ("[1].quantity_per", "required")),
        (line("C1", unit_of_measure="HOUR"), ("[1].unit_of_measure", "not_found")),
        (line("C1", variant="RED"), ("[1].variant", "not_found")),
        (line("C1", resource_usage_type="fixed"), ("[1].resource_usage_type", "invalid")),
        (line("C1", line_no=10000), ("[1].line_no", "invalid")),
        ({"type": "resource", "no": "GONE", "quantity_per": 1}, ("[1].no", "not_found")),
        (
            {"type": "resource", "no": "R1", "quantity_per": 1, "lead_time_offset_days": 1},
            ("[1].lead_time_offset_days", "invalid"),
        ),
        ({"type": "text"}, ("[1].description", "required")),
        ({"type": "text", "description": "x", "quantity_per": 1}, ("[1].quantity_per", "invalid")),
        ({"type": "wish", "description": "x"}, ("[1].type", "invalid")),
    ],
)
def test_faulty_line_is_refused_at_its_field(api: Api, faulty: dict[str, Any], error: tuple[str, str]) -> None:
    response = put(api, "KIT", [line("C1", 1, line_no=10000), faulty])

    assert response.status_code == 400, response.body
    assert errors_of(response) == [error]
    assert not BomLine.objects.exists()


def test_what_is_no_inventory_item_has_no_components(api: Api) -> None:
    response = put(api, "ADVICE", [line("C1")])

    assert (response.status_code, response.body["code"]) == (400, "invalid")


def test_cycle_is_refused_at_any_depth(api: Api) -> None:
    chain = [f"L{number}" for number in range(6)]
    for no in chain:
        api.post("items/", {"no": no})
    for parent, component in pairwise(chain):
        assert put(api, parent, [line(component)]).status_code == 200

    itself = put(api, "KIT", [line("KIT")])
    closing = put(api, chain[-1], [line("C1"), line(chain[0])])
    by_line = api.post(f"items/{chain[-1]}/bom/", line(chain[0]))

    for response in (itself, closing, by_line):
        assert (response.status_code, response.body["code"]) == (409, "bom_cycle")
    assert BomLine.objects.count() == 5


def test_diamond_is_no_cycle(api: Api) -> None:
    api.post("items/", {"no": "TOP"})
    put(api, "KIT", [line("C1")])
    put(api, "C2", [line("C1")])

    assert put(api, "TOP", [line("KIT"), line("C2"), line("C1")]).status_code == 200


def test_first_line_makes_an_assembled_item_and_the_last_gone_a_purchased_one(api: Api) -> None:
    put(api, "KIT", [line("C1")])
    assert Item.objects.get(no="KIT").replenishment_system == "assembly"

    put(api, "KIT", [])
    assert Item.objects.get(no="KIT").replenishment_system == "purchase"


def test_assembled_to_order_stays_assembled_without_components(api: Api) -> None:
    put(api, "KIT", [line("C1")])
    api.patch("items/KIT/", {"assembly_policy": "assemble_to_order"})

    api.delete("items/KIT/bom/10000/")

    assert Item.objects.get(no="KIT").replenishment_system == "assembly"


def test_transferred_item_stays_transferred(api: Api) -> None:
    api.patch("items/KIT/", {"replenishment_system": "transfer"})

    put(api, "KIT", [line("C1")])

    assert Item.objects.get(no="KIT").replenishment_system == "transfer"


def test_entity_tag_is_the_items(api: Api) -> None:
    tag = api.get("items/KIT/").headers["ETag"]

    fresh = put(api, "KIT", [line("C1")], If_Match=tag)
    stale = put(api, "KIT", [line("C2")], If_Match=tag)

    assert (fresh.status_code, stale.status_code) == (200, 412)
    assert fresh.headers["ETag"] == api.get("items/KIT/").headers["ETag"] != tag
    assert BomLine.objects.get().item_id == "C1"


def test_statements_do_not_grow_with_the_lines(api: Api) -> None:
    for number in range(30):
        api.post("items/", {"no": f"P{number}"})
    with counted() as few:
        put(api, "KIT", [line("P0")])
    put(api, "KIT", [])
    with counted() as many:
        put(api, "KIT", [line(f"P{number}") for number in range(30)])

    assert len(many) == len(few)


def test_substitutes_are_replaced_as_a_whole(api: Api) -> None:
    api.patch("items/C2/", {"variants": [{"code": "RED"}]})

    put_first = api.send("PUT", "items/C1/substitutes/", [{"substitute": "C2", "substitute_variant": "RED"}])
    put_second = api.send("PUT", "items/C1/substitutes/", [{"substitute": "KIT", "interchangeable": True}])

    assert put_first.body[0]["substitute_variant"] == "RED"
    assert put_second.body == [
        {
            "item": "C1",
            "variant": "",
            "substitute": "KIT",
            "substitute_variant": "",
            "interchangeable": True,
        }
    ]
    assert api.get("items/C1/substitutes/").body == put_second.body
    assert api.get("items/GONE/substitutes/").status_code == 404


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"substitute": "C1"}, ("[0].substitute", "invalid")),
        ({"substitute": "GONE"}, ("[0].substitute", "not_found")),
        ({"substitute": "C2", "substitute_variant": "X"}, ("[0].substitute_variant", "not_found")),
        ({"substitute": "C2", "variant": "X"}, ("[0].variant", "not_found")),
        ({"substitute": "C2", "item": "KIT"}, ("[0].item", "invalid")),
        ({}, ("[0].substitute", "required")),
    ],
)
def test_faulty_substitute_is_refused(api: Api, row: dict[str, Any], error: tuple[str, str]) -> None:
    response = api.send("PUT", "items/C1/substitutes/", [row])

    assert response.status_code == 400
    assert errors_of(response) == [error]


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({}, False),
        ({"A": ["B"], "B": ["C"], "C": []}, False),
        ({"A": ["B", "C"], "B": ["D"], "C": ["D"]}, False),
        ({"A": ["A"]}, True),
        ({"A": ["B"], "B": ["C"], "C": ["A"]}, True),
        ({"X": ["A"], "A": ["B", "C"], "C": ["D"], "D": ["A"]}, True),
    ],
)
def test_cycles_are_found_in_a_graph(edges: dict[str, list[str]], found: bool) -> None:
    assert (find_cycle(edges) is not None) == found
