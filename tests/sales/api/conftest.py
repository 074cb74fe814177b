"""What the tests of the sales interface begin with: somebody who may do everything, a customer, a kit."""

from __future__ import annotations

import pytest

from inventory.models import Item, Setup
from tests.factories import make_customer, make_item, make_kit, make_location, make_resource
from tests.rest import Api, person
from tests.support import TODAY


@pytest.fixture
def api(db: None) -> Api:
    """Return the client of somebody who may do everything, on a work date that stands still."""
    Setup.objects.update(work_date=TODAY)
    return Api(person("root", is_superuser=True))


@pytest.fixture
def kit(api: Api) -> Item:
    """KIT, assembled to order from two C1 at 2 and half an hour of R1; CUST buys it; BLUE is a second location."""
    make_customer("CUST")
    make_location("BLUE")
    rows = [
        {"item": make_item("C1", unit_cost=2), "quantity_per": 2},
        {"resource": make_resource("R1"), "quantity_per": "0.5"},
    ]
    return make_kit("KIT", unit_cost=14, unit_price=30, variants=["RED"], units={"BOX": 6}, bom=rows)
