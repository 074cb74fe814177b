"""Addresses of posting sales orders, of their lots and serial numbers, and of what has been posted."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from sales.views import posted, posting, tracking
from sales.views.document_kinds import ORDERS

urlpatterns = [
    path("orders/<key:no>/post/", posting.post, {"kind": ORDERS}, name="sales-order-post"),
    path(
        "orders/<key:no>/lines/<int:line_no>/tracking/",
        tracking.line_numbers,
        {"kind": ORDERS},
        name="sales-order-line-tracking",
    ),
    path("shipments/", posted.list_shipments, name="sales-shipments"),
    path("shipments/<key:no>/", posted.shipment, name="sales-shipment"),
    path("shipments/<key:no>/undo/", posted.undo, name="sales-shipment-undo"),
    path("invoices/", posted.list_invoices, name="sales-invoices"),
    path("invoices/<key:no>/", posted.invoice, name="sales-invoice"),
]
