"""Adjustments of the stock, and the ledgers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.filters import Filter
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.api.serializers.stock import (
    AdjustmentIn,
    ItemLedgerEntryOut,
    ValueEntryOut,
    WarehouseEntryOut,
)
from inventory.models import ItemLedgerEntry, ValueEntry, WarehouseEntry
from inventory.services.adjusting import post_adjustments


class _LedgerViewSet(ResourceViewSet):
    """Entries, read only, addressed by their number."""

    lookup_field = "entry_no"
    lookup_value_regex = "[0-9]{1,18}"
    default_ordering = ("entry_no",)


class ItemLedgerEntryViewSet(_LedgerViewSet):
    """Every movement of stock that has happened."""

    rights: ClassVar = {"read": Right.VIEW_STOCK}
    serializer_class = ItemLedgerEntryOut
    filters: ClassVar = {
        "entry_no": "entry_no",
        "posting_date": "posting_date",
        "entry_type": "entry_type",
        "document_type": "document_type",
        "document_no": "document_no",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "quantity": "quantity",
        "remaining_quantity": "remaining_quantity",
        "assemble_to_order": "assemble_to_order",
        "applies_to_entry": "applies_to_entry_id",
        "lot_no": "lot_no",
        "serial_no": "serial_no",
        "order_no": "order_no",
        "order_line_no": "order_line_no",
    }
    search = ("item__no", "document_no", "order_no", "lot_no", "serial_no")

    def get_queryset(self) -> QuerySet[ItemLedgerEntry]:
        """Return the entries, with their cost where it is shown."""
        return querysets.ledger_entries() if self.shows("cost_amount") else ItemLedgerEntry.objects.all()

    def shows(self, name: str) -> bool:
        """Hide costs from those who may not see them."""
        if name == "cost_amount" and not has_right(self.request.user, Right.SEE_COSTS):
            return False
        return super().shows(name)


class ValueEntryViewSet(_LedgerViewSet):
    """What the movements cost."""

    rights: ClassVar = {"read": Right.SEE_COSTS}
    serializer_class = ValueEntryOut
    filters: ClassVar = {
        "entry_no": "entry_no",
        "item_ledger_entry_no": "item_ledger_entry_id",
        "item": "item_id",
        "entry_type": "entry_type",
        "cost_amount": "cost_amount",
        "posting_date": "posting_date",
        "document_no": "document_no",
        "order_no": "order_no",
        "adjustment": "adjustment",
        "assemble_to_order": Filter("item_ledger_entry__assemble_to_order"),
    }

    def get_queryset(self) -> QuerySet[ValueEntry]:
        """Return all of them."""
        return ValueEntry.objects.all()


class WarehouseEntryViewSet(_LedgerViewSet):
    """What went in and out of bins."""

    rights: ClassVar = {"read": Right.VIEW_STOCK}
    serializer_class = WarehouseEntryOut
    filters: ClassVar = {
        "entry_no": "entry_no",
        "item_ledger_entry_no": "item_ledger_entry_id",
        "posting_date": "posting_date",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "bin": "bin_code",
        "quantity": "quantity",
        "document_no": "document_no",
    }

    def get_queryset(self) -> QuerySet[WarehouseEntry]:
        """Return all of them."""
        return WarehouseEntry.objects.all()


class InventoryAdjustmentViewSet(ResourceViewSet):
    """Corrections of the stock, posted at once: one, or a list that is taken as a whole or not at all."""

    rights: ClassVar = {"write": Right.ADJUST_STOCK}
    serializer_class = ItemLedgerEntryOut
    input_class = AdjustmentIn
    lookup_field = "entry_no"
    pagination_class = None

    def get_queryset(self) -> QuerySet[ItemLedgerEntry]:
        """Return the entries with their cost."""
        return querysets.ledger_entries()

    @extend_schema(request=AdjustmentIn, responses={201: ItemLedgerEntryOut})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Post, and answer with the entry, or with the entries in the order given."""
        is_list = isinstance(request.data, list)
        rows = self.list_of_values() if is_list else [self.values()]
        posted = post_adjustments(rows, paths=[f"[{index}]" for index in range(len(rows))] if is_list else None)
        found = self.get_queryset().in_bulk([row.entry_no for row in posted])
        shown = self.get_serializer([found[row.entry_no] for row in posted], many=True).data
        return Response(shown if is_list else shown[0], status=status.HTTP_201_CREATED)
