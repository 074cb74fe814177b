"""Load the demo company: its masters, stock, a purchase order, and sales documents in every stage of the story.

The story: Harbour Design Studio orders three Pro PCs, which are assembled to order, and fifteen Basic PCs, of
which ten lie in stock and five are assembled to order. The silent power supply is out and on its way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from assembly.loading import demo_company as company
from assembly.services.documents import create_assembly_order
from backoffice.transactions import act
from inventory.lookups import current_setup
from inventory.models import Item, LedgerEntryType, Location, Resource
from inventory.services.adjusting import post_adjustments
from inventory.services.boms import create_boms
from inventory.services.items import create_items
from inventory.services.masters import change_location, create_bin, create_location, create_resource
from inventory.services.purchasing import create_purchase_order
from inventory.services.substitutes import replace_substitutes
from sales.models import Customer, SalesDocumentType
from sales.services.customers import create_customer
from sales.services.documents import create_sales_document
from sales.services.release import release

#: Told after each step how many steps it was and what it was.
Advance = Callable[[int, str], None]


@act
def load_demo(*, advance: Advance) -> bool:
    """Load the company and return True; where its kits are there already, change nothing and return False."""
    if Item.objects.filter(no__in=[kit["no"] for kit in company.KITS]).exists():
        return False
    steps: list[tuple[str, Callable[[], None]]] = [
        ("locations", _create_locations),
        ("items", _create_items),
        ("customers", _create_customers),
        ("stock", _post_stock),
        ("purchases", _create_purchase_order),
        ("orders", _create_sales_documents),
        ("assembly", _create_assembly_order),
    ]
    for label, step in steps:
        step()
        advance(1, label)
    return True


#: How many steps `load_demo` reports.
STEPS = 7


def _in(days: int) -> dt.date:
    return current_setup().today + dt.timedelta(days=days)


def _create_locations() -> None:
    if Location.objects.filter(code=company.WHITE).exists():
        return
    create_location({"code": company.WHITE, "name": "White warehouse", "bin_mandatory": True})
    for code, description in company.WHITE_BINS.items():
        create_bin(company.WHITE, {"code": code, "description": description})
    change_location(company.WHITE, company.WHITE_SETTINGS)


def _create_items() -> None:
    if not Resource.objects.filter(no=company.RESOURCE["no"]).exists():
        create_resource(company.RESOURCE)
    known = set(Item.objects.values_list("no", flat=True))
    create_items([values for values in (*company.COMPONENTS, *company.KITS) if values["no"] not in known])
    create_boms(company.BOMS)
    for no, substitute in company.SUBSTITUTES.items():
        replace_substitutes(no, [{"substitute": substitute, "interchangeable": True}])


def _create_customers() -> None:
    known = set(Customer.objects.values_list("no", flat=True))
    for values in company.CUSTOMERS:
        if values["no"] not in known:
            create_customer(values=values)


def _post_stock() -> None:
    day = _in(-30)
    rows: list[dict[str, Any]] = [
        {"item": item, "quantity": Decimal(quantity), "location": "MAIN"} for item, quantity in company.STOCK_AT_MAIN
    ]
    rows += [
        {"item": item, "quantity": Decimal(quantity), "location": company.WHITE, "bin": bin_code}
        for item, bin_code, quantity in company.STOCK_AT_WHITE
    ]
    kind = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "posting_date": day}
    post_adjustments([{**row, **kind} for row in rows])


def _create_purchase_order() -> None:
    lines = [
        {"item": item, "quantity": Decimal(quantity), "location": "MAIN", "expected_receipt_date": _in(days)}
        for item, quantity, days in company.EXPECTED
    ]
    create_purchase_order({"vendor_name": "Circuit Supplies", "lines": lines})


def _create_sales_documents() -> None:
    create_sales_document(
        document_type=SalesDocumentType.ORDER,
        values={"customer": "C10000", "shipment_date": _in(7), "external_document_no": "HDS-2214"},
        lines=[
            {"no": "KIT-B", "quantity": Decimal(3)},
            {"no": "KIT-A", "quantity": Decimal(15), "qty_to_assemble_to_order": Decimal(5)},
        ],
    )
    ready = create_sales_document(
        document_type=SalesDocumentType.ORDER,
        values={"customer": "C30000", "shipment_date": _in(2)},
        lines=[{"no": "KIT-B", "quantity": Decimal(2)}],
    )
    release(document_type=SalesDocumentType.ORDER, no=ready.no)
    create_sales_document(
        document_type=SalesDocumentType.ORDER,
        values={"customer": "C40000", "shipment_date": _in(4)},
        lines=[{"no": "80203", "quantity": Decimal(4)}, {"no": "KIT-A", "quantity": Decimal(2)}],
    )
    create_sales_document(
        document_type=SalesDocumentType.QUOTE,
        values={"customer": "C20000", "shipment_date": _in(21), "note": "For the new computer room"},
        lines=[{"no": "KIT-B", "quantity": Decimal(12)}],
    )
    create_sales_document(
        document_type=SalesDocumentType.BLANKET_ORDER,
        values={"customer": "C10000", "shipment_date": _in(60)},
        lines=[{"no": "KIT-B", "quantity": Decimal(40)}],
    )


def _create_assembly_order() -> None:
    create_assembly_order(values={"item": "KIT-A", "quantity": Decimal(10), "due_date": _in(6)})
