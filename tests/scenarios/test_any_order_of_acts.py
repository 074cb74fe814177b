"""Any order of acts: whatever the people of the house do, all invariants hold after every step (Hypothesis).

A step is taken, or refused by a named rule, and a refused one leaves everything as it was. What a posting shows in
its preview is what it posts. The suite takes 200 examples of 50 steps, in parts for as many workers; with
`HYPOTHESIS_PROFILE=long` it is 2,000 of 100, and other ones each time.
"""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from inventory.models import CostingMethod, Item, ReservePolicy
from tests.factories import make_item, make_kit, make_location, make_resource
from tests.hypothesis_profiles import is_long
from tests.posting import stock
from tests.scenarios.acts.clerk import Clerk
from tests.scenarios.acts.planner import Planner
from tests.scenarios.acts.poster import Poster
from tests.scenarios.acts.steps import report, sweep
from tests.scenarios.acts.storekeeper import Storekeeper
from tests.support import d

#: Independent parts, for two workers. Each is swept after so many examples.
PARTS, EXAMPLES_BETWEEN_SWEEPS = 4, 25
EXAMPLES, STEPS = (2_000, 100) if is_long() else (200, 50)


class House(Clerk, Planner, Storekeeper, Poster):
    """Everybody at work."""


@pytest.fixture
def goods(kit: Item, stock_kit: Item) -> None:
    """K and STK, and KA of STK and B; costed in every way there is, and enough in stock to begin with."""
    make_location("BLUE")
    make_location("MAIN", bins=["B1"])
    make_kit(
        "KA",
        costing_method=CostingMethod.AVERAGE,
        indirect_cost_percent=d(10),
        overhead_rate=d(1),
        units={"BOX": 6},
        bom=[
            {"item": make_item("B", costing_method=CostingMethod.AVERAGE, unit_cost=d(3)), "quantity_per": "1.5"},
            {"item": stock_kit, "quantity_per": 1},
            {"resource": make_resource("S"), "quantity_per": "0.5", "resource_usage_type": "fixed"},
        ],
    )
    Item.objects.filter(no="STK").update(costing_method=CostingMethod.STANDARD, standard_cost=d(20))
    Item.objects.filter(no="A").update(costing_method=CostingMethod.LIFO)
    Item.objects.filter(no="D").update(reserve=ReservePolicy.ALWAYS)
    for item, quantity in [("A", 150), ("B", 60), ("D", 150), ("K", 5), ("STK", 8)]:
        stock(item, quantity, 5)
        stock(item, 30, 7, location="BLUE")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_order_of_acts(goods: None, part: int) -> None:
    for done in range(0, EXAMPLES // PARTS, EXAMPLES_BETWEEN_SWEEPS):
        house = type("House", (House,), {})
        if not is_long():
            house = seed(1_000 * part + done)(house)
        run_state_machine_as_test(
            house,
            settings=settings(
                max_examples=min(EXAMPLES_BETWEEN_SWEEPS, EXAMPLES // PARTS - done),
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                print_blob=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert not connection.in_atomic_block
        sweep()
        if is_long():
            print(f"part {part}: {done + EXAMPLES_BETWEEN_SWEEPS} of {EXAMPLES // PARTS}", flush=True)  # noqa: T201
    print(report())  # noqa: T201 - shown with -s, and when it fails
