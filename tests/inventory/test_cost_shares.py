"""Where the cost of an assembled item comes from, row by row (BOMT-09, PRC-12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from backoffice.exceptions import Invalid
from inventory.cost_shares import CostRow, cost_rows
from inventory.models import Item
from inventory.services.standard_cost import CostShares, calculate_standard_cost
from tests.factories import make_item, make_resource, make_stock_kit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Item:
    """DESK = 4 LEG at 5, half an hour of HAND, one hour of SAW for a lot of 10, one TOP; TOP = 2 BOARD at 3, words.

    DESK carries 10 % overhead and 1 each; HAND costs 22 with 10 % indirect, SAW 30.
    """
    board, leg = make_item("BOARD", unit_cost=Decimal(3)), make_item("LEG", unit_cost=Decimal(5))
    top = make_stock_kit(
        "TOP", overhead_rate=Decimal("0.5"), bom=[{"item": board, "quantity_per": 2}, {"text": "Mind"}]
    )
    hand = make_resource("HAND", unit_cost=Decimal(22), indirect_cost_percent=Decimal(10))
    saw = make_resource("SAW", unit_cost=Decimal(30))
    return make_stock_kit(
        "DESK",
        lot_size=Decimal(10),
        indirect_cost_percent=Decimal(10),
        overhead_rate=Decimal(1),
        bom=[
            {"item": leg, "quantity_per": 4},
            {"resource": hand, "quantity_per": "0.5"},
            {"resource": saw, "quantity_per": 1, "resource_usage_type": "fixed"},
            {"item": top, "quantity_per": 1},
        ],
    )


def shares(row: CostRow, which: CostShares) -> tuple[int, str, Decimal, tuple[Decimal, ...]]:
    return row.level, row.no, row.quantity_per_top_item, told(which)


def told(which: CostShares) -> tuple[Decimal, ...]:
    return which.material, which.capacity, which.capacity_overhead, which.overhead


def exact(*numbers: str | int) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)


def test_rolled_up_it_opens_what_is_assembled(desk: Item) -> None:
    assert [shares(row, row.rolled_up) for row in cost_rows(desk.no)] == [
        (0, "DESK", 1, exact(26, 13, 1, "5.55")),
        (1, "LEG", 4, exact(20, 0, 0, 0)),
        (1, "HAND", Decimal("0.5"), exact(0, 10, 1, 0)),
        (1, "SAW", Decimal("0.1"), exact(0, 3, 0, 0)),
        (1, "TOP", 1, exact(6, 0, 0, "0.5")),
        (2, "BOARD", 2, exact(6, 0, 0, 0)),
    ]


def test_at_a_single_level_what_is_assembled_is_material(desk: Item) -> None:
    rows = {row.no: told(row.single) for row in cost_rows(desk.no)}
    assert rows["DESK"] == exact("26.5", 13, 1, "5.05")
    assert rows["TOP"] == exact("6.5", 0, 0, 0)
    assert rows["BOARD"] == exact(6, 0, 0, 0)


def test_it_says_what_the_standard_cost_of_all_levels_would_be_and_stores_nothing(desk: Item) -> None:
    told_before = cost_rows(desk.no)[0]
    assert Item.objects.get(no=desk.no).standard_cost == 0

    made = calculate_standard_cost(no=desk.no, all_levels=True)

    assert (told_before.single, told_before.rolled_up) == (made.shares, made.rolled_up)
    assert told_before.single.total == made.standard_cost == Decimal("45.55")


def test_fixed_usage_is_divided_by_the_lot_size(desk: Item) -> None:
    saw = next(row for row in cost_rows(desk.no) if row.no == "SAW")
    assert (saw.quantity_per_parent, saw.lot_size, saw.quantity_per_top_item) == (1, 10, Decimal("0.1"))

    Item.objects.filter(no=desk.no).update(lot_size=0)

    saw = next(row for row in cost_rows(desk.no) if row.no == "SAW")
    assert (saw.lot_size, saw.quantity_per_top_item, saw.rolled_up.capacity) == (None, 1, 30)


def test_below_the_first_level_quantities_multiply_with_their_units() -> None:
    screw = make_item("SCREW", unit_cost=Decimal("0.1"), units={"BOX": 100})
    box = screw.units.get(unit_of_measure="BOX").unit_of_measure
    side = make_stock_kit("SIDE", bom=[{"item": screw, "quantity_per": "0.5", "unit_of_measure": box}])
    make_stock_kit("SHED", bom=[{"item": side, "quantity_per": 4}])

    screws = cost_rows("SHED")[-1]

    assert (screws.quantity_per_parent, screws.unit, screws.quantity_per_top_item) == (Decimal("0.5"), "BOX", 200)
    assert screws.rolled_up.material == 20


def test_doubts_are_told(desk: Item) -> None:
    nothing, bare, bought = make_item("NOTHING"), make_stock_kit("BARE", bom=[]), make_item("BOUGHT")
    inner = make_stock_kit("INNER", bom=[{"item": nothing, "quantity_per": 1}])
    Item.objects.filter(no=inner.no).update(replenishment_system="purchase")
    parts = [
        {"item": nothing, "quantity_per": 0},
        {"item": bare, "quantity_per": 1},
        {"item": inner, "quantity_per": 1},
        {"item": bought, "quantity_per": 1},
    ]
    make_stock_kit("ODD", bom=parts)

    assert [(row.no, row.doubt) for row in cost_rows("ODD")[1:]] == [
        ("NOTHING", "Quantity per is zero"),
        ("BARE", "Assembled, but without a bill of materials"),
        ("INNER", "Bought, though it has a bill of materials"),
        ("BOUGHT", ""),
    ]


def test_what_is_not_assembled_has_no_shares(desk: Item) -> None:
    with pytest.raises(Invalid):
        cost_rows("LEG")


def test_three_statements_whatever_the_size(desk: Item) -> None:
    from django.db import connection

    parts = [{"item": make_item(f"P{number}"), "quantity_per": 1} for number in range(30)]
    make_stock_kit("LARGE", bom=[*parts, {"item": desk, "quantity_per": 2}])
    for no in ("DESK", "LARGE"):
        with CaptureQueriesContext(connection) as found:
            cost_rows(no)
        assert len(found) == 3
