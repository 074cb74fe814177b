"""Lots and serial numbers of assembly orders and their components, whose quantities change (RES-12, RES-20)."""

from __future__ import annotations

from typing import Any

import pytest

from assembly.models import AssemblyDocument, AssemblyLine
from assembly.services import lines as line_services
from assembly.services.undo import undo_posted_assembly
from inventory.models import Item, TrackedSource, TrackingLine
from sales.models import SalesDocumentType
from sales.services.handing_on import call_off
from tests.factories import make_bom, make_item, make_kit, make_stock_kit
from tests.posting import post_assembly, stock
from tests.rest import counted
from tests.support import (
    address,
    assemble,
    assembly_of,
    component,
    customise,
    d,
    line_of,
    plan,
    release_assembly,
    reopen_assembly,
    sell,
)

pytestmark = pytest.mark.usefixtures("house")


def lots(**quantities: int | str) -> list[dict[str, Any]]:
    """Return a list to be assigned: lots with their quantities."""
    return [{"lot_no": lot, "quantity": d(quantity)} for lot, quantity in quantities.items()]


def assigned(row: AssemblyDocument | AssemblyLine) -> list[tuple[Any, ...]]:
    """Return what is assigned to a document or a line: lot, quantity, handled."""
    kind = TrackedSource.ASSEMBLY_LINE if isinstance(row, AssemblyLine) else TrackedSource.ASSEMBLY_DOCUMENT
    rows = TrackingLine.objects.filter(source_kind=kind, source_id=row.pk).order_by("pk")
    return list(rows.values_list("lot_no", "quantity", "quantity_handled"))


@pytest.fixture
def part(house: Item) -> Item:
    return make_item("PART", item_tracking="lot")


@pytest.fixture
def order(part: Item) -> AssemblyDocument:
    """Five of a tracked item to stock, two tracked parts each; six parts of lot A, four of lot B."""
    item = make_stock_kit("MADE", item_tracking="lot", bom=[{"item": part, "quantity_per": 2}])
    order = plan(assemble(item, 5), tracking=lots(X=3, Y=2))
    customise(component(order, "PART"), tracking=lots(A=6, B=4))
    return order


@pytest.mark.parametrize(
    ("quantity", "output", "used"),
    [
        (6, [("X", 3, 0), ("Y", 2, 0)], [("A", 6, 0), ("B", 4, 0)]),
        (4, [("X", 3, 0), ("Y", 1, 0)], [("A", 6, 0), ("B", 2, 0)]),
        (2, [("X", 2, 0)], [("A", 4, 0)]),
    ],
)
def test_a_smaller_order_takes_the_last_numbers_first(
    order: AssemblyDocument, quantity: int, output: list[tuple[Any, ...]], used: list[tuple[Any, ...]]
) -> None:
    plan(order, quantity=quantity)

    assert assigned(order) == output
    assert assigned(component(order, "PART")) == used


def test_a_smaller_quantity_per_takes_the_last_numbers_first(order: AssemblyDocument) -> None:
    customise(component(order, "PART"), quantity_per=1)

    assert assigned(component(order, "PART")) == [("A", 5, 0)]
    assert assigned(order) == [("X", 3, 0), ("Y", 2, 0)]


def test_another_item_takes_no_numbers_along(order: AssemblyDocument) -> None:
    other = make_stock_kit("OTHER", item_tracking="lot", bom=[{"item": make_item("SCREW"), "quantity_per": 1}])

    plan(order, item=other.no)

    assert not TrackingLine.objects.exists()


def test_another_component_takes_no_numbers_along(order: AssemblyDocument) -> None:
    make_item("OTHER", item_tracking="lot")

    customise(component(order, "PART"), no="OTHER")

    assert assigned(component(order, "OTHER")) == []


def test_an_exploded_component_leaves_its_numbers_behind(order: AssemblyDocument, part: Item) -> None:
    make_bom(part, [{"item": make_item("RAW"), "quantity_per": 1}])
    line = component(order, "PART")

    line_services.explode_line(**address(order), line_no=line.line_no)

    assert assigned(line) == []


def test_what_was_consumed_of_a_number_stays_until_it_is_undone(order: AssemblyDocument) -> None:
    stock("PART", 6, lot_no="A")
    stock("PART", 4, lot_no="B")
    plan(order, quantity_to_assemble=3, tracking=[*lots(X=3), {**lots(Y=2)[0], "quantity_to_handle": d(0)}])
    posted = post_assembly(order)
    reopen_assembly(order)

    customise(component(order, "PART"), quantity_per=1)
    assert assigned(component(order, "PART")) == [("A", 6, 6)]
    undo_posted_assembly(no=posted.no)

    assert assigned(component(order, "PART")) == [("A", 5, 0)]
    assert assigned(order) == [("X", 3, 0), ("Y", 2, 0)]


def test_a_call_off_takes_the_numbers_that_it_is_for(part: Item) -> None:
    kit = make_kit("KITTED", bom=[{"item": part, "quantity_per": 2}])
    blanket = sell({"no": kit.no, "quantity": 10}, document_type=SalesDocumentType.BLANKET_ORDER)
    customise(component(assembly_of(line_of(blanket)), "PART"), tracking=lots(A=5, B=15))

    called = line_of(call_off(no=blanket.no, called={10000: d(3)}))

    assert assigned(component(assembly_of(called), "PART")) == [("A", 5, 0), ("B", 1, 0)]


def test_only_tracked_rows_are_looked_at(order: AssemblyDocument) -> None:
    plain = assemble(make_stock_kit("PLAIN", bom=[{"item": make_item("SCREW"), "quantity_per": 1}]), 5)

    with counted() as statements:
        plan(plain, quantity=4)
        plan(order, due_date=order.due_date)
        release_assembly(order)

    assert not [statement for statement in statements if "inventory_trackingline" in statement]
