"""What an assembly order should cost, is expected to cost and has cost, on its page (PRC-05)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from assembly.cost_statistics import CostRow, cost_rows
from assembly.models import AssemblyDocument
from inventory.models import Item
from tests.factories import make_item, make_kit, make_resource
from tests.posting import post_assembly, stock
from tests.support import add_component, assemble, d, fresh, plan
from tests.support_pages import statements_of


@pytest.fixture
def order(house: None) -> AssemblyDocument:
    """Four of a kit that costs 41.04 by its bill of materials: A 2 @ 5, R 0.5 h, F 1 h for a lot of ten (PRC-10)."""
    part = make_item("PART", unit_cost=d(5))
    hours = {"unit_cost": d(44), "indirect_cost_percent": d(10)}
    kit = make_kit(
        "MADE",
        indirect_cost_percent=d(10),
        overhead_rate=d(1),
        lot_size=d(10),
        bom=[
            {"item": part, "quantity_per": 2},
            {"resource": make_resource("HAND", **hours), "quantity_per": "0.5"},
            {"resource": make_resource("SETTING", **hours), "quantity_per": 1, "resource_usage_type": "fixed"},
        ],
    )
    stock(part, 100, 6)
    return assemble(kit, 4)


def figures(order: AssemblyDocument) -> dict[str, tuple[str, str, str, str]]:
    """Return standard, expected, actual and variance by the name of the part."""
    rows = cost_rows(fresh(order), order.lines.select_related("resource"))
    return {row.name: (str(row.standard), str(row.expected), str(row.actual), str(row.variance)) for row in rows}


def test_before_anything_is_assembled_nothing_has_cost_anything(order: AssemblyDocument) -> None:
    assert figures(order) == {
        "Material": ("40.00", "40.00", "0.00", "0.00"),
        "Resources": ("96.00", "120.00", "0.00", "0.00"),
        "Overhead of resources": ("9.60", "12.00", "0.00", "0.00"),
        "Overhead of assembly": ("18.56", "21.20", "0.00", "0.00"),
        "Total": ("164.16", "193.20", "0.00", "0.00"),
    }


def test_actual_costs_are_those_of_the_ledger_and_compared_with_the_assembled_share(order: AssemblyDocument) -> None:
    post_assembly(plan(order, quantity_to_assemble=1))

    parts = figures(order)
    assert parts["Material"] == ("40.00", "40.00", "12.00", "2.00")
    assert parts["Resources"] == ("96.00", "120.00", "60.00", "36.00")
    assert parts["Overhead of resources"][2:] == ("6.00", "3.60")
    assert parts["Overhead of assembly"][2:] == ("8.80", "4.16")
    assert parts["Total"][2:] == ("86.80", "45.76")


def test_parts_add_up_to_the_total(order: AssemblyDocument) -> None:
    post_assembly(plan(order, quantity_to_assemble=3))

    *parts, total = cost_rows(fresh(order), order.lines.select_related("resource"))

    for column in ("standard", "expected", "actual", "variance"):
        assert sum(getattr(row, column) for row in parts) == getattr(total, column)


def test_deviation_is_in_whole_percent() -> None:
    row = CostRow(name="", standard=d(80), expected=d(0), actual=d(50), standard_of_assembled=d(40))

    assert (row.variance, row.deviation_percent) == (d(10), d(25))


def test_what_has_no_bill_of_materials_has_no_standard(stock_kit: Item, planner: Client) -> None:
    stock_kit.bom_lines.all().delete()
    order = assemble(stock_kit, 2)

    assert {row.standard for row in cost_rows(order, [])} == {None}
    page = planner.get(f"/assembly/orders/{order.no}/costs/").content.decode()
    assert "STK has no bill of materials, so there is no standard to compare with." in page


def test_page_is_found_from_the_order(planner: Client, order: AssemblyDocument) -> None:
    url = f"/assembly/orders/{order.no}/costs/"

    assert f'href="{url}"' in planner.get(f"/assembly/orders/{order.no}/").content.decode()
    assert "193.20" in planner.get(url).content.decode()


def test_who_may_not_see_costs_is_not_offered_them(worker: Client, order: AssemblyDocument) -> None:
    assert "/costs/" not in worker.get(f"/assembly/orders/{order.no}/").content.decode()
    assert worker.get(f"/assembly/orders/{order.no}/costs/").status_code == 403


def test_page_costs_the_same_for_any_number_of_lines(planner: Client, order: AssemblyDocument) -> None:
    url = f"/assembly/orders/{order.no}/costs/"
    few = statements_of(lambda: planner.get(url))
    for _ in range(6):
        add_component(order, type="item", no="PART", quantity_per=1)

    assert statements_of(lambda: planner.get(url)) == few == 9


def test_amounts_are_exact(order: AssemblyDocument) -> None:
    assert all(isinstance(row.expected, Decimal) for row in cost_rows(order, order.lines.all()))
