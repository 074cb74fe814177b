"""The addresses of inventory's interface."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, path

from backoffice.api.routers import ContractRouter
from inventory.api.views.availability import (
    AvailabilityByLocationView,
    AvailabilityEventsView,
    AvailabilityView,
)
from inventory.api.views.costs import StandardCostView, UnitPriceView
from inventory.api.views.items import BomViewSet, ItemViewSet, SubstituteViewSet
from inventory.api.views.masters import (
    BinViewSet,
    LocationViewSet,
    ResourceMasterViewSet,
    SetupView,
    UnitOfMeasureViewSet,
)
from inventory.api.views.purchasing import PurchaseLineViewSet, PurchaseOrderViewSet
from inventory.api.views.reservations import ReservationViewSet
from inventory.api.views.resource_use import CapacityLedgerEntryViewSet, ResourceLedgerEntryViewSet
from inventory.api.views.stock import (
    InventoryAdjustmentViewSet,
    ItemLedgerEntryViewSet,
    ValueEntryViewSet,
    WarehouseEntryViewSet,
)

router = ContractRouter()
router.resource("units-of-measure", UnitOfMeasureViewSet)
router.resource("resources", ResourceMasterViewSet)
router.resource("locations", LocationViewSet)
router.lines("locations", BinViewSet, below="bins")
router.resource("items", ItemViewSet)
router.resource("inventory-adjustments", InventoryAdjustmentViewSet)
router.resource("item-ledger-entries", ItemLedgerEntryViewSet)
router.resource("value-entries", ValueEntryViewSet)
router.resource("warehouse-entries", WarehouseEntryViewSet)
router.resource("resource-ledger-entries", ResourceLedgerEntryViewSet)
router.resource("capacity-ledger-entries", CapacityLedgerEntryViewSet)
router.resource("reservations", ReservationViewSet)
router.resource("purchase-orders", PurchaseOrderViewSet)
router.lines("purchase-orders", PurchaseLineViewSet)

_BOM: dict[str, Any] = {"get": "list", "post": "create", "put": "replace"}
_BOM_LINE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
_SUBSTITUTES: dict[str, Any] = {"get": "list", "put": "replace"}

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("items/<str:no>/bom/", BomViewSet.as_view(_BOM), name="items-bom-list"),
    path("items/<str:no>/bom/<int:line_no>/", BomViewSet.as_view(_BOM_LINE), name="items-bom-detail"),
    path("items/<str:no>/substitutes/", SubstituteViewSet.as_view(_SUBSTITUTES), name="items-substitutes"),
    path("items/<str:no>/calculate-standard-cost/", StandardCostView.as_view(), name="items-standard-cost"),
    path("items/<str:no>/calculate-unit-price/", UnitPriceView.as_view(), name="items-unit-price"),
    path("items/<str:no>/availability/", AvailabilityView.as_view(), name="items-availability"),
    path("items/<str:no>/availability/events/", AvailabilityEventsView.as_view(), name="items-availability-events"),
    path(
        "items/<str:no>/availability/by-location/",
        AvailabilityByLocationView.as_view(),
        name="items-availability-by-location",
    ),
    path("setup/", SetupView.as_view(), name="setup"),
]
