from __future__ import annotations

from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "assembly"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assembly import receivers
        from assembly.made_to_order import AssembleToOrder
        from sales.made_to_order import register_supplier

        receivers.connect()
        register_supplier(AssembleToOrder())
