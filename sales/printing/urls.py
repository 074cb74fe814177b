"""Addresses of the printed documents of sales, below those of the documents themselves."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from sales.printing import views

urlpatterns = [
    path("shipments/<key:no>/delivery-note.pdf", views.delivery_note, name="sales-shipment-delivery-note"),
    path("invoices/<key:no>/invoice.pdf", views.invoice, name="sales-invoice-print"),
]
