"""The house, its kits, and people who are signed in."""

from __future__ import annotations

import pytest

from assembly.models import AssemblyDocument
from inventory.models import Item
from tests.support import assembly_of, sell_kit
from tests.support_pages import auditor, clerk, planner, worker
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["auditor", "clerk", "house", "kit", "planner", "rich_kit", "stock_kit", "worker"]


@pytest.fixture
def linked(kit: Item) -> AssemblyDocument:
    """The assembly order of a line of ten kits of which seven are assembled to order and eight ship next."""
    return assembly_of(sell_kit(kit, 10, qty_to_assemble_to_order="7", qty_to_ship="8"))
