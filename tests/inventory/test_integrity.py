"""Each of inventory's invariants finds the fault that breaks it, and nothing in sound books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db import connection

from backoffice.integrity import violations
from inventory.models import Item, ItemTracking, MovementSource, PlannedMovement, Reservation
from inventory.services.boms import replace_bom
from inventory.services.ledger import post_entries
from inventory.services.masters import create_bin, create_location
from inventory.services.purchasing import create_purchase_order
from inventory.services.receiving import receive_purchase_order
from tests.inventory.conftest import DAY, post, posting

pytestmark = [pytest.mark.django_db, pytest.mark.breaks_integrity]

#: A statement that breaks exactly this invariant (others may break with it).
FAULTS = {
    "I01": "UPDATE inventory_stockbalance SET quantity = quantity + 1 WHERE item_id = 'C1'",
    "I02": "ALTER TABLE inventory_stockbalance DROP CONSTRAINT stock_balance_not_negative,"
    " DROP CONSTRAINT stock_balance_reserved_within_quantity;"
    "UPDATE inventory_stockbalance SET quantity = 'NaN' WHERE item_id = 'C1'",
    "I03": "UPDATE inventory_itemledgerentry SET quantity = 1, remaining_quantity = 0, reserved_quantity = 0"
    " WHERE entry_no = (SELECT MIN(entry_no) FROM inventory_itemledgerentry WHERE item_id = 'C1')",
    "I22": "UPDATE inventory_itemapplication SET quantity = quantity + 1",
    "I23": "UPDATE inventory_plannedmovement SET quantity = -1, reserved_quantity = 1"
    " WHERE source_kind = 'sales_order_line'",
    "I24": "UPDATE inventory_plannedmovement SET item_id = 'KIT' WHERE source_kind = 'sales_order_line'",
    "I26r": "UPDATE backoffice_numberseries SET last_no = last_no + 1 WHERE code = 'purchase_receipt'",
    "I27": "UPDATE inventory_itemledgerentry SET lot_no = 'X' WHERE reversal_of_id IS NOT NULL",
    "I30": "UPDATE inventory_bomline SET item_id = 'TOP' WHERE parent_id = 'KIT'",
    "N01": "UPDATE inventory_itemledgerentry SET remaining_quantity = remaining_quantity - 1"
    " WHERE remaining_quantity > 2",
    "N02": "UPDATE inventory_itemapplication SET inbound_entry_id = outbound_entry_id",
    "N03": "UPDATE inventory_plannedmovement SET reserved_quantity = 0",
    "N04": "UPDATE inventory_plannedmovement SET due_date = due_date + 1 WHERE source_kind = 'purchase_order_line'",
    "N05": "UPDATE inventory_purchaseline SET quantity_received_base = quantity_received_base - 1"
    " WHERE quantity_received_base > 0",
    "N06": "UPDATE inventory_itemunit SET qty_per_unit_of_measure = 2",
    "N07": "UPDATE inventory_bomline SET variant_code = 'GONE' WHERE parent_id = 'KIT'",
    "N08": "UPDATE inventory_location SET default_bin = 'GONE'",
    "N09": "UPDATE inventory_warehouseentry SET quantity = quantity + 1",
    "N10": "DELETE FROM inventory_valueentry",
    "N11": "UPDATE inventory_purchaseorder SET status = 'closed'",
    "N12": "UPDATE inventory_item SET type = 'non_inventory' WHERE no = 'C1'",
}


@pytest.fixture
def books(item: Item, make_item: Callable[..., Item]) -> None:
    """A bit of everything: stock with a reversal and a reservation, bins, a BOM of two levels, purchases."""
    kit, top = make_item("KIT"), make_item("TOP", variants=[{"code": "V"}])
    replace_bom("KIT", [{"type": "item", "no": "C1", "quantity_per": Decimal(2)}])
    replace_bom("TOP", [{"type": "item", "no": "KIT", "quantity_per": Decimal(1)}])
    first = post(item, 10)
    post(item, -3)
    made = post(item, 4)
    post(item, -4, reversal_of=made.entry_no)
    create_location({"code": "WH"})
    create_bin("WH", {"code": "A"})
    post_entries([posting(kit, 5, location_id="WH", bin_code="A"), posting(top, 1, variant_code="V")])
    tracked = make_item("LOT", item_tracking=ItemTracking.LOT)
    post(tracked, 1, lot_no="L")
    demand = PlannedMovement.objects.create(
        source_kind=MovementSource.SALES_ORDER_LINE,
        source_id=1,
        document_no="SO",
        line_no=10000,
        item=item,
        location_id="MAIN",
        due_date=DAY,
        quantity=Decimal(-2),
        reserved_quantity=Decimal(2),
    )
    Reservation.objects.create(demand=demand, supply_entry=first.entry, quantity=Decimal(2))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_itemledgerentry SET reserved_quantity = 2 WHERE entry_no = %s;"
            "UPDATE inventory_stockbalance SET reserved_quantity = 2 WHERE item_id = 'C1'",
            [first.entry_no],
        )
    order = create_purchase_order(
        {"lines": [{"item": "C1", "quantity": Decimal(5), "expected_receipt_date": DAY + dt.timedelta(days=3)}]}
    )
    receive_purchase_order(order.no, {"lines": [{"line_no": 10000, "quantity": Decimal(2)}]})


@pytest.fixture
def without_guards(books: None) -> Iterator[None]:
    """Switch triggers and foreign keys off, as only a database administrator can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def inventory_violations() -> set[str]:
    """Return the ids of inventory's invariants that are broken."""
    return {violation.id for violation in violations(list(FAULTS))}


def test_sound_books_break_nothing(books: None) -> None:
    assert inventory_violations() == set()


@pytest.mark.parametrize("broken", FAULTS)
def test_fault_is_found(without_guards: None, broken: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FAULTS[broken])

    assert broken in inventory_violations()


def test_every_invariant_of_inventory_has_its_fault() -> None:
    from backoffice.integrity import invariants

    own = {id for id, one in invariants().items() if one.sql.__module__ == "inventory.invariants"}
    assert own == set(FAULTS)
