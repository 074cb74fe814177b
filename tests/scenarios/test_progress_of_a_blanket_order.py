"""What was shipped of a blanket order counts on its assembly, at the components as they were when it was shipped."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.models import AssemblyLine
from inventory.models import Item
from sales.models import SalesDocumentType, SalesLine
from sales.services.handing_on import call_off
from sales.services.undo import undo_shipment
from tests.posting import ship, stock
from tests.support import assembly_of, component, customise, d, line_of, sell


@pytest.fixture
def agreed(kit: Item) -> SalesLine:
    """Ten kits that are agreed on; there is enough of everything to make them."""
    stock("A", 500, 1)
    return line_of(sell({"no": kit.no, "quantity": 10}, document_type=SalesDocumentType.BLANKET_ORDER))


def ship_a_call(agreed: SalesLine, quantity: int) -> str:
    """Call some off, ship them, and return the shipment's number."""
    shipment = ship(call_off(no=agreed.document.no, called={agreed.line_no: Decimal(quantity)})).shipment
    assert shipment is not None
    return shipment.no


def part_of(agreed: SalesLine) -> AssemblyLine:
    return component(assembly_of(agreed), "A")


def test_a_later_change_of_the_kit_does_not_change_what_was_consumed(agreed: SalesLine) -> None:
    ship_a_call(agreed, 2)
    per = part_of(agreed).quantity_per
    assert part_of(agreed).consumed_quantity == 2 * per

    customise(part_of(agreed), quantity_per=per + 3)
    assert part_of(agreed).consumed_quantity == 2 * per
    ship_a_call(agreed, 1)

    assert part_of(agreed).consumed_quantity == 2 * per + (per + 3)


def test_what_is_shipped_and_undone_was_not_shipped(agreed: SalesLine) -> None:
    ship_a_call(agreed, 2)
    customise(part_of(agreed), quantity_per=d(7))
    before = part_of(agreed).consumed_quantity

    undo_shipment(no=ship_a_call(agreed, 3))

    assert part_of(agreed).consumed_quantity == before


def test_nothing_shipped_is_nothing_consumed(agreed: SalesLine) -> None:
    shipment = ship_a_call(agreed, 2)
    customise(part_of(agreed), quantity_per=d(1))

    undo_shipment(no=shipment)

    assert assembly_of(agreed).assembled_quantity == 0
    assert part_of(agreed).consumed_quantity == 0
