"""A component that gives way to its own components (PRC-21)."""

from __future__ import annotations

import pytest

from assembly import exceptions
from assembly.models import AssemblyDocument, AssemblyLine
from assembly.services import lines as assembly_lines
from backoffice.exceptions import Blocked, Invalid
from inventory.models import Item, PlannedMovement
from tests.factories import make_item, make_stock_kit
from tests.support import (
    add_component,
    address,
    assembly_of,
    change,
    component,
    recipe,
    refused,
    release_assembly,
    sell_kit,
)


@pytest.fixture
def nested(kit: Item) -> AssemblyDocument:
    """An order of ten with 2 boxes of SUB each; SUB is 3 P, 0.5 h of R, a quarter hour of R once, and a text."""
    sub = make_stock_kit(
        "SUB",
        units={"BOX": 4},
        bom=[
            {"item": make_item("P", unit_cost=2), "quantity_per": 3},
            {"resource": kit.bom_lines.get(type="resource").resource, "quantity_per": "0.5"},
            {
                "resource": kit.bom_lines.get(type="resource").resource,
                "quantity_per": "0.25",
                "resource_usage_type": "fixed",
            },
            {"text": "Oil it"},
        ],
    )
    document = assembly_of(sell_kit(kit, 10))
    add_component(document, no=sub.no, unit_of_measure="BOX", quantity_per=2)
    add_component(document, type="text", description="Last")
    return document


def _explode(document: AssemblyDocument, line: AssemblyLine) -> None:
    assembly_lines.explode_line(**address(document), line_no=line.line_no)


def test_a_component_gives_way_to_its_own_components(nested: AssemblyDocument) -> None:
    """PRC-21: value x 2 boxes x 4."""
    _explode(nested, component(nested, "SUB"))

    assert recipe(nested) == [
        ("A", 2, 20, 20),
        ("R", 1, 10, 10),
        ("Item SUB", 0, 0, 0),
        ("P", 24, 240, 240),
        ("R", 4, 40, 40),
        ("R", 2, 2, 2),
        ("Oil it", 0, 0, 0),
        ("Last", 0, 0, 0),
    ]
    assert not PlannedMovement.objects.filter(item="SUB").exists()
    assert component(nested, "P").cost_amount == 480


def test_exploded_lines_scale_like_all_others(nested: AssemblyDocument) -> None:
    _explode(nested, component(nested, "SUB"))

    change(nested.link.sales_line, quantity=5)

    assert recipe(nested)[3:6] == [("P", 24, 120, 120), ("R", 4, 20, 20), ("R", 2, 2, 2)]


def test_what_has_no_bill_or_is_no_item_is_not_exploded(nested: AssemblyDocument) -> None:
    for no in ("A", "R"):
        with refused(Invalid):
            _explode(nested, component(nested, no))


def test_where_there_is_no_room_for_the_lines_nothing_is_exploded(nested: AssemblyDocument) -> None:
    line = component(nested, "SUB")
    add_component(nested, type="text", description="Close", line_no=line.line_no + 3)

    with refused(Invalid):
        _explode(nested, line)


def test_nothing_is_exploded_on_a_released_document(nested: AssemblyDocument) -> None:
    line = component(nested, "SUB")
    release_assembly(nested)

    with refused(exceptions.DocumentReleased):
        _explode(nested, line)


def test_a_blocked_component_is_not_brought_in(nested: AssemblyDocument) -> None:
    Item.objects.filter(no="P").update(blocked=True)

    with refused(Blocked):
        _explode(nested, component(nested, "SUB"))
