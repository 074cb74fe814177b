from __future__ import annotations

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
        from assembly.views import order_places
        from backoffice.exceptions import AlreadyExists
        from backoffice.sqlstates import register_constraint
        from sales.made_to_order import register_supplier

        receivers.connect()
        register_supplier(AssembleToOrder())
        order_places.register()
        taken = {"assembly_document_no_unique": "Assembly order", "assembly_line_no_unique": "Line"}
        for constraint, what in taken.items():
            register_constraint(constraint, partial(AlreadyExists, what=what, key="with this key"))
