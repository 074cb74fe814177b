"""Masters and stock that the tests of inventory tell their stories with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from backoffice.models import User
from inventory.models import Item, LedgerEntryType
from inventory.services.items import create_item
from inventory.services.ledger import EntryPosting, PostedEntry, post_entries
from tests.rest import Api

DAY = dt.date(2031, 3, 3)


@pytest.fixture
def api(db: None) -> Api:
    """A client that may do everything."""
    return Api(User.objects.create_superuser("root"))


@pytest.fixture
def item(db: None) -> Item:
    """C1, a purchased component that costs 2."""
    return create_item({"no": "C1", "description": "Component", "unit_cost": Decimal(2)})


@pytest.fixture
def make_item(db: None) -> Callable[..., Item]:
    """Make an item from contract fields."""

    def make(no: str, **values: Any) -> Item:
        return create_item({"no": no, **values})

    return make


def posting(item: Item, quantity: str | int, **values: Any) -> EntryPosting:
    """Describe an adjustment of the item at MAIN."""
    signed = Decimal(quantity)
    kind = LedgerEntryType.POSITIVE_ADJUSTMENT if signed > 0 else LedgerEntryType.NEGATIVE_ADJUSTMENT
    return EntryPosting(
        **{
            "entry_type": kind,
            "item": item,
            "location_id": "MAIN",
            "quantity": signed,
            "posting_date": DAY,
            **values,
        }
    )


def post(item: Item, quantity: str | int, **values: Any) -> PostedEntry:
    """Post one adjustment of the item at MAIN."""
    return post_entries([posting(item, quantity, **values)])[0]


@contextmanager
def refused(refusal: type[Exception]) -> Iterator[pytest.ExceptionInfo[Any]]:
    """Expect the refusal, and undo what was done before it as the edge does."""
    with pytest.raises(refusal) as caught, transaction.atomic():
        yield caught
