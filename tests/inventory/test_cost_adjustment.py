"""Sharing costs out, and letting later costs flow on, without an assembly in sight (PST-40, PST-41)."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from inventory.models import CostingMethod, Item, ItemLedgerEntry, LedgerEntryType, OrderCosting, ValueEntry
from inventory.rounding import running_share
from inventory.services.cost_adjustment import adjust_costs
from inventory.services.ledger import post_entries
from inventory.services.order_costs import OrderCost, OrderHistory, share_out, share_out_over_outputs
from tests.inventory.conftest import DAY, post, posting

MakeItem = Callable[..., Item]

_quantities = st.decimals(min_value="0.00001", max_value=10_000, places=5)
_amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)


def d(*numbers: str | int) -> list[Decimal]:
    """Return the exact decimals."""
    return [Decimal(number) for number in numbers]


# -- pure ------------------------------------------------------------------------------------------------------


def test_a_cost_is_shared_out_by_quantity_and_rounding_is_carried_on() -> None:
    assert share_out(Decimal(100), d(3, 3, 3)) == d("33.33", "33.34", "33.33")
    assert share_out(Decimal("36.50"), d(4, 6)) == d("14.60", "21.90")
    assert share_out(Decimal(0), d(1, 2)) == d(0, 0)


@given(total=_amounts, quantities=st.lists(_quantities, min_size=1, max_size=8))
def test_shares_add_up_and_each_is_fair_to_the_cent(total: Decimal, quantities: list[Decimal]) -> None:
    shares = share_out(total, quantities)

    assert sum(shares) == total
    whole = sum(quantities)
    for share, quantity in zip(shares, quantities, strict=True):
        assert abs(share - total * quantity / whole) <= Decimal("0.01") * len(quantities)


@given(total=_amounts, quantities=st.lists(_quantities, min_size=1, max_size=8))
def test_running_shares_add_up_however_a_quantity_is_split(total: Decimal, quantities: list[Decimal]) -> None:
    whole, after, given_out = sum(quantities, Decimal(0)), Decimal(0), Decimal(0)
    for quantity in quantities:
        given_out += running_share(total, whole, quantity, after=after)
        after += quantity

    assert given_out == total


def output(pk: int, quantity: int, reversal_of: int | None = None) -> ItemLedgerEntry:
    """Return an output as it stands in the ledger."""
    return ItemLedgerEntry(entry_no=pk, quantity=Decimal(quantity), reversal_of_id=reversal_of)


@pytest.mark.parametrize(
    ("outputs", "shares"),
    [
        ([output(1, 4), output(2, 6)], (40, 60)),
        # Undone and posted again: the sum passes zero on the way.
        ([output(1, 9), output(2, -9, 1), output(3, 9)], (100, -100, 100)),
        ([output(1, 4), output(2, -4, 1), output(3, 6), output(4, 2)], (50, -50, 75, 25)),
        ([output(1, 4), output(2, 6), output(3, -4, 1)], ("66.67", 100, "-66.67")),
    ],
)
def test_what_was_undone_carries_the_same_unit_cost_and_its_reversal_takes_it_back(
    outputs: list[ItemLedgerEntry], shares: tuple[Any, ...]
) -> None:
    assert share_out_over_outputs(Decimal(100), outputs) == d(*shares)


def test_the_next_output_takes_its_share_of_the_whole() -> None:
    """PST-42, second posting: 120 so far for four, 210 more for six; 5 % and 2 a piece."""
    cost = OrderCost(direct=Decimal(120), indirect_cost_percent=Decimal(5), overhead_rate=Decimal(2))
    history = OrderHistory(cost=cost, outputs=d(4), is_posted=True)

    assert history.next_output(Decimal(6), further_cost=Decimal(210)) == (198, Decimal("21.9"))


# -- in the ledger ---------------------------------------------------------------------------------------------

#: Its entries of assemblies have no posted documents, which are of a floor above.
without_documents = pytest.mark.breaks_integrity


def total(entry_no: int) -> Decimal:
    """Return what an entry costs so far."""
    return sum(ValueEntry.objects.filter(item_ledger_entry=entry_no).values_list("cost_amount", flat=True), Decimal(0))


def assembled(part: Item, made: Item, order_no: str, *, used: int, put_out: int) -> tuple[int, int]:
    """Post that an order has used some of the part and put out some of what is made of it; return both entries."""
    common = {"document_no": f"PA{order_no}", "order_no": order_no}
    consumed, out = post_entries(
        [
            posting(part, -used, entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION, **common),
            posting(
                made,
                put_out,
                entry_type=LedgerEntryType.ASSEMBLY_OUTPUT,
                cost_of_making=lambda material: (material, Decimal(0)),
                **common,
            ),
        ]
    )
    OrderCosting.objects.get_or_create(
        order_no=order_no, defaults={"item": made, "indirect_cost_percent": 0, "overhead_rate": 0}
    )
    return consumed.entry_no, out.entry_no


@without_documents
def test_what_is_made_costs_what_the_batch_consumed_for_it(item: Item, make_item: MakeItem) -> None:
    post(item, 2, cost_amount=Decimal(10))
    post(item, 2, cost_amount=Decimal(30))

    consumed, out = assembled(item, make_item("K"), "1", used=3, put_out=2)

    assert (total(consumed), total(out)) == (-25, 25)


@without_documents
def test_what_is_bound_to_the_batch_s_own_output_costs_what_that_costs(item: Item, make_item: MakeItem) -> None:
    post(item, 3, cost_amount=Decimal(10))
    kit = make_item("K")
    post(kit, 5, cost_amount=Decimal(500))
    rows = post_entries(
        [
            posting(item, -3, entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION, document_no="PA"),
            posting(kit, 3, document_no="PA", cost_of_making=lambda material: (material, Decimal("0.5"))),
            posting(kit, -1, entry_type=LedgerEntryType.SALE, applies_to_posting=1),
            posting(kit, -2, entry_type=LedgerEntryType.SALE, applies_to_posting=1),
            posting(kit, -1, entry_type=LedgerEntryType.SALE),
        ]
    )

    assert [row.cost_amount for row in rows] == d(-10, "10.5", "-3.5", -7, -100)


@without_documents
def test_a_correction_is_a_new_entry_and_no_posted_one_is_changed(item: Item, make_item: MakeItem) -> None:
    post(item, 1, cost_amount=Decimal(10))
    post(item, 1, cost_amount=Decimal(20))
    kit = make_item("K")
    _, first = assembled(item, kit, "1", used=1, put_out=1)
    sale = post(kit, -1)
    _, second = assembled(item, kit, "1", used=1, put_out=1)
    before = list(ValueEntry.objects.order_by("pk").values())

    corrections = adjust_costs(orders=["1"])

    assert list(ValueEntry.objects.order_by("pk").values())[: len(before)] == before
    assert [(row.item_ledger_entry_id, row.cost_amount, row.adjustment) for row in corrections] == [
        (first, 5, True),
        (second, -5, True),
        (sale.entry_no, -5, True),
    ]
    assert adjust_costs(orders=["1"]) == []


@without_documents
def test_costs_flow_through_any_number_of_levels(item: Item, make_item: MakeItem) -> None:
    post(item, 1, cost_amount=Decimal(10))
    post(item, 1, cost_amount=Decimal(40))
    levels = [make_item(f"L{n}") for n in range(5)]
    assembled(item, levels[0], "0", used=1, put_out=1)
    for number, (below, above) in enumerate(itertools.pairwise(levels), start=1):
        assembled(below, above, str(number), used=1, put_out=1)
    sale = post(levels[-1], -1)

    assembled(item, levels[0], "0", used=1, put_out=1)
    adjust_costs(orders=["0"])

    assert total(sale.entry_no) == -25


def test_the_average_of_a_day_counts_for_all_its_issues(make_item: MakeItem) -> None:
    item = make_item("AVG", costing_method=CostingMethod.AVERAGE)
    receipt = post(item, 4, cost_amount=Decimal(40))
    early, late = post(item, -1), post(item, -1, posting_date=DAY + dt.timedelta(days=1))
    dearer = post(item, 4, cost_amount=Decimal(80))

    adjust_costs(entries=[dearer])

    assert [total(row.entry_no) for row in (receipt, early, late, dearer)] == [40, -15, -15, 80]


@without_documents
def test_looking_costs_the_same_for_any_number_of_orders(
    item: Item, make_item: MakeItem, django_assert_num_queries: Any
) -> None:
    kit = make_item("K")
    post(item, 100)
    for number in range(12):
        assembled(item, kit, str(number), used=1, put_out=1)

    for count in (1, 12):
        with django_assert_num_queries(5):
            assert adjust_costs(orders=[str(number) for number in range(count)]) == []


def test_without_a_transaction_nothing_is_corrected(transactional_db: None) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(AssertionError, match="transaction"):
        adjust_costs(orders=["1"])
