"""Postings of one order are undone at the same time, and while it is deleted: it comes back once, or stays."""

from __future__ import annotations

import pytest

from assembly.models import AssemblyDocument
from assembly.services.documents import delete_assembly_document
from assembly.services.undo import undo_posted_assembly
from backoffice import integrity
from inventory.models import Item
from tests.concurrency.rivals import compete, no_deadlock
from tests.posting import on_hand, post_assembly, stock
from tests.support import address, assemble, fields, plan

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("house"),
]

ROUNDS = 15


def orders_posted_in_parts(kit: Item) -> tuple[list[AssemblyDocument], list[list[str]]]:
    """Return orders of nine of which four are posted, one and three; and the numbers of the postings of each."""
    stock("D", 12 * ROUNDS)
    orders = [assemble(kit, 9) for _ in range(ROUNDS)]
    return orders, [[_post_part(order, 1), _post_part(order, 3)] for order in orders]


def _post_part(order: AssemblyDocument, quantity: int) -> str:
    plan(order, quantity_to_assemble=quantity)
    return post_assembly(order).no


def test_two_undos_bring_a_deleted_order_back_once(stock_kit: Item) -> None:
    orders, posted = orders_posted_in_parts(stock_kit)
    for order in orders:
        delete_assembly_document(**address(order))

    with no_deadlock():
        outcome = compete(
            {
                "planner": lambda n: undo_posted_assembly(no=posted[n][0], recreate=True),
                "other planner": lambda n: undo_posted_assembly(no=posted[n][1], recreate=True),
            },
            rounds=ROUNDS,
        )

    assert (outcome.faults, outcome.refused) == ([], {})
    for order in orders:
        made = AssemblyDocument.objects.get(no=order.no)
        assert fields(made, "quantity", "assembled_quantity") == (4, 0)
    assert (on_hand("D"), on_hand("STK")) == (12 * ROUNDS, 0)
    assert integrity.violations() == []


def test_an_order_that_is_deleted_while_it_is_undone_and_posted_stays_or_comes_back_whole(stock_kit: Item) -> None:
    orders, posted = orders_posted_in_parts(stock_kit)
    stock("D", 15 * ROUNDS)

    with no_deadlock():
        outcome = compete(
            {
                "undoer": lambda n: undo_posted_assembly(no=posted[n][0], recreate=True),
                "deleter": lambda n: delete_assembly_document(**address(orders[n])),
                "poster": lambda n: post_assembly(orders[n]),
            },
            rounds=ROUNDS,
        )

    assert outcome.faults == []
    assert outcome.done["undoer"] == ROUNDS
    assert integrity.violations() == []
