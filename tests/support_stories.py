"""The house that stories of sales and assembly happen in: its settings, its customer, and the kits it sells.

Directories that tell such stories import what they need into their conftest.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from inventory.models import Item, Setup
from tests.factories import make_customer, make_item, make_kit, make_resource, make_stock_kit
from tests.support import TODAY, settle_setup


@pytest.fixture
def house(db: None) -> Setup:
    """A company at work on 3 March 2031, with the customer CUST; documents are at MAIN unless they say otherwise."""
    make_customer("CUST")
    return settle_setup(work_date=TODAY)


@pytest.fixture
def kit(house: Setup) -> Item:
    """K, assembled to order: 2 A and an hour of R each. The kit of the rule book's life of a line."""
    return make_kit(
        "K",
        description="Kit",
        unit_cost=Decimal(14),
        unit_price=Decimal(100),
        variants=["RED", "BLUE"],
        units={"BOX": 6},
        bom=[
            {"item": make_item("A", unit_cost=Decimal(5)), "quantity_per": 2},
            {"resource": make_resource("R"), "quantity_per": 1},
        ],
    )


@pytest.fixture
def rich_kit(house: Setup) -> Item:
    """KX, assembled to order: 2 A, 0.3 B counted in whole pieces, 0.25 h of R, half an hour of S once, and a text."""
    return make_kit(
        "KX",
        unit_cost=Decimal(14),
        units={"BOX": 6},
        bom=[
            {"item": make_item("XA", unit_cost=Decimal("2.5")), "quantity_per": 2, "lead_time_offset_days": 1},
            {"item": make_item("XB", units={"PCS": (1, 1)}), "quantity_per": "0.3"},
            {"resource": make_resource("XR"), "quantity_per": "0.25"},
            {"resource": make_resource("XS"), "quantity_per": "0.5", "resource_usage_type": "fixed"},
            {"text": "Handle with care"},
        ],
    )


@pytest.fixture
def stock_kit(house: Setup) -> Item:
    """STK, assembled to stock: 3 D each."""
    return make_stock_kit("STK", bom=[{"item": make_item("D"), "quantity_per": 3}])
