"""The life of one sales line, step by step, as the rule book tells it (section 2.7)."""

from __future__ import annotations

from inventory.models import AssemblyPolicy, Item
from tests.factories import make_location
from tests.support import (
    add_component,
    assembly_of,
    change,
    component,
    customise,
    d,
    day,
    delete_line,
    fields,
    figures,
    has_assembly,
    line_of,
    quantities_of,
    recipe,
    release,
    reopen,
    reserved_for,
    sell_kit,
    state,
    to_consume,
)


def test_the_life_of_a_line(kit: Item) -> None:  # noqa: PLR0915  one story
    line = sell_kit(kit, 10)
    first = assembly_of(line)
    assert figures(line) == (10, 10, 10)
    assert fields(first, "quantity", "quantity_to_assemble") == (10, 10)
    assert (quantities_of(first), reserved_for(line)) == ({"A": 20, "R": 10}, 10)

    line = change(line, qty_to_assemble_to_order=7)
    assert figures(line) == (10, 7, 10)
    assert assembly_of(line).quantity_to_assemble == 7
    assert (quantities_of(first), reserved_for(line)) == ({"A": 14, "R": 7}, 7)

    customise(component(first, "A"), quantity_per=3)
    add_component(first, type="text", description="Red ribbon")
    assert recipe(first) == [("A", 3, 21, 21), ("R", 1, 7, 7), ("Red ribbon", 0, 0, 0)]

    before = state()["assembly_assemblydocument"]
    line = change(line, quantity=12)
    assert figures(line) == (12, 7, 12)
    assert state()["assembly_assemblydocument"] == before
    assert quantities_of(first)["A"] == 21

    line = change(line, qty_to_ship=5)
    assert figures(line) == (12, 7, 5)
    assert assembly_of(line).quantity_to_assemble == 5
    assert to_consume(first) == {"A": 15, "R": 5}

    line = change(line, shipment_date=day(13))
    moved = assembly_of(line)
    assert (moved.due_date, moved.ending_date, moved.starting_date) == (day(13), day(13), day(13))
    assert component(first, "A").due_date == day(13)
    assert moved.quantity_to_assemble == 5
    assert (quantities_of(first)["A"], reserved_for(line)) == (21, 7)

    line = change(line, quantity=5)
    assert figures(line) == (5, 5, 5)
    assert assembly_of(line).pk == first.pk
    assert recipe(first) == [("A", 3, 15, 15), ("R", 1, 5, 5), ("Red ribbon", 0, 0, 0)]

    line = change(line, qty_to_assemble_to_order=0)
    assert figures(line) == (5, 0, 5)
    assert (has_assembly(line), reserved_for(line)) == (False, 0)

    line = change(line, quantity=6)
    second = assembly_of(line)
    assert figures(line) == (6, 6, 6)
    assert second.no != first.no
    assert recipe(second) == [("A", 2, 12, 12), ("R", 1, 6, 6)]

    Item.objects.filter(no="K").update(assembly_policy=AssemblyPolicy.ASSEMBLE_TO_STOCK)
    line = change(line, quantity=8)
    assert figures(line) == (8, 8, 8)

    change(line, qty_to_assemble_to_order=0)
    line = change(line, quantity=9)
    assert (figures(line), has_assembly(line)) == ((9, 0, 9), False)

    line = change(line, qty_to_assemble_to_order=4)
    third = assembly_of(line)
    assert figures(line) == (9, 4, 9)
    assert third.quantity == 4

    release(line.document)
    assert assembly_of(line).status == "released"

    make_location("B")
    reopen(line.document)
    assert assembly_of(line).status == "released"
    line = change(line_of(line.document), location="B")
    third.refresh_from_db()
    assert figures(line) == (9, 4, 9)
    assert (third.status, third.location_id, component(third, "A").location_id) == ("open", "B", "B")
    assert third.unit_cost == d(14)

    delete_line(line)
    assert not third.lines.exists()
    assert (type(third).objects.filter(pk=third.pk).exists(), reserved_for(line)) == (False, 0)
