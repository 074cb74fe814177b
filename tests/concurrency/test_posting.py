"""Many people post at the same time: nothing is lost, nothing goes out twice, nobody waits for each other in a circle.

The services are called without the edge's retry, so that nothing hides a deadlock.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from assembly.models import AssemblyDocument, PostedAssembly
from backoffice import integrity
from backoffice.exceptions import DomainError
from inventory.exceptions import NotEnoughInventory
from inventory.models import Item, ItemLedgerEntry, LedgerEntryType, StockBalance
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesShipment
from sales.services.lines import edit_lines
from sales.services.posting import post_sales_order
from tests.concurrency.rivals import compete, no_deadlock
from tests.factories import make_item, make_kit, make_stock_kit
from tests.posting import costs, on_hand, post_assembly, ship, ship_and_invoice, stock
from tests.support import assemble, fresh, line_of, plan, sell, sell_kit

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("house"),
]

#: How often the duel for the last piece is fought: as a matter of course, and where somebody asks for more.
DUELS = int(os.environ.get("KITWRIGHT_DUELS", "100"))
POSTERS = 8
CLERKS, POSTINGS_OF_EACH = 32, int(os.environ.get("KITWRIGHT_POSTINGS_OF_EACH_CLERK", "6"))


# -- the storm -------------------------------------------------------------------------------------------------


@pytest.fixture
def hot_house(house: object) -> list[str]:
    """Sixty orders of three lines each, for six kits that are made of twelve components; return their numbers."""
    draw = random.Random(2031)
    parts = [make_item(f"HOT{index:02}", unit_cost=Decimal(index + 1)) for index in range(12)]
    for part in parts:
        stock(part, 220)
    kits = [
        make_kit(f"KIT{index}", bom=[{"item": part, "quantity_per": 1} for part in draw.sample(parts, 4)])
        for index in range(6)
    ]
    return [sell(*({"no": kit.no, "quantity": 30} for kit in draw.sample(kits, 3))).no for _ in range(60)]


@transaction.atomic
def ship_one_of_each_line(no: str) -> None:
    """Ship one piece of every line of the order: what a clerk enters and posts, in one transaction.

    All clerks share one Python here, so that a queue of theirs takes longer than the lock timeout of a request.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = '60s'")
    line_nos = SalesLine.objects.filter(document__no=no).values_list("line_no", flat=True)
    edit_lines(
        document_type=SalesDocumentType.ORDER,
        no=no,
        changes={line_no: {"qty_to_ship": Decimal(1)} for line_no in line_nos},
    )
    post_sales_order(no=no, ship=True, invoice=False)


def test_thirty_two_clerks_at_sixty_orders_of_twelve_components(hot_house: list[str]) -> None:
    shipped: Counter[str] = Counter()
    refused: list[dict[str, Any]] = []

    def clerk(seed: int) -> Any:
        draw = random.Random(seed)

        def work(_: int) -> None:
            no = draw.choice(hot_house)
            try:
                ship_one_of_each_line(no)
            except NotEnoughInventory as refusal:
                refused.append(refusal.params)
                raise
            shipped[no] += 1

        return work

    with no_deadlock():
        outcome = compete({f"clerk {n}": clerk(n) for n in range(CLERKS)}, rounds=POSTINGS_OF_EACH)

    assert outcome.faults == []
    assert {why.partition(": ")[2] for why in outcome.refused} <= {"NotEnoughInventory"}
    assert sum(shipped.values()) + len(refused) == CLERKS * POSTINGS_OF_EACH
    assert sum(shipped.values()) >= CLERKS
    assert all(row["available"] < row["required"] for row in refused)
    assert _shipped_by_order() == dict(shipped)
    assert SalesShipment.objects.count() == sum(shipped.values())
    assert PostedAssembly.objects.count() == 3 * sum(shipped.values())
    assert not StockBalance.objects.filter(quantity__lt=0).exists()
    _assert_stock_is_what_came_in_less_what_was_used(came_in=Decimal(220))
    assert integrity.violations() == []


def _shipped_by_order() -> dict[str, Decimal]:
    lines = SalesLine.objects.filter(quantity_shipped__gt=0).select_related("document")
    found = {(line.document.no, line.quantity_shipped) for line in lines}
    # Every line of an order has shipped as much as the others.
    assert len(found) == len({no for no, _ in found})
    return dict(found)


def _assert_stock_is_what_came_in_less_what_was_used(*, came_in: Decimal) -> None:
    used: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item, quantity in ItemLedgerEntry.objects.filter(entry_type=LedgerEntryType.ASSEMBLY_CONSUMPTION).values_list(
        "item_id", "quantity"
    ):
        used[item] -= quantity
    balances = StockBalance.objects.filter(item__no__startswith="HOT").values_list("item_id", "quantity")
    assert {item: came_in - used[item] for item, _ in balances} == dict(balances)


# -- duels -----------------------------------------------------------------------------------------------------


def test_of_eight_posters_one_gets_the_last_piece() -> None:
    """Half of them sell it as it is, half assemble it into a kit; every round has exactly one winner."""
    part = make_item("LAST")
    kit = make_kit("K", bom=[{"item": part, "quantity_per": 1}])
    orders = {n: sell({"no": (part if n % 2 else kit).no, "quantity": 1}).no for n in range(POSTERS)}
    won: list[int] = []
    lost: list[dict[str, Any]] = []
    stock(part, 1)

    def poster(n: int) -> Any:
        def work(_: int) -> None:
            try:
                post_sales_order(no=orders[n], ship=True, invoice=True)
            except NotEnoughInventory as refusal:
                lost.append(refusal.params)
                raise
            won.append(n)

        return work

    def look(number: int) -> None:
        assert len(won) == number + 1, f"round {number}: {len(won)} winners in all"
        assert on_hand("LAST") == 0
        orders[won[-1]] = sell({"no": (part if won[-1] % 2 else kit).no, "quantity": 1}).no
        stock(part, 1)

    with no_deadlock():
        outcome = compete({f"poster {n}": poster(n) for n in range(POSTERS)}, rounds=DUELS, after_round=look)

    assert outcome.faults == []
    assert (len(won), len(lost)) == (DUELS, DUELS * (POSTERS - 1))
    assert {(row["item"], row["available"], row["required"]) for row in lost} == {("LAST", 0, 1)}
    assert on_hand("LAST") == 0
    assert integrity.violations() == []


def test_of_eight_posters_of_one_order_one_ships_it() -> None:
    kit = make_kit("K", bom=[{"item": make_item("P"), "quantity_per": 2}])
    rounds = max(DUELS // 4, 10)
    stock("P", 2 * 10 * rounds * 2)
    orders = [sell({"no": "K", "quantity": 10}).no for _ in range(rounds)]
    won: Counter[int] = Counter()

    def work(number: int) -> None:
        post_sales_order(no=orders[number], ship=True, invoice=False)
        won[number] += 1

    with no_deadlock():
        outcome = compete({f"poster {n}": work for n in range(POSTERS)}, rounds=rounds)

    assert outcome.faults == []
    assert won == Counter(range(rounds))
    assert {why.partition(": ")[2] for why in outcome.refused} == {"NothingToPost"}
    assert on_hand("P") == 2 * 10 * rounds
    assert set(SalesLine.objects.values_list("quantity_shipped", flat=True)) == {10}
    assert integrity.violations() == []
    assert kit.no == "K"


def test_shipping_and_an_edit_of_the_same_line_come_one_after_the_other(kit: Item) -> None:
    """Whoever is second sees what the first has done: all of the line is shipped as it then is, or the edit refused."""
    stock("A", 10_000)
    rounds = 30
    orders = [sell_kit(kit, 10).document.no for _ in range(rounds)]

    def post(number: int) -> None:
        post_sales_order(no=orders[number], ship=True, invoice=False)

    def edit(number: int) -> None:
        edit_lines(document_type=SalesDocumentType.ORDER, no=orders[number], changes={10000: {"quantity": Decimal(12)}})

    with no_deadlock():
        outcome = compete({"poster": post, "editor": edit}, rounds=rounds)

    assert outcome.faults == []
    assert outcome.done["poster"] == rounds
    shipped = SalesLine.objects.order_by("pk").values_list("quantity", "quantity_shipped")
    assert set(shipped) <= {(12, 12), (10, 10)}
    assert integrity.violations() == []


def test_a_sale_takes_no_cost_that_is_just_being_corrected() -> None:
    """What is sold of the first part of an order costs what it costs after the second, whoever is faster."""
    rounds = 25
    kits = [make_stock_kit(f"M{n}", bom=[{"item": make_item(f"P{n}"), "quantity_per": 1}]) for n in range(rounds)]
    parts: list[AssemblyDocument] = []
    sales: list[SalesDocument] = []
    for n, kit in enumerate(kits):
        stock(f"P{n}", 1, 10)
        stock(f"P{n}", 1, 20)
        parts.append(plan(assemble(kit, 2), quantity_to_assemble=1))
        post_assembly(parts[n])
        sales.append(sell({"no": kit.no, "quantity": 1}))

    with no_deadlock():
        outcome = compete(
            {"assembler": lambda n: post_assembly(fresh(parts[n])), "seller": lambda n: ship(sales[n])},
            rounds=rounds,
        )

    assert outcome.faults == []
    assert [costs(f"M{n}", LedgerEntryType.SALE) for n in range(rounds)] == [[-15]] * rounds
    assert integrity.violations() == []


def test_numbers_of_posted_documents_have_no_gap_under_fire() -> None:
    stock(make_item("P"), 40)
    orders = [sell({"no": "P", "quantity": 1}).no for _ in range(60)]

    def work(seed: int) -> Any:
        mine = orders[seed::POSTERS]

        def post(number: int) -> None:
            if number < len(mine):
                with transaction.atomic():
                    ship_and_invoice(SalesDocument.objects.get(no=mine[number]))
                    if number % 3 == 2:
                        raise NothingWasMeant

        return post

    outcome = compete({f"poster {n}": work(n) for n in range(POSTERS)}, rounds=8)

    assert outcome.faults == []
    numbers = sorted(SalesShipment.objects.values_list("no", flat=True))
    assert numbers == [f"SS-{n:06}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 20
    assert on_hand("P") == 40 - len(numbers)
    assert integrity.violations() == []


class NothingWasMeant(DomainError):
    """Undoes a posting that had succeeded."""


def test_the_storm_leaves_no_lock_behind(hot_house: list[str]) -> None:
    ship_one_of_each_line(hot_house[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)
    assert line_of(SalesDocument.objects.get(no=hot_house[0])).quantity_shipped == 1
