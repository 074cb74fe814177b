from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    """Assembly: listens to sales, and makes what it sells to order."""

    name = "assembly"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to sales, and name the refusals behind constraints that two people can run into at once."""
        from assembly import receivers
        from assembly.made_to_order import AssembleToOrder
        from assembly.services import batch_posting
        from assembly.views import order_places, posted_places, words
        from backoffice.exceptions import AlreadyExists
        from backoffice.sqlstates import register_constraint
        from sales.made_to_order import register_supplier

        receivers.connect()
        register_supplier(AssembleToOrder())
        order_places.register()
        posted_places.register()
        words.register()
        batch_posting.register()
        taken = {"assembly_document_no_unique": "Assembly order", "assembly_line_no_unique": "Line"}
        for constraint, what in taken.items():
            register_constraint(constraint, partial(AlreadyExists, what=what, key="with this key"))
        self._name_documents()

    def _name_documents(self) -> None:
        """Say what its documents are called where the effect of a write is told before it is done."""
        from assembly.models import AssemblyDocument
        from assembly.touched_promises import PromisesOfLines
        from backoffice import impact

        def names(ids: Collection[str]) -> dict[str, dict[str, str]]:
            rows = AssemblyDocument.objects.filter(pk__in=ids).values_list("pk", "document_type", "no")
            return {str(pk): {"type": kind, "no": no} for pk, kind, no in rows}

        impact.register_namer("assembly_document", names)
        impact.register_probe("promises", PromisesOfLines())
