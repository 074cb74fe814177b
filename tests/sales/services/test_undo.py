"""Undoing shipments whose order is gone (UND-01, UND-25)."""

from __future__ import annotations

import pytest

from assembly.exceptions import UndoTheShipment
from assembly.models import AssemblyDocument, PostedAssembly
from assembly.services.undo import undo_posted_assembly
from inventory.models import Item
from sales.exceptions import AlreadyReversed
from sales.services.undo import undo_shipment
from tests.posting import on_hand, ship, stock
from tests.support import delete_document, refused, sell

pytestmark = pytest.mark.usefixtures("house")


def test_an_undone_shipment_of_a_deleted_order_is_undone_already(kit: Item) -> None:
    stock("A", 20)
    order = sell({"no": kit.no, "quantity": 4})
    shipped = ship(order).shipment
    assert shipped is not None
    undo_shipment(no=shipped.no)
    delete_document(order)
    assert not AssemblyDocument.objects.exists()

    with refused(AlreadyReversed):
        undo_shipment(no=shipped.no)
    with refused(AlreadyReversed):
        undo_shipment(no=shipped.no, line_nos=[10000])
    with refused(UndoTheShipment):
        undo_posted_assembly(no=PostedAssembly.objects.get().no, recreate=True)
    assert (on_hand("A"), on_hand("K")) == (20, 0)
