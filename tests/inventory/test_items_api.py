"""`/items/`: the card with its units and variants, what it refuses, and what fixes it."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.rights import Role
from inventory.models import Item, ItemUnit
from tests.inventory.conftest import post
from tests.rest import Api, counted, errors_of, person

pytestmark = pytest.mark.django_db


def make(api: Api, no: str = "C1", **values: Any) -> Any:
    """Create an item and return the answer's body."""
    response = api.post("items/", {"no": no, **values})
    assert response.status_code == 201, response.body
    return response.body


def test_item_has_the_defaults_of_the_contract(api: Api) -> None:
    body = make(api)

    assert body["units_of_measure"] == [{"code": "PCS", "qty_per_unit_of_measure": "1", "qty_rounding_precision": "0"}]
    expected = {
        "description": "",
        "type": "inventory",
        "base_unit_of_measure": "PCS",
        "sales_unit_of_measure": "PCS",
        "rounding_precision": "0.00001",
        "replenishment_system": "purchase",
        "assembly_policy": "assemble_to_stock",
        "reordering_policy": "",
        "costing_method": "fifo",
        "unit_cost": "0",
        "lot_size": "0",
        "lead_time_days": 0,
        "safety_lead_time_days": None,
        "reserve": "optional",
        "item_tracking": "none",
        "variants": [],
        "blocked": False,
        "sales_blocked": False,
        "assembly_bom": False,
    }
    assert {name: body[name] for name in expected} == expected


def test_units_and_variants_are_given_and_replaced_as_lists(api: Api) -> None:
    api.post("units-of-measure/", {"code": "BOX"})
    api.post("units-of-measure/", {"code": "PAL"})
    make(api, units_of_measure=[{"code": "BOX", "qty_per_unit_of_measure": 6}], variants=[{"code": "RED"}])

    changed = api.patch(
        "items/C1/",
        {
            "units_of_measure": [{"code": "PCS"}, {"code": "PAL", "qty_per_unit_of_measure": "48"}],
            "variants": [{"code": "BLUE", "description": "Blue", "blocked": True}],
            "sales_unit_of_measure": "PAL",
        },
    ).body

    assert [(u["code"], u["qty_per_unit_of_measure"]) for u in changed["units_of_measure"]] == [
        ("PCS", "1"),
        ("PAL", "48"),
    ]
    assert changed["variants"] == [{"code": "BLUE", "description": "Blue", "blocked": True}]


def test_new_base_unit_of_an_unused_item_brings_itself_along(api: Api) -> None:
    api.post("units-of-measure/", {"code": "KG"})
    make(api)

    changed = api.patch("items/C1/", {"base_unit_of_measure": "KG"})

    assert changed.status_code == 200, changed.body
    assert changed.body["sales_unit_of_measure"] == "KG"
    assert {"code": "KG", "qty_per_unit_of_measure": "1", "qty_rounding_precision": "0"} in changed.body[
        "units_of_measure"
    ]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"assembly_policy": "assemble_to_order"}, ("assembly_policy", "invalid")),
        ({"type": "service", "replenishment_system": "assembly"}, ("type", "invalid")),
        ({"base_unit_of_measure": "GONE"}, ("base_unit_of_measure", "not_found")),
        ({"sales_unit_of_measure": "HOUR"}, ("sales_unit_of_measure", "not_found")),
        (
            {"units_of_measure": [{"code": "PCS", "qty_per_unit_of_measure": 2}]},
            ("units_of_measure[0].qty_per_unit_of_measure", "invalid"),
        ),
        (
            {"units_of_measure": [{"code": "HOUR", "qty_per_unit_of_measure": 0}]},
            ("units_of_measure[0].qty_per_unit_of_measure", "invalid"),
        ),
        ({"units_of_measure": [{"code": "PCS"}, {"code": "PCS"}]}, ("units_of_measure[1].code", "invalid")),
        ({"variants": [{"code": "A"}, {"code": "A"}]}, ("variants[1].code", "invalid")),
        ({"unit_cost": -1}, ("unit_cost", "invalid")),
        ({"unit_cost": "NaN"}, ("unit_cost", "invalid")),
        ({"unit_cost": "1e30"}, ("unit_cost", "invalid")),
        ({"unit_cost": "1.123456"}, ("unit_cost", "invalid")),
        ({"rounding_precision": 0}, ("rounding_precision", "invalid")),
        ({"costing_method": "standard", "standard_cost": 5, "unit_cost": 6}, ("unit_cost", "invalid")),
        ({"description": "a\u0000b"}, None),
        ({"colour": "red"}, ("colour", "unknown_field")),
        ({"assembly_bom": True}, ("assembly_bom", "read_only_field")),
        ({"no": ""}, ("no", "required")),
    ],
)
def test_faulty_card_is_refused_at_its_field(api: Api, values: dict[str, Any], error: tuple[str, str] | None) -> None:
    response = api.post("items/", {"no": "C1", **values})

    assert response.status_code == 400, response.body
    assert error is None or error in errors_of(response)
    assert not Item.objects.exists()


def test_faults_of_a_card_are_told_together(api: Api) -> None:
    response = api.post("items/", {"no": "C1", "assembly_policy": "assemble_to_order", "unit_price": -1})

    assert set(errors_of(response)) == {("assembly_policy", "invalid"), ("unit_price", "invalid")}


def test_policy_and_replenishment_hold_each_other(api: Api) -> None:
    make(api, "KIT", replenishment_system="assembly", assembly_policy="assemble_to_order")

    refused = api.patch("items/KIT/", {"replenishment_system": "purchase"})
    both = api.patch("items/KIT/", {"replenishment_system": "purchase", "assembly_policy": "assemble_to_stock"})

    assert errors_of(refused) == [("replenishment_system", "invalid")]
    assert both.status_code == 200


def test_standard_cost_is_the_unit_cost(api: Api) -> None:
    body = make(api, costing_method="standard", standard_cost="9.5")
    changed = api.patch("items/C1/", {"unit_cost": 11}).body

    assert (body["unit_cost"], changed["standard_cost"]) == ("9.5", "11")


def test_number_is_taken_once(api: Api) -> None:
    make(api)

    response = api.post("items/", {"no": "C1"})

    assert (response.status_code, response.body["code"]) == (409, "already_exists")


def test_stale_edit_is_refused_and_changes_nothing(api: Api) -> None:
    make(api)
    tag = api.get("items/C1/").headers["ETag"]
    fresh = api.patch("items/C1/", {"description": "first"}, If_Match=tag)
    stale = api.patch("items/C1/", {"description": "second"}, If_Match=tag)

    assert (fresh.status_code, stale.status_code) == (200, 412)
    assert stale.body["code"] == "stale_revision"
    assert Item.objects.get().description == "first"


def test_a_variant_counts_as_a_change_of_the_item(api: Api) -> None:
    make(api)
    tag = api.get("items/C1/").headers["ETag"]

    changed = api.patch("items/C1/", {"variants": [{"code": "RED"}]})

    assert changed.headers["ETag"] != tag


def test_what_entries_stand_on_is_fixed_by_them(api: Api) -> None:
    make(api)
    assert api.patch("items/C1/", {"costing_method": "average", "item_tracking": "lot"}).status_code == 200
    assert api.patch("items/C1/", {"costing_method": "fifo", "item_tracking": "none"}).status_code == 200
    post(Item.objects.get(), 1)

    for values in (
        {"type": "service"},
        {"base_unit_of_measure": "HOUR"},
        {"costing_method": "average"},
        {"item_tracking": "lot"},
    ):
        response = api.patch("items/C1/", values)
        assert (response.status_code, response.body["code"]) == (409, "in_use")
        assert "item ledger entries" in response.body["detail"]
    assert api.patch("items/C1/", {"costing_method": "fifo", "description": "Same"}).status_code == 200


def test_unit_and_variant_in_use_stay(api: Api) -> None:
    api.post("units-of-measure/", {"code": "BOX"})
    make(api, units_of_measure=[{"code": "BOX", "qty_per_unit_of_measure": 6}], variants=[{"code": "RED"}])
    line = {"item": "C1", "variant": "RED", "unit_of_measure": "BOX", "quantity": 1}
    assert api.post("purchase-orders/", {"lines": [line]}).status_code == 201

    refused = [
        api.patch("items/C1/", {"variants": []}),
        api.patch("items/C1/", {"units_of_measure": []}),
        api.patch("items/C1/", {"units_of_measure": [{"code": "BOX", "qty_per_unit_of_measure": 8}]}),
    ]

    assert [response.body["code"] for response in refused] == ["in_use"] * 3
    assert ItemUnit.objects.get(unit_of_measure="BOX").qty_per_unit_of_measure == 6


def test_used_item_is_not_deleted_and_an_unused_one_is(api: Api) -> None:
    make(api)
    make(api, "KIT")
    api.send("PUT", "items/KIT/bom/", [{"type": "item", "no": "C1", "quantity_per": 1}])

    used, unused = api.delete("items/C1/"), api.delete("items/KIT/")

    assert (used.status_code, used.body["code"]) == (409, "in_use")
    assert "bom lines" in used.body["detail"]
    assert unused.status_code == 204
    assert api.delete("items/C1/").status_code == 204
    assert api.delete("items/C1/").status_code == 404


def test_costs_are_for_those_who_may_see_them(api: Api) -> None:
    make(api, unit_cost=5)
    clerk = Api(person("clerk", Role.CLERK))

    shown = clerk.get("items/C1/").body

    assert "unit_price" in shown
    assert not {"unit_cost", "standard_cost", "overhead_rate", "indirect_cost_percent"} & shown.keys()
    assert clerk.patch("items/C1/", {"description": "x"}).status_code == 403


def test_list_filters_searches_orders_and_expands(api: Api) -> None:
    make(api, "A", description="red lamp")
    make(api, "B", description="blue lamp", replenishment_system="assembly")
    make(api, "C", description="red chair", variants=[{"code": "V"}])

    def nos(query: str) -> list[str]:
        return [row["no"] for row in api.get(f"items/?{query}").body["results"]]

    assert nos("search=red%20lamp") == ["A"]
    assert nos("replenishment_system=assembly") == ["B"]
    assert nos("no__in=A,C&ordering=-no") == ["C", "A"]
    assert "variants" not in api.get("items/").body["results"][0]
    assert api.get("items/?expand=variants&no=C").body["results"][0]["variants"][0]["code"] == "V"
    assert api.get("items/?color=red").body["code"] == "unknown_filter"


def test_list_costs_the_same_for_one_item_and_for_many(api: Api) -> None:
    make(api, "A")
    with counted() as one:
        api.get("items/?expand=variants,units_of_measure")
    for number in range(20):
        make(api, f"B{number}")
    with counted() as many:
        api.get("items/?expand=variants,units_of_measure")

    assert len(many) == len(one) == 4


def test_where_used_tells_boms_and_open_documents(api: Api) -> None:
    make(api)
    make(api, "KIT", description="Kit")
    api.send("PUT", "items/KIT/bom/", [{"type": "item", "no": "C1", "quantity_per": "2.5"}])
    order = api.post(
        "purchase-orders/", {"lines": [{"item": "C1", "quantity": 4, "expected_receipt_date": "2031-03-09"}]}
    ).body

    body = api.get("items/C1/where-used/").body

    assert body["boms"] == [
        {
            "item": "KIT",
            "description": "Kit",
            "line_no": 10000,
            "variant": "",
            "quantity_per": "2.5",
            "unit_of_measure": "PCS",
        }
    ]
    assert body["documents"] == [
        {
            "type": "purchase_order_line",
            "no": order["no"],
            "line_no": 10000,
            "variant": "",
            "location": "MAIN",
            "quantity": "4",
            "date": "2031-03-09",
        }
    ]


def test_key_with_a_slash_is_reached_percent_encoded(api: Api) -> None:
    make(api, "A/B")

    assert api.get("items/A%2FB/").body["no"] == "A/B"
    assert api.send("PUT", "items/A%2FB/substitutes/", []).status_code == 200
