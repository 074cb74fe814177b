from __future__ import annotations

from functools import partial

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Sales: knows inventory, and nothing of who assembles."""

    name = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the refusals behind constraints that two people can run into at once."""
        from backoffice.exceptions import AlreadyExists
        from backoffice.sqlstates import register_constraint

        taken = {
            "sales_customer_pkey": "Customer",
            "sales_document_no_unique": "Document",
            "sales_line_no_unique": "Line",
        }
        for constraint, what in taken.items():
            register_constraint(constraint, partial(AlreadyExists, what=what, key="with this key"))

        from sales.views import customer_places, order_places

        customer_places.register()
        order_places.register()
