"""Stock and expected receipts for stories about what there is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from inventory.models import Item, LedgerEntryType, MovementSource, PlannedMovement, PurchaseOrder
from inventory.services.adjusting import post_adjustments
from inventory.services.purchasing import create_purchase_order
from inventory.services.reservations import Side, reserve_automatically
from tests.support import day


def put_in_stock(item: Item, quantity: str | int, *, location: str = "MAIN", variant: str = "") -> None:
    """Put so many base units in stock."""
    row = {
        "entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT,
        "item": item.no,
        "location": location,
        "variant": variant,
        "quantity": Decimal(quantity),
    }
    post_adjustments([row])


def expect(
    item: Item, quantity: str | int, date: int | dt.date, *, location: str = "MAIN", variant: str = ""
) -> PurchaseOrder:
    """Order so many base units, expected so many days from the work date."""
    line = {
        "item": item.no,
        "variant": variant,
        "location": location,
        "quantity": Decimal(quantity),
        "expected_receipt_date": day(date) if isinstance(date, int) else date,
    }
    return create_purchase_order({"vendor_name": "Vendor", "lines": [line]})


def movement_of(document_no: str, line_no: int | None = 10000) -> PlannedMovement:
    """Return what a document's row has in the plan."""
    return PlannedMovement.objects.get(document_no=document_no, line_no=line_no)


def reserve_movement(movement: PlannedMovement, quantity: str | int | None = None) -> None:
    """Reserve what there is, or so many base units, for a row of a document, first from stock."""
    side = Side(type=MovementSource(movement.source_kind), document_no=movement.document_no, line_no=movement.line_no)
    with transaction.atomic():
        reserve_automatically(demand=side, quantity=None if quantity is None else Decimal(quantity))
