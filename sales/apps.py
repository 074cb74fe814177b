from __future__ import annotations

from collections.abc import Collection
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

        from sales.views import customer_places, order_places, posted_places, words

        customer_places.register()
        order_places.register()
        posted_places.register()
        words.register()
        self._name_documents()

    def _name_documents(self) -> None:
        """Say what its documents are called where the effect of a write is told before it is done."""
        from backoffice import impact
        from sales.models import SalesDocument

        def names(ids: Collection[str]) -> dict[str, dict[str, str]]:
            rows = SalesDocument.objects.filter(pk__in=ids).values_list("pk", "document_type", "no")
            return {str(pk): {"type": kind, "no": no} for pk, kind, no in rows}

        impact.register_namer("sales_document", names)
