"""What is reserved for a component holds it, and with it the kit, to these goods at this place (RES-12)."""

from __future__ import annotations

from inventory.exceptions import Reserved
from inventory.models import Item
from inventory.services import reserving
from tests.factories import make_location
from tests.posting import stock
from tests.support import assemble, assembly_of, change, component, fields, line_of, plan, refused, sell_kit
from tests.support_stock import movement_of, reserve_movement


def test_a_sales_line_does_not_move_away_from_what_is_reserved_for_its_kit(kit: Item) -> None:
    make_location("BLUE")
    stock("A", 20)
    line = sell_kit(kit, 10)
    needed = movement_of(assembly_of(line).no)
    reserve_movement(needed, 5)

    with refused(Reserved):
        change(line, location="BLUE")

    reserving.cancel(needed.supplied_by.get().entry_no)
    change(line, location="BLUE")
    assert fields(component(assembly_of(line_of(line.document)), "A"), "location_id") == ("BLUE",)


def test_an_order_to_stock_does_not_move_away_either(stock_kit: Item) -> None:
    make_location("BLUE")
    stock("D", 30)
    order = assemble(stock_kit, 10)
    reserve_movement(movement_of(order.no))

    with refused(Reserved):
        plan(order, location="BLUE")
