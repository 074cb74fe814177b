"""What assembled goods cost, when they are put out and later: the rule book's examples with their figures (PST-40)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inventory.models import CostingMethod, Item, ItemLedgerEntry, OrderCosting, ValueEntry, ValueEntryType
from tests.factories import make_item, make_kit, make_resource, make_stock_kit
from tests.posting import (
    OUT,
    OUTPUT,
    SALE,
    cost_parts,
    costs,
    ledger,
    post_assembly,
    ship_and_invoice,
    stock,
    used,
)
from tests.support import assemble, component, customise, d, day, plan, sell, sell_kit

pytestmark = pytest.mark.usefixtures("house")


def outputs(item: str) -> list[dict[str, Decimal]]:
    """Return the parts of the cost of each output, in posting order."""
    return [cost_parts(row.pk) for row in ItemLedgerEntry.objects.filter(item=item, entry_type=OUTPUT).order_by("pk")]


def test_the_cost_belongs_to_the_order_and_is_shared_out_over_its_outputs() -> None:
    """PST-42: 80 + 40 for four, 150 + 60 for six; 5 % and 2 a piece on top."""
    part, hand = make_item("P"), make_resource("H", unit_cost=d(10))
    kit = make_stock_kit(
        "M",
        indirect_cost_percent=d(5),
        overhead_rate=d(2),
        bom=[{"item": part, "quantity_per": 1}, {"resource": hand, "quantity_per": 1}],
    )
    stock(part, 4, 20)
    stock(part, 6, 25)
    order = plan(assemble(kit, 10), quantity_to_assemble=4)

    post_assembly(order)

    assert outputs("M") == [{"direct_cost": 120, "indirect_cost": 14}]

    post_assembly(order)

    assert outputs("M") == [
        {"direct_cost": 132, "indirect_cost": d("14.6")},
        {"direct_cost": 198, "indirect_cost": d("21.9")},
    ]
    assert costs("M", OUTPUT) == [d("146.6"), d("219.9")]
    raised = ValueEntry.objects.filter(item="M", adjustment=True).order_by("pk")
    assert [(row.entry_type, row.cost_amount) for row in raised] == [("direct_cost", 12), ("indirect_cost", d("0.6"))]


def test_a_mixed_line_first_in_first_out() -> None:
    """PST-45: seven assembled and three from stock, which is older and dearer."""
    part, hand = make_item("P"), make_resource("H", unit_cost=d(22), indirect_cost_percent=d(10))
    kit = make_kit("M", bom=[{"item": part, "quantity_per": 2}, {"resource": hand, "quantity_per": 1}])
    stock(kit, 5, 50)
    stock(part, 14, 5)

    ship_and_invoice(sell_kit(kit, 10, qty_to_assemble_to_order=7).document)

    assert used("H") == [(7, 154, 140, 14)]
    assert ledger("P")[1:] == [(OUT, "P", -14, -70)]
    assert ledger("M")[1:] == [(OUTPUT, "M", 7, 224), (SALE, "M", -7, -224), (SALE, "M", -3, -150)]


def test_uneven_postings_settle_at_the_cost_of_the_whole() -> None:
    """PST-47: a first piece of 22 is raised to 32 by the three that follow."""
    part, hand = make_item("P"), make_resource("H", unit_cost=d(22))
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": 2}, {"resource": hand, "quantity_per": 1}])
    stock(part, 8, 5)
    order = plan(assemble(kit, 4), quantity_to_assemble=1)
    customise(component(order, "P"), quantity_to_consume=0)

    post_assembly(order)
    assert costs("M", OUTPUT) == [22]

    customise(component(order, "P"), quantity_to_consume=8)
    post_assembly(order)
    assert costs("M", OUTPUT) == [32, 96]


def test_what_was_sold_of_an_earlier_part_becomes_dearer_with_it() -> None:
    part = make_item("P")
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": 1}])
    stock(part, 2, 10)
    stock(part, 2, 20)
    order = plan(assemble(kit, 4), quantity_to_assemble=2)
    post_assembly(order)
    ship_and_invoice(sell({"no": "M", "quantity": 1}))
    assert costs("M", SALE) == [-10]

    post_assembly(order)

    assert (costs("M", OUTPUT), costs("M", SALE)) == ([30, 30], [-15])


def test_a_dearer_part_makes_everything_dearer_that_it_went_into() -> None:
    """Sub-kit, kit, sale: each takes over what the one below it costs after all."""
    part = make_item("P")
    sub = make_stock_kit("SUB", bom=[{"item": part, "quantity_per": 1}])
    kit = make_kit("M", bom=[{"item": sub, "quantity_per": 2}])
    stock(part, 2, 10)
    stock(part, 2, 20)
    below = plan(assemble(sub, 4), quantity_to_assemble=2)
    post_assembly(below)
    ship_and_invoice(sell_kit(kit, 1).document)
    assert costs("M", SALE) == [-20]

    post_assembly(below)

    assert costs("SUB", OUT) == [-30]
    assert costs("M", OUTPUT) == [30]
    assert costs("M", SALE) == [-30]


def test_rounding_is_carried_on_to_the_next_share() -> None:
    part = make_item("P")
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": 1}])
    stock(part, 3, "3.33333")
    order = assemble(kit, 3)
    for _ in range(3):
        plan(order, quantity_to_assemble=1)
        post_assembly(order)

    assert costs("M", OUTPUT) == [d("3.33"), d("3.34"), d("3.33")]
    assert sum(costs("P", OUT)) == -10


def test_output_at_standard_is_worth_its_standard_and_the_rest_is_a_variance() -> None:
    part = make_item("P")
    kit = make_stock_kit(
        "M", costing_method=CostingMethod.STANDARD, standard_cost=d(9), bom=[{"item": part, "quantity_per": 1}]
    )
    stock(part, 2, 10)
    stock(part, 2, 20)
    order = plan(assemble(kit, 4), quantity_to_assemble=2)

    post_assembly(order)
    assert outputs("M") == [{"direct_cost": 20, "variance": -2}]

    post_assembly(order)
    assert outputs("M") == [{"direct_cost": 30, "variance": -12}, {"direct_cost": 30, "variance": -12}]


def test_the_overhead_is_that_of_the_order() -> None:
    part = make_item("P")
    kit = make_stock_kit("M", indirect_cost_percent=d(8), bom=[{"item": part, "quantity_per": 1}])
    stock(part, 2, 100)
    order = plan(assemble(kit, 2), indirect_cost_percent=3)

    post_assembly(order)

    assert costs("M", OUTPUT) == [206]
    assert OrderCosting.objects.get(order_no=order.no).indirect_cost_percent == 3


def test_at_standard_cost_the_overhead_is_that_of_the_item() -> None:
    """PST-05, TRP-18: the item's 20 % on ten, of a standard of fifteen; what the order says is not asked."""
    part = make_item("P")
    kit = make_stock_kit(
        "M",
        costing_method=CostingMethod.STANDARD,
        standard_cost=d(15),
        indirect_cost_percent=d(20),
        bom=[{"item": part, "quantity_per": 1}],
    )
    stock(part, 2, 10)
    order = plan(assemble(kit, 2), indirect_cost_percent=50)

    post_assembly(order)

    assert outputs("M") == [{"direct_cost": 20, "indirect_cost": 4, "variance": 6}]


def test_at_average_cost_the_day_decides() -> None:
    """Receipts of the day count for all issues of the day, those before them too; of the next day they do not."""
    part = make_item("P", costing_method=CostingMethod.AVERAGE)
    kit = make_stock_kit("M", bom=[{"item": part, "quantity_per": 1}])
    stock(part, 4, 10, posting_date=day(0))
    post_assembly(assemble(kit, 2), on=day(0))
    assert costs("M", OUTPUT) == [20]

    stock(part, 4, 16, posting_date=day(0))
    assert costs("M", OUTPUT) == [26]

    stock(part, 100, 1, posting_date=day(1))
    assert costs("M", OUTPUT) == [26]
    assert sum(cost for _, _, _, cost in ledger("P")) == 104 + 100 - 26


def test_every_cost_of_an_order_goes_into_its_output(rich_kit: Item) -> None:
    """PST-44: nothing stays in progress; what is consumed and used is what is put out."""
    stock("XA", 20, "2.5")
    stock("XB", 5, "0.8")

    ship_and_invoice(sell_kit(rich_kit, 4).document)

    consumed = -sum(cost for kind, _, _, cost in ledger() if kind == OUT)
    capacity = sum(direct + overhead for name in ("XR", "XS") for _, _, direct, overhead in used(name))
    assert (consumed, capacity) == (d("21.6"), 45)
    assert costs("KX", OUTPUT) == [consumed + capacity]
    assert costs("KX", SALE) == [-consumed - capacity]
    assert not ValueEntry.objects.filter(entry_type=ValueEntryType.ROUNDING).exists()
