"""Addresses of the printed documents of assembly, below those of the documents themselves."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from assembly.printing import views

urlpatterns = [
    path("orders/<key:no>/pick-list.pdf", views.pick_list, name="assembly-order-pick-list"),
    path("orders/<key:no>/print.pdf", views.assembly_order, name="assembly-order-print"),
    path("posted/<key:no>/print.pdf", views.posted_assembly, name="posted-assembly-print"),
]
