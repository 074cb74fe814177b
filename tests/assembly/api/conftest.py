"""What the tests of the assembly interface begin with: as those of sales, and two orders of KIT."""

from __future__ import annotations

import pytest

from inventory.models import Item
from tests.rest import Api
from tests.sales.api.conftest import api, kit

__all__ = ["api", "kit", "linked", "stand_alone"]


@pytest.fixture
def linked(api: Api, kit: Item) -> str:
    """Return the number of the assembly order of five KIT that were sold."""
    made = api.post("sales-orders/", {"customer": "CUST", "lines": [{"no": "KIT", "quantity": 5}]})
    return str(made.body["lines"][0]["assembly_document"]["no"])


@pytest.fixture
def stand_alone(api: Api, kit: Item) -> str:
    """Return the number of an assembly order of five KIT to stock, due in nine days."""
    made = api.post("assembly-orders/", {"item": "KIT", "quantity": 5, "due_date": "2031-03-12"})
    return str(made.body["no"])
