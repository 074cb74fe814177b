"""The ledger's writer: what applies to what, what it costs, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries

from backoffice.exceptions import Invalid, Refusals
from inventory.exceptions import NotEnoughInventory, SerialNotUnique, TrackingRequired
from inventory.locks import StockKey
from inventory.models import (
    CostingMethod,
    Item,
    ItemApplication,
    ItemLedgerEntry,
    ItemTracking,
    Location,
    StockBalance,
    ValueEntry,
    ValueEntryType,
    WarehouseEntry,
)
from inventory.services.ledger import post_entries
from inventory.services.masters import create_bin
from tests.inventory.conftest import post, posting, refused

pytestmark = pytest.mark.django_db
MakeItem = Callable[..., Item]


def on_hand(item: Item, location: str = "MAIN") -> Decimal:
    """Return the stored balance."""
    return StockBalance.objects.get(item=item, location=location).quantity


def test_inbound_entry_costs_what_the_card_says_unless_told(item: Item) -> None:
    by_card = post(item, 10)
    told = post(item, 10, cost_amount=Decimal("35.00"))

    assert (by_card.cost_amount, told.cost_amount) == (Decimal(20), Decimal(35))
    assert on_hand(item) == 20
    assert by_card.entry.remaining_quantity == 10


def test_first_in_leaves_first_and_takes_its_cost_along(item: Item) -> None:
    first = post(item, 10, cost_amount=Decimal(20))
    second = post(item, 10, cost_amount=Decimal(35))

    out = post(item, -12)

    assert out.cost_amount == Decimal("-27.00")
    assert list(ItemApplication.objects.values_list("inbound_entry", "quantity")) == [
        (first.entry_no, Decimal(10)),
        (second.entry_no, Decimal(2)),
    ]
    assert [e.remaining_quantity for e in ItemLedgerEntry.objects.order_by("pk")] == [0, 8, 0]


def test_last_in_leaves_first_at_lifo(make_item: MakeItem) -> None:
    item = make_item("L1", costing_method=CostingMethod.LIFO)
    post(item, 10, cost_amount=Decimal(20))
    last = post(item, 10, cost_amount=Decimal(35))

    out = post(item, -4)

    assert out.cost_amount == Decimal("-14.00")
    assert ItemApplication.objects.get().inbound_entry_id == last.entry_no


@pytest.mark.parametrize(
    ("method", "taken_from"), [(CostingMethod.FIFO, ["b", "a", "c"]), (CostingMethod.LIFO, ["c", "a", "b"])]
)
def test_the_posting_date_says_what_came_in_first_and_on_one_day_the_order_of_entry(
    make_item: MakeItem, method: CostingMethod, taken_from: list[str]
) -> None:
    """What is entered late for an earlier day came in on that day (PST-24)."""
    item = make_item("D1", costing_method=method)
    days = {"a": dt.date(2031, 3, 3), "b": dt.date(2031, 2, 1), "c": dt.date(2031, 3, 3)}
    came_in = {post(item, 2, posting_date=day).entry_no: name for name, day in days.items()}

    for quantity in (-1, -2, -3):
        post(item, quantity)

    drawn = ItemApplication.objects.order_by("pk").values_list("inbound_entry", flat=True)
    assert list(dict.fromkeys(came_in[no] for no in drawn)) == taken_from


def test_parts_of_an_entry_add_up_to_its_cost(item: Item) -> None:
    post(item, 3, cost_amount=Decimal("10.00"))

    costs = [post(item, -1).cost_amount for _ in range(3)]

    assert sum(costs) == Decimal("-10.00")
    assert costs == [Decimal("-3.33"), Decimal("-3.34"), Decimal("-3.33")]


def test_average_is_over_all_locations_and_loses_nothing(make_item: MakeItem) -> None:
    Location.objects.create(code="BLUE")
    item = make_item("A1", costing_method=CostingMethod.AVERAGE)
    post(item, 1, cost_amount=Decimal("10.00"))
    post(item, 2, cost_amount=Decimal("10.01"), location_id="BLUE")

    costs = [post(item, -1).cost_amount, *(post(item, -1, location_id="BLUE").cost_amount for _ in range(2))]

    assert costs == [Decimal("-6.67"), Decimal("-6.67"), Decimal("-6.67")]
    assert sum(ValueEntry.objects.values_list("cost_amount", flat=True)) == 0


def test_standard_cost_item_is_worth_its_standard_and_the_rest_is_variance(make_item: MakeItem) -> None:
    item = make_item("S1", costing_method=CostingMethod.STANDARD, standard_cost=Decimal("9.5"))

    entry = post(item, 4, cost_amount=Decimal(27), indirect_cost_amount=Decimal(3))
    out = post(item, -1)

    assert entry.cost_amount == Decimal("38.0")
    assert dict(entry.entry.value_entries.values_list("entry_type", "cost_amount")) == {
        ValueEntryType.DIRECT_COST: 27,
        ValueEntryType.INDIRECT_COST: 3,
        ValueEntryType.VARIANCE: 8,
    }
    assert out.cost_amount == Decimal("-9.50")


def test_standard_cost_met_exactly_posts_no_variance(make_item: MakeItem) -> None:
    item = make_item("S1", costing_method=CostingMethod.STANDARD, standard_cost=Decimal(7))

    post(item, 3, cost_amount=Decimal(21))

    assert list(ValueEntry.objects.values_list("entry_type", flat=True)) == [ValueEntryType.DIRECT_COST]


def test_bound_application_takes_its_entry_and_its_cost(item: Item) -> None:
    old = post(item, 5, cost_amount=Decimal(50))
    made = post(item, 7, cost_amount=Decimal(224))

    ato, stock = post_entries([posting(item, -3), posting(item, -7, applies_to=made.entry_no)])

    assert (ato.cost_amount, stock.cost_amount) == (Decimal(-30), Decimal(-224))
    assert stock.entry.applies_to_entry_id == made.entry_no
    old.entry.refresh_from_db()
    assert old.entry.remaining_quantity == 2


def test_bound_application_to_a_used_up_entry_is_refused(item: Item) -> None:
    made = post(item, 7)
    post(item, -7)
    post(item, 100)

    with refused(NotEnoughInventory):
        post(item, -1, applies_to=made.entry_no)


def test_batch_draws_on_what_it_brings_in(item: Item) -> None:
    brought, taken = post_entries([posting(item, 5), posting(item, -5)])

    assert brought.entry.remaining_quantity == 0
    assert taken.cost_amount == -brought.cost_amount
    assert on_hand(item) == 0


def test_entry_never_draws_on_a_later_one(item: Item) -> None:
    with refused(NotEnoughInventory):
        post_entries([posting(item, -5), posting(item, 5)])


def test_reversal_mirrors_the_cost_of_what_it_reverses(make_item: MakeItem) -> None:
    item = make_item("R1", unit_cost=Decimal(1))
    made = post(item, 4, cost_amount=Decimal(70), indirect_cost_amount=Decimal("5.5"))

    undone = post(item, -4, reversal_of=made.entry_no)

    assert undone.cost_amount == Decimal("-75.50")
    assert set(undone.entry.value_entries.values_list("entry_type", "cost_amount")) == {
        ("direct_cost", Decimal(-70)),
        ("indirect_cost", Decimal("-5.50")),
    }
    assert (undone.entry.reversal_of_id, undone.entry.applies_to_entry_id) == (made.entry_no, made.entry_no)


def test_an_entry_is_reversed_once(item: Item) -> None:
    made = post(item, 4)
    post(item, 4)
    post(item, -4, reversal_of=made.entry_no)

    with refused(NotEnoughInventory):
        post(item, -4, reversal_of=made.entry_no)


def test_shortage_names_every_item_with_its_figures(make_item: MakeItem) -> None:
    plenty, short, none = make_item("P"), make_item("S"), make_item("N")
    post(plenty, 100)
    post(short, 7)

    with refused(Refusals) as caught:
        post_entries([posting(plenty, -1), posting(short, -5), posting(short, -7), posting(none, -1)])

    assert [error.figures for error in caught.value.errors] == [
        {"item": "S", "location": "MAIN", "available": "7", "required": "12"},
        {"item": "N", "location": "MAIN", "available": "0", "required": "1"},
    ]
    assert ItemLedgerEntry.objects.count() == 2
    assert on_hand(short) == 7


def test_locations_and_variants_are_stocks_of_their_own(make_item: MakeItem) -> None:
    item = make_item("V", variants=[{"code": "RED"}])
    post(item, 5)

    with refused(NotEnoughInventory):
        post(item, -1, variant_code="RED")


def test_lot_gives_no_more_than_it_holds(make_item: MakeItem) -> None:
    item = make_item("T", item_tracking=ItemTracking.LOT)
    post(item, 6, lot_no="LA")
    post(item, 30, lot_no="LB")

    with refused(NotEnoughInventory) as caught:
        post_entries([posting(item, -5, lot_no="LA"), posting(item, -3, lot_no="LA")])
    post_entries([posting(item, -5, lot_no="LA"), posting(item, -1, lot_no="LA"), posting(item, -2, lot_no="LB")])

    assert caught.value.figures["available"] == "6"
    remaining = ItemLedgerEntry.objects.filter(quantity__gt=0).order_by("pk")
    assert [entry.remaining_quantity for entry in remaining] == [0, 28]


def test_tracked_item_needs_its_number(make_item: MakeItem) -> None:
    lot, serial = make_item("T", item_tracking=ItemTracking.LOT), make_item("U", item_tracking=ItemTracking.SERIAL)

    with refused(TrackingRequired):
        post(lot, 1)
    with refused(TrackingRequired):
        post(serial, 1, lot_no="L")
    with refused(SerialNotUnique):
        post(serial, 2, serial_no="S1")


def test_untracked_item_takes_no_number(item: Item) -> None:
    with refused(Invalid):
        post(item, 1, lot_no="L")


def test_serial_number_is_once_in_stock_and_may_come_back(make_item: MakeItem) -> None:
    item = make_item("U", item_tracking=ItemTracking.SERIAL)
    post(item, 1, serial_no="S1")

    with refused(SerialNotUnique):
        post(item, 1, serial_no="S1")
    with refused(SerialNotUnique):
        post_entries([posting(item, 1, serial_no="S2"), posting(item, 1, serial_no="S2")])
    post_entries([posting(item, -1, serial_no="S1"), posting(item, 1, serial_no="S1")])

    assert on_hand(item) == 1


def test_specific_cost_without_a_number_to_go_by_is_refused(make_item: MakeItem) -> None:
    item = make_item("X", costing_method=CostingMethod.SPECIFIC)
    made = post(item, 3)

    with refused(TrackingRequired):
        post(item, -1)
    assert post(item, -1, applies_to=made.entry_no).entry.quantity == -1


def test_bins_hold_no_less_than_nothing(item: Item) -> None:
    for code in ("A", "B"):
        create_bin("MAIN", {"code": code})
    post(item, 5, bin_code="A")
    post(item, 5, bin_code="B")

    with refused(NotEnoughInventory) as caught:
        post(item, -6, bin_code="A")
    post_entries([posting(item, 3, bin_code="A"), posting(item, -6, bin_code="A")])

    assert caught.value.figures["available"] == "5"
    assert sum(WarehouseEntry.objects.filter(bin_code="A").values_list("quantity", flat=True)) == 2


def test_statements_do_not_grow_with_the_postings(
    make_item: MakeItem, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    items = [make_item(f"I{number}") for number in range(20)]
    post_entries([posting(item, 10) for item in items])

    for count in (1, 20):
        with django_assert_num_queries(9):
            post_entries([posting(item, -1) for item in items[:count]])


def test_nothing_to_post_posts_nothing(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert post_entries([]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_itemledgerentry SET quantity = 9, remaining_quantity = 9",
        "DELETE FROM inventory_itemledgerentry",
        "UPDATE inventory_valueentry SET cost_amount = 0",
        "DELETE FROM inventory_itemapplication",
        "UPDATE inventory_stockbalance SET quantity = -1",
        "UPDATE inventory_stockbalance SET quantity = 'NaN'",
    ],
)
def test_database_keeps_the_ledger_closed(item: Item, statement: str) -> None:
    from django.db import connection

    post(item, 5, cost_amount=Decimal(10))
    post(item, -2)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert on_hand(item) == 3


def test_stock_key_names_a_balance(item: Item) -> None:
    post(item, 1)

    assert posting(item, 1).key == StockKey("C1", "", "MAIN")
