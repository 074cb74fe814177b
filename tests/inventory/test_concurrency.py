"""Rivals on a real database: nothing is taken twice, nobody waits for ever, no cycle closes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from django.db import connection

from backoffice.exceptions import DomainError
from backoffice.transactions import run_unit
from inventory.exceptions import BomCycle, NotEnoughInventory, SerialNotUnique
from inventory.models import BomLine, Item, ItemApplication, ItemTracking, Location, StockBalance
from inventory.services.boms import replace_bom
from inventory.services.items import create_item
from inventory.services.ledger import post_entries
from inventory.services.purchasing import create_purchase_order
from inventory.services.receiving import receive_purchase_order
from tests.inventory.conftest import DAY, post, posting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

Act = Callable[[], object]


def race(acts: Sequence[Act]) -> list[DomainError]:
    """Run the acts at once, each in a unit of its own, and return what was refused. Anything else is raised."""
    refused: list[DomainError] = []
    failed: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def run(act: Act) -> None:
        try:
            start.wait()
            run_unit(act)
        except DomainError as error:
            refused.append(error)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return refused


def test_the_last_piece_is_taken_once() -> None:
    item = create_item({"no": "C1"})
    post(item, 5)

    refused = race([lambda: post(item, -1)] * 8)

    assert [type(error) for error in refused] == [NotEnoughInventory] * 3
    assert StockBalance.objects.get().quantity == 0
    assert sum(ItemApplication.objects.values_list("quantity", flat=True)) == 5


def test_crossed_orders_do_not_wait_for_each_other() -> None:
    items = [create_item({"no": f"I{number}"}) for number in range(6)]
    post_entries([posting(item, 400) for item in items])

    def take(order: Sequence[Item]) -> None:
        for _ in range(25):
            run_unit(lambda: post_entries([posting(item, -1) for item in order]))

    threads = [threading.Thread(target=take, args=[order]) for order in (items, items[::-1], items[3:] + items[:3])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(StockBalance.objects.values_list("quantity", flat=True)) == {Decimal(400 - 75)}


def test_first_receipts_of_a_new_item_meet_at_one_balance() -> None:
    item = create_item({"no": "C1"})

    assert race([lambda: post(item, 1)] * 6) == []
    assert StockBalance.objects.get().quantity == 6


def test_serial_number_comes_in_once_even_at_two_places() -> None:
    item = create_item({"no": "S", "item_tracking": ItemTracking.SERIAL})
    for code in ("A", "B", "C"):
        Location.objects.create(code=code)

    refused = race([lambda code=code: post(item, 1, serial_no="S1", location_id=code) for code in "ABC"])  # type: ignore[misc]

    assert [type(error) for error in refused] == [SerialNotUnique] * 2


def test_two_edits_do_not_close_a_cycle_together() -> None:
    for no in ("A", "B", "C"):
        create_item({"no": no})

    def edit(parent: str, component: str) -> Act:
        line = {"type": "item", "no": component, "quantity_per": Decimal(1)}
        return lambda: replace_bom(parent, [line])

    refused = race([edit("A", "B"), edit("B", "C"), edit("C", "A")])

    assert [type(error) for error in refused] == [BomCycle]
    assert BomLine.objects.count() == 2


def test_a_purchase_line_arrives_once() -> None:
    create_item({"no": "C1"})
    line = {"item": "C1", "quantity": Decimal(5), "expected_receipt_date": DAY}
    no = create_purchase_order({"lines": [line]}).no

    refused = race([lambda: receive_purchase_order(no, {})] * 4)

    assert [error.code for error in refused] == ["document_closed"] * 3
    assert StockBalance.objects.get().quantity == 5
