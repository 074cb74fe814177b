"""A substitute in a component's place (PRC-22)."""

from __future__ import annotations

import pytest

from assembly import exceptions
from assembly.models import AssemblyDocument, AssemblyLine
from assembly.services import lines as assembly_lines
from backoffice.exceptions import DomainError, NotFound
from inventory.models import Item, PlannedMovement
from tests.factories import make_item, make_substitute
from tests.support import (
    address,
    assembly_of,
    change,
    component,
    customise,
    d,
    day,
    fields,
    quantities_of,
    refused,
    release_assembly,
    sell_kit,
)


@pytest.fixture
def substitutes(document: AssemblyDocument) -> AssemblyDocument:
    """C may take the place of A, and A that of C; S that of A alone."""
    a, c = Item.objects.get(no="A"), Item.objects.get(no="C")
    make_substitute(a, c, interchangeable=True)
    make_substitute(a, make_item("S", unit_cost=8))
    return document


def _substitute(document: AssemblyDocument, no: str, substitute: str) -> AssemblyLine:
    line = component(document, no)
    assembly_lines.substitute(**address(document), line_no=line.line_no, substitute=substitute)
    return AssemblyLine.objects.get(pk=line.pk)


def test_a_substitute_takes_the_place_and_scales(substitutes: AssemblyDocument) -> None:
    """PRC-22."""
    customise(component(substitutes, "A"), quantity_per="2.5", due_date=day(4), location="BLUE")

    line = _substitute(substitutes, "A", "S")

    assert fields(line, "item_id", "description", "unit_cost") == ("S", "Item S", 8)
    assert fields(line, "quantity_per", "quantity", "due_date", "location_id") == (d("2.5"), 25, day(4), "BLUE")
    assert PlannedMovement.objects.get(item="S").quantity == -25
    assert not PlannedMovement.objects.filter(item="A").exists()


def test_an_interchangeable_one_goes_both_ways(substitutes: AssemblyDocument) -> None:
    assert _substitute(substitutes, "A", "C").item_id == "C"
    assert _substitute(substitutes, "C", "A").item_id == "A"
    _substitute(substitutes, "A", "S")
    with refused(NotFound, field="substitute"):
        _substitute(substitutes, "S", "A")


@pytest.mark.parametrize(("no", "substitute"), [("A", "R"), ("A", "K"), ("A", "NONE"), ("R", "C")])
def test_what_is_no_substitute_is_refused(substitutes: AssemblyDocument, no: str, substitute: str) -> None:
    with refused(DomainError):
        _substitute(substitutes, no, substitute)


def test_nothing_is_substituted_on_a_released_document(substitutes: AssemblyDocument) -> None:
    release_assembly(substitutes)

    with refused(exceptions.DocumentReleased):
        _substitute(substitutes, "A", "S")


def test_a_substituted_component_follows_the_line(kit: Item) -> None:
    make_substitute(Item.objects.get(no="A"), make_item("S"))
    line = sell_kit(kit, 4)
    document = assembly_of(line)
    _substitute(document, "A", "S")

    change(line, quantity=6, shipment_date=day(20))

    assert quantities_of(document) == {"S": 12, "R": 6}
