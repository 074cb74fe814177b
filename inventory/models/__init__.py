"""Items, bills of materials, locations, ledgers, planned movements and reservations."""

from inventory.models.capacity import CapacityLedgerEntry, OrderCosting, ResourceLedgerEntry
from inventory.models.items import (
    AssemblyPolicy,
    BomLine,
    BomLineType,
    CostingMethod,
    Item,
    ItemSubstitute,
    ItemTracking,
    ItemType,
    ItemUnit,
    ItemVariant,
    ReorderingPolicy,
    ReplenishmentSystem,
    ReservePolicy,
    ResourceUsage,
)
from inventory.models.ledger import (
    ItemApplication,
    ItemLedgerEntry,
    LedgerDocumentType,
    LedgerEntryType,
    StockBalance,
    ValueEntry,
    ValueEntryType,
    WarehouseEntry,
)
from inventory.models.masters import Bin, Location, Resource, ResourceType, UnitOfMeasure
from inventory.models.planning import DEMAND_SOURCES, MovementSource, PlannedMovement, Reservation
from inventory.models.purchasing import PurchaseLine, PurchaseOrder, PurchaseStatus
from inventory.models.setup import DefaultQuantityToShip, Setup
from inventory.models.tracking import TrackedSource, TrackingLine

__all__ = [
    "DEMAND_SOURCES",
    "AssemblyPolicy",
    "Bin",
    "BomLine",
    "BomLineType",
    "CapacityLedgerEntry",
    "CostingMethod",
    "DefaultQuantityToShip",
    "Item",
    "ItemApplication",
    "ItemLedgerEntry",
    "ItemSubstitute",
    "ItemTracking",
    "ItemType",
    "ItemUnit",
    "ItemVariant",
    "LedgerDocumentType",
    "LedgerEntryType",
    "Location",
    "MovementSource",
    "OrderCosting",
    "PlannedMovement",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseStatus",
    "ReorderingPolicy",
    "ReplenishmentSystem",
    "Reservation",
    "ReservePolicy",
    "Resource",
    "ResourceLedgerEntry",
    "ResourceType",
    "ResourceUsage",
    "Setup",
    "StockBalance",
    "TrackedSource",
    "TrackingLine",
    "UnitOfMeasure",
    "ValueEntry",
    "ValueEntryType",
    "WarehouseEntry",
]
