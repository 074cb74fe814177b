"""Let the cost of an assembly order hold what it used of items that are not kept in inventory.

Rows that are there keep 0: their outputs were valued without it, and filled in it would contradict their value entries.
No version was released before this one; in a database of trials `check_integrity` names the orders concerned (I20).
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import migrations

import inventory.model_fields


class Migration(migrations.Migration):
    dependencies: ClassVar = [("inventory", "0006_trace_indexes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="ordercosting",
            name="non_inventory_cost",
            field=inventory.model_fields.AmountField(decimal_places=2, default=Decimal("0"), max_digits=18),
        ),
    ]
