"""The figures of AVL-01 to AVL-10, worked out without a database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from inventory.availability.outlook import DayFlow, Outlook, earliest_date
from tests.support import day

Nets = list[tuple[int, str]]


def outlook(on_hand: str, nets: Nets, *, reserved: str = "0") -> Outlook:
    """Return an outlook whose days bring (positive) or take (negative) what is not reserved."""
    days = [
        DayFlow(date=day(at), scheduled_receipt=Decimal(net))
        if Decimal(net) > 0
        else DayFlow(date=day(at), gross_requirement=-Decimal(net))
        for at, net in nets
    ]
    return Outlook(on_hand=Decimal(on_hand), reserved_on_hand=Decimal(reserved), days=days)


def test_figures_are_as_of_the_date() -> None:
    plan = Outlook(
        on_hand=Decimal(50),
        reserved_on_hand=Decimal(6),
        days=[
            DayFlow(date=day(5), gross_requirement=Decimal(10)),
            DayFlow(date=day(9), scheduled_receipt=Decimal(12), reserved_receipt=Decimal(2)),
            DayFlow(date=day(20), gross_requirement=Decimal("7.5"), reserved_requirement=Decimal(8)),
        ],
    )

    at = {days: plan.figures(day(days)) for days in (4, 5, 9, 20)}

    assert [figures.available_inventory for figures in at.values()] == [44] * 4
    assert [figures.available for figures in at.values()] == [44, 34, 44, Decimal("44.5")]
    assert [figures.projected_available_balance for figures in at.values()] == [50, 40, 52, Decimal("44.5")]
    assert plan.figures(None) == at[20]


@pytest.mark.parametrize(
    ("nets", "days", "ahead"),
    [
        ([(3, "-2"), (4, "-1")], 5, "3"),
        ([(3, "-2"), (6, "-1")], 5, "2"),  # six days are more than five
        ([(5, "-2")], 5, "2"),
        ([(0, "-2"), (1, "-1")], 5, "1"),  # the day itself has been counted
        ([(2, "-2"), (3, "4"), (4, "-1")], 5, "2"),  # a receipt ends it
        ([(2, "4"), (3, "-9")], 5, "0"),
        ([], 5, "0"),
        ([(1, "-2")], 0, "0"),
    ],
)
def test_the_look_ahead_takes_what_is_demanded_until_the_next_receipt(nets: Nets, days: int, ahead: str) -> None:
    plan = outlook("10", nets)

    assert plan.look_ahead(day(0), days) == Decimal(ahead)
    assert plan.figures(day(0), look_ahead_days=days).available == plan.figures(day(0)).available - Decimal(ahead)


def test_without_a_period_nothing_ahead_counts() -> None:
    assert outlook("10", [(1, "-2")]).figures(day(0), look_ahead_days=None).available == 10


@pytest.mark.parametrize(
    ("on_hand", "nets", "needed", "there"),
    [
        # The rule's own examples.
        ("4", [(3, "5"), (5, "8"), (4, "-2")], "10", 5),
        ("4", [(3, "6"), (5, "8")], "10", 3),
        # There on the start date, and not taken away.
        ("10", [], "10", 0),
        ("10", [(-3, "-4"), (0, "4")], "10", 0),
        # Taken away before the next receipt brings it back.
        ("10", [(2, "-1"), (6, "1")], "10", 6),
        ("10", [(2, "-1")], "10", None),
        # A receipt comes first: what is taken after it takes nothing away.
        ("10", [(2, "1"), (3, "-5")], "10", 0),
        # Demand after the receipt that brings it does not count either.
        ("0", [(2, "10"), (3, "-5")], "10", 2),
        # Receipts that are not enough together.
        ("0", [(2, "4"), (3, "5")], "10", None),
        ("-2", [(2, "12")], "10", 2),
        ("-2", [(2, "11.99999")], "10", None),
        # Nothing is needed.
        ("0", [(1, "-5")], "0", None),
        ("0", [], "0", 0),
    ],
)
def test_when_a_quantity_is_there(on_hand: str, nets: Nets, needed: str, there: int | None) -> None:
    plan = outlook(on_hand, sorted(nets))

    found = plan.earliest_date(needed=Decimal(needed), start=day(0))

    assert found == (None if there is None else day(there))


def test_the_start_date_may_lie_after_receipts() -> None:
    days: list[tuple[dt.date, Decimal]] = [(day(2), Decimal(10))]

    assert earliest_date(available_inventory=Decimal(0), nets=days, needed=Decimal(10), start=day(5)) == day(5)


def test_a_demand_of_ones_own_takes_nothing_and_its_reservation_is_there_for_it() -> None:
    """A stock 15, this line 20: 15. With 5 of a purchase reserved for it: 20 (AVL-20)."""
    own = DayFlow(date=day(3), gross_requirement=Decimal(20))
    alone = Outlook(on_hand=Decimal(15), days=[own])
    assert alone.without_demand(own).figures(day(3)).available == 15

    reserved = DayFlow(date=day(3), gross_requirement=Decimal(20), reserved_requirement=Decimal(5))
    purchase = DayFlow(date=day(2), scheduled_receipt=Decimal(5), reserved_receipt=Decimal(5))
    with_purchase = Outlook(on_hand=Decimal(15), days=[purchase, reserved])
    assert with_purchase.without_demand(reserved).figures(day(3)).available == 20


def test_a_supply_of_ones_own_brings_nothing() -> None:
    own = DayFlow(date=day(3), scheduled_receipt=Decimal(7), reserved_receipt=Decimal(7))
    plan = Outlook(days=[DayFlow(date=day(3), scheduled_receipt=Decimal(9), reserved_receipt=Decimal(7))])

    left = plan.without_supply(own).figures(None)

    assert (left.scheduled_receipt, left.reserved_receipt, left.available) == (2, 0, 2)
    assert plan.without_supply(None) is plan.without_demand(None) is plan
