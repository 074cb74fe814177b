"""The company of the order workloads: 200 kits of 4 components each, and thousands of open orders for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from backoffice.models import ApiToken, User
from benchmarks.ballast import copy_documents, require_integrity
from benchmarks.caller import Caller

KITS = 200
#: Numbers of the components that nobody has in stock; one kit in five waits for one of them.
_SCARCE = range(190, 200)
LINES_OF_A_COPY = 10
COMPONENTS = 4


def administrator() -> str:
    """Make somebody who may do everything, and return a token of theirs."""
    user = User.objects.create_superuser("measure")
    return ApiToken.issue(user)


def kit(number: int) -> str:
    """Return a kit's item number."""
    return f"KIT-{number % KITS:03}"


def _components(number: int) -> list[int]:
    return [(number + step * KITS // COMPONENTS) % KITS for step in range(COMPONENTS)]


def kits_in_stock() -> Iterator[str]:
    """Yield, without end, kits whose components are there."""
    return cycle(kit(number) for number in range(KITS) if not {*_components(number)} & {*_SCARCE})


def order(kits: Iterator[str], *, lines: int, **header: object) -> dict[str, object]:
    """Return what a clerk enters: so many lines, each of the next kit."""
    chosen = [{"no": no, "quantity": "5"} for no in islice(kits, lines)]
    return {"customer": "CUSTOMER", "lines": chosen, **header}


def found(caller: Caller) -> None:
    """Make masters and stock."""
    caller.post("customers/", {"no": "CUSTOMER", "name": "Customer"})
    for number in range(KITS):
        caller.post("items/", {"no": f"PART-{number:03}", "description": f"Component {number}", "unit_cost": "3"})
    for number in range(KITS):
        card = {
            "no": kit(number),
            "description": f"Kit {number}",
            "replenishment_system": "assembly",
            "assembly_policy": "assemble_to_order",
            "unit_price": "49.5",
        }
        caller.post("items/", card)
        rows = [{"type": "item", "no": f"PART-{part:03}", "quantity_per": "2"} for part in _components(number)]
        caller.call("PUT", f"items/{kit(number)}/bom/", rows)
    plenty = [
        {"entry_type": "positive_adjustment", "item": f"PART-{part:03}", "location": "MAIN", "quantity": "1000000"}
        for part in range(KITS)
        if part not in _SCARCE
    ]
    caller.post("inventory-adjustments/", plenty)


def take_orders(caller: Caller, count: int) -> int:
    """Fill the books with open, released orders of 10 lines; return how many there are.

    Each kit is entered and released once through the interface; the other orders are copies, spread over sixty days.
    What lacks for them is expected.
    """
    originals = KITS // LINES_OF_A_COPY
    numbers = range(KITS)
    for first in numbers[::LINES_OF_A_COPY]:
        kits = iter([kit(number) for number in numbers[first : first + LINES_OF_A_COPY]])
        no = caller.post("sales-orders/", order(kits, lines=LINES_OF_A_COPY))["no"]
        caller.post(f"sales-orders/{no}/release/")
    copies = max(count // originals - 1, 0)
    copy_documents(copies=copies, over_days=60)
    expected = [{"item": f"PART-{part:03}", "location": "MAIN", "quantity": "1000000"} for part in _SCARCE]
    caller.post("purchase-orders/", {"vendor_name": "Vendor", "lines": expected})
    require_integrity()
    return originals * (copies + 1)
