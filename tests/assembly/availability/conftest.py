"""The house, and somebody who may ask everything."""

from __future__ import annotations

import pytest

from backoffice.models import User
from inventory.models import Setup
from tests.rest import Api
from tests.support_stories import house, kit, rich_kit, stock_kit

__all__ = ["api", "house", "kit", "rich_kit", "stock_kit"]


@pytest.fixture
def api(house: Setup) -> Api:
    """A client that may do everything, whose token has been used."""
    client = Api(User.objects.create_superuser("root"))
    client.get("setup/")
    return client
