"""Addresses of posting assembly orders, and of what has been posted."""

from __future__ import annotations

from django.urls import path

import backoffice.pages.converters  # noqa: F401 - registers <key:…>
from assembly.views import posted, posting
from assembly.views.document_kinds import ORDERS

urlpatterns = [
    path("orders/<key:no>/post/", posting.post, {"kind": ORDERS}, name="assembly-order-post"),
    path("posted/", posted.list_posted, name="posted-assemblies"),
    path("posted/<key:no>/", posted.show, name="posted-assembly"),
    path("posted/<key:no>/undo/", posted.undo, name="posted-assembly-undo"),
]
