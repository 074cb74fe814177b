"""How many statements each page takes: pinned, and the same for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client

from inventory.models import Item
from inventory.services.boms import create_boms
from inventory.services.masters import create_bin, create_location
from inventory.services.purchasing import create_purchase_order
from inventory.services.substitutes import replace_substitutes
from tests.inventory.conftest import post
from tests.support_pages import save, statements_of

ITEMS, ORDERS = "/inventory/items/", "/inventory/purchase-orders/"

#: Address -> statements, the session and the person among them (two).
READS = {
    ITEMS: 3,
    f"{ITEMS}?q=c&sort=-on_hand": 3,
    f"{ITEMS}new/": 2,
    f"{ITEMS}K/": 3,
    f"{ITEMS}K/sales/": 3,
    f"{ITEMS}K/replenishment/": 3,
    f"{ITEMS}K/units/": 4,
    f"{ITEMS}K/variants/": 4,
    f"{ITEMS}K/bom/": 4,
    f"{ITEMS}K/substitutes/": 4,
    f"{ITEMS}C0/where-used/": 5,
    f"{ITEMS}C0/stock/": 6,
    f"{ITEMS}C0/availability/": 9,
    f"{ITEMS}C0/availability/?location=WHITE&date=2031-03-20": 9,
    f"{ITEMS}K/history/": 4,
    "/inventory/resources/": 3,
    "/inventory/locations/": 3,
    "/inventory/locations/WHITE/": 6,
    "/inventory/units-of-measure/": 3,
    "/inventory/setup/": 4,
    ORDERS: 3,
    f"{ORDERS}P1/": 5,
    f"{ORDERS}P1/receive/": 4,
    "/inventory/ledger-entries/": 3,
    "/inventory/adjustments/new/": 2,
    "/inventory/lookups/items/?q=c": 3,
}


def fill(make_item: Callable[..., Item], *, begin: int, count: int) -> None:
    """Make items with stock, a component line and an expected line for each, and bins."""
    numbers = range(begin, begin + count)
    for number in numbers:
        post(make_item(f"C{number}"), 5)
        create_bin("WHITE", {"code": f"B{number}"})
        create_purchase_order({"no": f"X{number}", "lines": [{"item": "C0", "quantity": Decimal(1)}]})
        make_item(f"K{number}")
    create_boms({f"K{number}": [{"no": "C0", "quantity_per": Decimal(1)}] for number in numbers})


@pytest.fixture
def house(make_item: Callable[..., Item]) -> Callable[[int, int], None]:
    """Return what makes the house grow: by so many of everything, numbered from a number on."""
    create_location({"code": "WHITE"})

    def grow(begin: int, count: int) -> None:
        fill(make_item, begin=begin, count=count)
        if begin == 0:
            make_item("K")
            create_boms({"K": [{"no": "C0", "quantity_per": Decimal(1)}]})
            create_purchase_order({"no": "P1", "lines": [{"item": "C0", "quantity": Decimal(1)}]})

    return grow


def test_pages_take_the_same_statements_for_many_rows(planner: Client, house: Callable[[int, int], None]) -> None:
    house(0, 2)
    few = {address: statements_of(partial(planner.get, address)) for address in READS}

    house(2, 12)
    for number in range(2, 14):
        save(planner, f"{ITEMS}K/bom/", no=f"C{number}", quantity_per="1")
        save(planner, f"{ORDERS}P1/lines/", item=f"C{number}", quantity="1")
        save(planner, f"{ITEMS}K/variants/", code=f"V{number}")
    replace_substitutes("K", [{"substitute": f"C{number}"} for number in range(2, 14)])
    many = {address: statements_of(partial(planner.get, address)) for address in READS}

    assert few == READS
    assert many == READS


def test_home_takes_one_statement_a_cue(planner: Client, house: Callable[[int, int], None]) -> None:
    house(0, 2)

    cues = len(planner.get("/").context["cues"])

    assert statements_of(lambda: planner.get("/")) == 2 + cues


#: What a script posts -> statements.
WRITES = [
    (f"{ITEMS}K/", {"description": "Set", "was.description": ""}, 12),
    (f"{ITEMS}K/bom/", {"no": "C1", "quantity_per": "1"}, 13),
    (f"{ITEMS}K/bom/10000/", {"quantity_per": "2", "was.quantity_per": "1"}, 18),
    (f"{ORDERS}P1/lines/", {"item": "C1", "quantity": "1"}, 16),
]


@pytest.mark.parametrize(("address", "typed", "pinned"), WRITES, ids=[address for address, _, _ in WRITES])
@pytest.mark.parametrize("count", [2, 10])
def test_saves_take_the_same_statements_in_a_large_house(
    planner: Client, house: Callable[[int, int], None], address: str, typed: dict[str, str], pinned: int, count: int
) -> None:
    house(0, count)

    assert statements_of(lambda: save(planner, address, **typed)) == pinned
