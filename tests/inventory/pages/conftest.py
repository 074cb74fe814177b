"""People who are signed in, and what they find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from backoffice.models import User
from backoffice.rights import Role
from inventory.models import Item
from inventory.services.boms import create_boms
from inventory.services.items import create_item
from tests.support_pages import auditor, clerk, planner, worker

__all__ = ["auditor", "clerk", "planner", "worker"]


@pytest.fixture
def administrator(db: None) -> Client:
    """Somebody who keeps the setup and never posts."""
    client = Client()
    client.force_login(User.objects.create_user("ada", roles=[Role.ADMINISTRATOR]))
    return client


@pytest.fixture
def kit(item: Item, make_item: Callable[..., Item]) -> Item:
    """K, assembled from two of C1."""
    create_item({"no": "K", "description": "Kit"})
    create_boms({"K": [{"no": "C1", "quantity_per": 2}]})
    return Item.objects.get(pk="K")
