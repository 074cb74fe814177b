"""What the database keeps by itself: audit trail and revisions of the masters and purchase orders, the closed ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY, ("inventory", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        # Masters
        triggers.versioned("inventory_unitofmeasure"),
        triggers.audited("inventory_unitofmeasure", kind="unit_of_measure", document_column="code"),
        triggers.versioned("inventory_resource"),
        triggers.audited("inventory_resource", kind="resource", document_column="no"),
        triggers.versioned("inventory_location"),
        triggers.audited("inventory_location", kind="location", document_column="code"),
        triggers.audited("inventory_bin", kind="location", document_column="location_id"),
        triggers.child_bumps("inventory_bin", "inventory_location", "location_id"),
        triggers.versioned("inventory_setup"),
        triggers.audited("inventory_setup", kind="setup", document_column="id"),
        # Items
        triggers.versioned("inventory_item"),
        triggers.audited("inventory_item", kind="item", document_column="no"),
        triggers.audited("inventory_itemunit", kind="item", document_column="item_id"),
        triggers.child_bumps("inventory_itemunit", "inventory_item", "item_id"),
        triggers.audited("inventory_itemvariant", kind="item", document_column="item_id"),
        triggers.child_bumps("inventory_itemvariant", "inventory_item", "item_id"),
        triggers.audited("inventory_itemsubstitute", kind="item", document_column="item_id"),
        triggers.child_bumps("inventory_itemsubstitute", "inventory_item", "item_id"),
        triggers.audited("inventory_bomline", kind="item", document_column="parent_id", line_no_column="line_no"),
        triggers.child_bumps("inventory_bomline", "inventory_item", "parent_id"),
        # Purchase orders
        triggers.versioned("inventory_purchaseorder"),
        triggers.audited("inventory_purchaseorder", kind="purchase_order", document_column="id"),
        triggers.audited(
            "inventory_purchaseline", kind="purchase_order", document_column="order_id", line_no_column="line_no"
        ),
        triggers.child_bumps("inventory_purchaseline", "inventory_purchaseorder", "order_id"),
        # The ledger
        triggers.append_only("inventory_itemledgerentry", may_change=["remaining_quantity", "reserved_quantity"]),
        triggers.append_only("inventory_itemapplication"),
        triggers.append_only("inventory_valueentry"),
        triggers.append_only("inventory_warehouseentry"),
    ]
