"""Addresses of posting assembly orders, of their lots and serial numbers, and of what has been posted."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from assembly.views import posted, posting, tracking
from assembly.views.document_kinds import ORDERS

urlpatterns = [
    path("orders/<key:no>/post/", posting.post, {"kind": ORDERS}, name="assembly-order-post"),
    path("orders/<key:no>/tracking/", tracking.output_numbers, {"kind": ORDERS}, name="assembly-order-tracking"),
    path(
        "orders/<key:no>/lines/<int:line_no>/tracking/",
        tracking.component_numbers,
        {"kind": ORDERS},
        name="assembly-order-line-tracking",
    ),
    path("posted/", posted.list_posted, name="posted-assemblies"),
    path("posted/<key:no>/", posted.show, name="posted-assembly"),
    path("posted/<key:no>/undo/", posted.undo, name="posted-assembly-undo"),
]
