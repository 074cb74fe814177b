"""The bicycle company, many times over: the catalogue with stock, and demand for all that is assembled."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from benchmarks.ballast import copy_documents, copy_items, require_integrity
from benchmarks.caller import Caller
from inventory.models import BomLine, Item, PlannedMovement

SAMPLE = Path(settings.BASE_DIR) / "assembly" / "sample_data" / "adventureworks"
#: Where everything is assembled and leaves from.
PLACE = "FINAL-ASSEMBLY"
_LINES = 10
_DAYS = 100


def open_shop(caller: Caller, *, copies: int, chance: random.Random) -> None:
    """Load the catalogue, take and plan orders for all that is assembled, and copy everything so many times less one.

    What is copied went through the interface; the copies are bulk SQL, items and documents alike, and are checked.
    """
    call_command("load_catalogue", SAMPLE)
    caller.patch("setup/", {"default_location": PLACE})
    caller.post("customers/", {"no": "CUSTOMER", "name": "Customer"})
    _buy(caller, chance)
    _sell_bicycles(caller, chance)
    _plan_parts(caller, chance)
    copy_items(copies=copies - 1)
    copy_documents(copies=copies - 1, items=True)
    require_integrity()


def bicycles() -> list[str]:
    """Return what is assembled to order."""
    return list(Item.objects.filter(assembly_policy="assemble_to_order").order_by("no").values_list("no", flat=True))


def demand_lines() -> int:
    """Return how many open lines ask for something."""
    return PlannedMovement.objects.filter(quantity__lt=0).count()


def _day(chance: random.Random, *, first: int = 1) -> str:
    return (timezone.localdate() + dt.timedelta(days=chance.randrange(first, _DAYS))).isoformat()


def _buy(caller: Caller, chance: random.Random) -> None:
    """Put some of what is bought where it is needed, and expect more of it twice."""
    bought = Item.objects.filter(replenishment_system="purchase").order_by("no").values_list("no", flat=True)
    there = [
        {"entry_type": "positive_adjustment", "item": no, "location": PLACE, "quantity": str(chance.randrange(1, 400))}
        for no in bought
    ]
    caller.post("inventory-adjustments/", there)
    for no in [*bought, *bought]:
        line = {"item": no, "location": PLACE, "quantity": str(chance.randrange(20, 300))}
        expected = {**line, "expected_receipt_date": _day(chance)}
        caller.post("purchase-orders/", {"vendor_name": "Vendor", "lines": [expected]})


def _sell_bicycles(caller: Caller, chance: random.Random) -> None:
    nos = bicycles()
    for first in range(0, len(nos), _LINES):
        lines = [
            {"no": no, "quantity": str(chance.randrange(1, 6)), "shipment_date": _day(chance, first=20)}
            for no in nos[first : first + _LINES]
        ]
        order = caller.post("sales-orders/", {"customer": "CUSTOMER", "location": PLACE, "lines": lines})
        caller.post(f"sales-orders/{order['no']}/release/")


def _plan_parts(caller: Caller, chance: random.Random) -> None:
    """Plan an order to stock for each part that is assembled."""
    parts = Item.objects.filter(replenishment_system="assembly", assembly_policy="assemble_to_stock").order_by("no")
    for no in parts.filter(pk__in=_with_bom()).values_list("no", flat=True):
        wanted = {"item": no, "location": PLACE, "quantity": "25", "due_date": _day(chance, first=20)}
        order = caller.post("assembly-orders/", wanted)
        caller.post(f"assembly-orders/{order['no']}/release/")


def _with_bom() -> list[str]:
    return list(BomLine.objects.values_list("parent_id", flat=True).distinct())
