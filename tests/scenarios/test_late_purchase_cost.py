"""The invoice of a component is higher than its order said: what was made and sold of it costs more (PST-46)."""

from __future__ import annotations

import pytest

from backoffice.exceptions import Invalid
from inventory.exceptions import DocumentClosed
from inventory.models import CostingMethod, Item, ItemLedgerEntry, LedgerEntryType, PurchaseOrder, ValueEntry
from inventory.services.purchasing import change_purchase_line, create_purchase_order
from inventory.services.receiving import receive_purchase_order
from tests.factories import make_item, make_kit
from tests.posting import OUT, OUTPUT, SALE, cost_parts, costs, ship_and_invoice
from tests.support import d, refused, sell, state

pytestmark = pytest.mark.usefixtures("house")


def buy(item: Item, quantity: int, unit_cost: int, **more: object) -> PurchaseOrder:
    """Order and receive some, all of it, which closes the order."""
    line = {"item": item.no, "location": "MAIN", "quantity": d(quantity), "unit_cost": d(unit_cost), **more}
    order = create_purchase_order({"lines": [line]})
    receive_purchase_order(order.no, {})
    return order


def make_it_cost(order: PurchaseOrder, unit_cost: int) -> list[ValueEntry]:
    """State the cost of the order's line, and return the entries that follow from it."""
    last = ValueEntry.objects.latest("pk").pk
    change_purchase_line(order.no, 10000, {"unit_cost": d(unit_cost)})
    return list(ValueEntry.objects.filter(pk__gt=last).order_by("pk"))


@pytest.mark.parametrize("method", [CostingMethod.FIFO, CostingMethod.LIFO, CostingMethod.AVERAGE])
def test_the_difference_flows_through_output_and_sale(method: CostingMethod) -> None:
    part = make_item("PART", costing_method=method)
    order = buy(part, 20, 5)
    ship_and_invoice(sell({"no": make_kit("MADE", bom=[{"item": part, "quantity_per": 2}]).no, "quantity": 7}))
    assert (costs("PART", OUT), costs("MADE", OUTPUT), costs("MADE", SALE)) == ([-70], [70], [-70])

    entries = make_it_cost(order, 6)

    assert (costs("PART", OUT), costs("MADE", OUTPUT), costs("MADE", SALE)) == ([-84], [84], [-84])
    assert {(row.item_id, row.cost_amount, row.adjustment) for row in entries} == {
        ("PART", 20, True),
        ("PART", -14, True),
        ("MADE", 14, True),
        ("MADE", -14, True),
    }


def test_what_it_costs_less_flows_too_and_back() -> None:
    part = make_item("PART")
    order = buy(part, 20, 5)
    ship_and_invoice(sell({"no": make_kit("MADE", bom=[{"item": part, "quantity_per": 2}]).no, "quantity": 7}))

    make_it_cost(order, 0)
    assert costs("MADE", SALE) == [0]

    make_it_cost(order, 5)
    assert costs("MADE", SALE) == [-70]


def test_what_is_kept_at_standard_cost_stays_worth_it() -> None:
    part = make_item("PART", costing_method=CostingMethod.STANDARD, standard_cost=d(4), unit_cost=d(4))
    order = buy(part, 10, 5)
    received = ItemLedgerEntry.objects.get(item=part)
    assert cost_parts(received.pk) == {"direct_cost": 50, "variance": -10}

    make_it_cost(order, 6)

    assert cost_parts(received.pk) == {"direct_cost": 60, "variance": -20}


def test_each_receipt_of_a_line_is_valued_by_its_quantity() -> None:
    part = make_item("PART", units={"BOX": 6})
    line = {"item": "PART", "location": "MAIN", "quantity": d(3), "unit_of_measure": "BOX", "unit_cost": d(12)}
    order = create_purchase_order({"lines": [line]})
    receive_purchase_order(order.no, {"lines": [{"line_no": 10000, "quantity": d(1)}]})
    receive_purchase_order(order.no, {"lines": [{"line_no": 10000, "quantity": d("1.5")}]})

    make_it_cost(order, 15)
    receive_purchase_order(order.no, {})

    assert costs("PART", LedgerEntryType.PURCHASE) == [15, d("22.5"), d("7.5")]
    assert part.pk


def test_an_invoice_comes_also_for_what_has_been_blocked_since() -> None:
    order = buy(make_item("PART"), 20, 5)
    Item.objects.update(blocked=True)

    assert [row.cost_amount for row in make_it_cost(order, 6)] == [20]


def test_a_cost_is_not_negative() -> None:
    order = buy(make_item("PART"), 20, 5)
    before = state()

    with refused(Invalid, field="unit_cost"):
        make_it_cost(order, -1)

    assert state() == before


def test_the_same_cost_again_moves_nothing() -> None:
    order = buy(make_item("PART"), 20, 5)

    assert make_it_cost(order, 5) == []


def test_nothing_else_of_a_closed_order_changes() -> None:
    order = buy(make_item("PART"), 20, 5)
    before = state()

    for values in ({"quantity": d(25)}, {"unit_cost": d(6), "quantity": d(25)}, {}):
        with refused(DocumentClosed):
            change_purchase_line(order.no, 10000, values)

    assert state() == before
