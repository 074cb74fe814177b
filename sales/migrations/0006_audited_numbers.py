"""The lots and serial numbers of a sales line belong to its document: to its audit trail and its revision."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        triggers.OWNED_DEPENDENCY,
        ("inventory", "0005_tracking_lines"),
        ("sales", "0005_audited_postings"),
    ]
    operations: ClassVar[list[Operation]] = [
        triggers.owned(
            "inventory_trackingline",
            "sales_line",
            source_kind="sales_line",
            owners="SELECT id AS source_id, document_id, line_no FROM sales_salesline",
            kind="sales_document",
            document_table="sales_salesdocument",
            naming=["lot_no", "serial_no"],
            ignore=["id"],
        ),
    ]
