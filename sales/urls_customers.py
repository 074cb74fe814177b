"""The addresses of customers, below `customers/`."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from sales.views.customers import PAGES, list_customers

urlpatterns = [
    path("", list_customers, name="customers"),
    path("new/", PAGES.new_page, name="customer-new"),
    path("<key:key>/", PAGES.card_page, name="customer"),
    path("<key:key>/delete/", PAGES.deletion, name="customer-delete"),
]
