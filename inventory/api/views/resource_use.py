"""The ledgers of resources: what was used, and what it cost the item that it went into."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet

from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right
from inventory.api.serializers.resource_use import CapacityLedgerEntryOut, ResourceLedgerEntryOut
from inventory.models import CapacityLedgerEntry, ResourceLedgerEntry

_FILTERS = {
    "entry_no": "entry_no",
    "posting_date": "posting_date",
    "resource": "resource_id",
    "quantity": "quantity",
    "document_no": "document_no",
    "order_no": "order_no",
    "order_line_no": "order_line_no",
}


class _ResourceUseViewSet(ResourceViewSet):
    """Entries, read only, addressed by their number. Costs are for those who may see them."""

    rights: ClassVar = {"read": Right.VIEW_STOCK}
    lookup_field = "entry_no"
    lookup_value_regex = "[0-9]{1,18}"
    default_ordering = ("entry_no",)


class ResourceLedgerEntryViewSet(_ResourceUseViewSet):
    """Every use of a resource."""

    serializer_class = ResourceLedgerEntryOut
    filters: ClassVar = _FILTERS

    def get_queryset(self) -> QuerySet[ResourceLedgerEntry]:
        """Return all of them."""
        return ResourceLedgerEntry.objects.all()


class CapacityLedgerEntryViewSet(_ResourceUseViewSet):
    """What the uses of resources cost the items that they went into."""

    serializer_class = CapacityLedgerEntryOut
    filters: ClassVar = {**_FILTERS, "item": "item_id"}

    def get_queryset(self) -> QuerySet[CapacityLedgerEntry]:
        """Return all of them."""
        return CapacityLedgerEntry.objects.all()
