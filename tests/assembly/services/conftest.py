"""The house and its kits, and what the tests of headers and lines begin with."""

from __future__ import annotations

import pytest

from assembly.models import AssemblyDocument
from inventory.models import Item
from tests.factories import make_item, make_location
from tests.support import assemble, assembly_of, sell_kit
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["house", "kit", "rich_kit", "stock_kit"]


@pytest.fixture
def masters(kit: Item, stock_kit: Item) -> Item:
    """The kit, another one to change to, and a location with a bin to move to."""
    make_location("BLUE", bins=["B1"])
    make_location("MAIN", bins=["B1"])
    return kit


@pytest.fixture(params=["linked", "stand-alone"])
def document(request: pytest.FixtureRequest, kit: Item) -> AssemblyDocument:
    """An open assembly order of ten kits: lines are equally editable on both kinds."""
    make_item("C", unit_cost=3, variants=["V"], units={"BOX": 4})
    make_location("BLUE", bins=["B1"])
    return assembly_of(sell_kit(kit, 10)) if request.param == "linked" else assemble(kit, 10)
