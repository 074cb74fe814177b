"""Items, bills of materials, locations, the ledger, planned movements, reservations and purchase orders."""

from __future__ import annotations

from functools import partial

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Inventory: knows no app above it."""

    name = "inventory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the refusals behind constraints that two people can run into at once, and the places of the pages."""
        from backoffice.exceptions import AlreadyExists
        from backoffice.sqlstates import register_constraint
        from inventory.exceptions import SerialNotUnique

        taken = {
            "inventory_item_pkey": "Item",
            "inventory_resource_pkey": "Resource",
            "inventory_location_pkey": "Location",
            "inventory_unitofmeasure_pkey": "Unit of measure",
            "inventory_purchaseorder_no_key": "Purchase order",
            "bin_code_unique_in_location": "Bin",
            "bom_line_no_unique": "Line",
            "purchase_line_no_unique": "Line",
        }
        for constraint, what in taken.items():
            register_constraint(constraint, partial(AlreadyExists, what=what, key="with this key"))
        register_constraint(
            "ile_serial_no_once_in_stock", partial(SerialNotUnique, item="the item", serial_no="in question")
        )
        from inventory.views import places

        places.register()

        from backoffice import impact
        from inventory.services.reservations import ReservationsOfDocuments

        impact.register_probe("reservations", ReservationsOfDocuments())
