"""Where shipments and invoices stand: in the navigation, for those who link to them, and who is behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse

from backoffice.pages import links, navigation
from backoffice.rights import Right
from inventory.models import LedgerDocumentType
from inventory.tracing import register_parties
from sales.models import SalesShipment


def register() -> None:
    """Register everything once, when the app starts."""
    for label, name, key, order in (("Shipments", "sales-shipments", "h", 20), ("Invoices", "sales-invoices", "v", 21)):
        navigation.register(
            navigation.Entry(
                label=label, url_name=name, icon="file-invoice", key=key, order=order, right=Right.VIEW_SALES
            )
        )
    links.register(LedgerDocumentType.SALES_SHIPMENT.value, lambda no: reverse("sales-shipment", args=[no]))
    links.register(LedgerDocumentType.SALES_INVOICE.value, lambda no: reverse("sales-invoice", args=[no]))
    register_parties(LedgerDocumentType.SALES_SHIPMENT.value, _customers)


def _customers(numbers: Collection[str]) -> Mapping[str, str]:
    rows = SalesShipment.objects.filter(no__in=numbers).values_list("no", "customer_id", "customer_name")
    return {no: f"{customer} {name}".strip() for no, customer, name in rows}
