"""Inventory in the admin: to look things up. Masters are edited on their pages and through the interface, where the
rules are; the ledger and what follows from it are never edited anywhere."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from inventory import models


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Shows rows and lets nobody change them: a form here would go past the services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Shows the rows that belong to another one."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


class ItemUnitInline(ReadOnlyInline):
    """Units of an item."""

    model = models.ItemUnit


class ItemVariantInline(ReadOnlyInline):
    """Variants of an item."""

    model = models.ItemVariant


class BomLineInline(ReadOnlyInline):
    """The bill of materials of an item."""

    model = models.BomLine
    fk_name = "parent"


class BinInline(ReadOnlyInline):
    """Bins of a location."""

    model = models.Bin


class PurchaseLineInline(ReadOnlyInline):
    """Lines of a purchase order."""

    model = models.PurchaseLine


class ValueEntryInline(ReadOnlyInline):
    """What an entry cost."""

    model = models.ValueEntry


@admin.register(models.Item)
class ItemAdmin(ReadOnlyAdmin):
    """Items."""

    list_display = ("no", "description", "type", "replenishment_system", "assembly_policy", "blocked")
    list_filter = ("type", "replenishment_system", "assembly_policy", "costing_method", "blocked")
    search_fields = ("no", "description")
    inlines: ClassVar = [ItemUnitInline, ItemVariantInline, BomLineInline]


@admin.register(models.Location)
class LocationAdmin(ReadOnlyAdmin):
    """Locations."""

    list_display = ("code", "name", "bin_mandatory", "require_pick", "require_shipment")
    search_fields = ("code", "name")
    inlines: ClassVar = [BinInline]


@admin.register(models.Resource)
class ResourceAdmin(ReadOnlyAdmin):
    """Resources."""

    list_display = ("no", "name", "type", "base_unit_of_measure", "unit_cost", "blocked")
    search_fields = ("no", "name")


@admin.register(models.UnitOfMeasure)
class UnitOfMeasureAdmin(ReadOnlyAdmin):
    """Units of measure."""

    list_display = ("code", "description")
    search_fields = ("code", "description")


@admin.register(models.Setup)
class SetupAdmin(ReadOnlyAdmin):
    """Settings."""

    list_display = ("default_location", "work_date", "stockout_warning", "default_quantity_to_ship")


@admin.register(models.PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin):
    """Purchase orders."""

    list_display = ("no", "vendor_name", "order_date", "status")
    list_filter = ("status",)
    search_fields = ("no", "vendor_name")
    inlines: ClassVar = [PurchaseLineInline]


@admin.register(models.ItemLedgerEntry)
class ItemLedgerEntryAdmin(ReadOnlyAdmin):
    """Item ledger entries."""

    list_display = (
        "entry_no",
        "posting_date",
        "entry_type",
        "document_no",
        "item_id",
        "variant_code",
        "location_id",
        "quantity",
        "remaining_quantity",
    )
    list_filter = ("entry_type", "assemble_to_order")
    search_fields = ("item__no", "document_no", "order_no", "lot_no", "serial_no")
    show_full_result_count = False
    inlines: ClassVar = [ValueEntryInline]


@admin.register(models.ValueEntry)
class ValueEntryAdmin(ReadOnlyAdmin):
    """Value entries."""

    list_display = ("entry_no", "item_ledger_entry_id", "item_id", "entry_type", "cost_amount", "posting_date")
    list_filter = ("entry_type", "adjustment")
    search_fields = ("item__no", "document_no", "order_no")
    show_full_result_count = False


@admin.register(models.WarehouseEntry)
class WarehouseEntryAdmin(ReadOnlyAdmin):
    """Warehouse entries."""

    list_display = ("entry_no", "posting_date", "item_id", "location_id", "bin_code", "quantity")
    search_fields = ("item__no", "bin_code", "document_no")
    show_full_result_count = False


@admin.register(models.StockBalance)
class StockBalanceAdmin(ReadOnlyAdmin):
    """Stock balances."""

    list_display = ("item_id", "variant_code", "location_id", "quantity", "reserved_quantity")
    search_fields = ("item__no", "location__code")


@admin.register(models.PlannedMovement)
class PlannedMovementAdmin(ReadOnlyAdmin):
    """Planned movements."""

    list_display = ("item_id", "due_date", "quantity", "reserved_quantity", "source_kind", "document_no", "line_no")
    list_filter = ("source_kind",)
    search_fields = ("item__no", "document_no")


@admin.register(models.Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    """Reservations."""

    list_display = ("entry_no", "demand", "supply", "supply_entry", "quantity", "is_order_to_order")
    list_select_related = ("demand", "supply", "supply_entry")
