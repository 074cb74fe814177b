"""What the database keeps by itself: audit trail and revisions of customers and sales documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY, ("sales", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        triggers.versioned("sales_customer"),
        triggers.audited("sales_customer", kind="customer", document_column="no"),
        triggers.versioned("sales_salesdocument"),
        triggers.audited("sales_salesdocument", kind="sales_document", document_column="id"),
        triggers.audited(
            "sales_salesline", kind="sales_document", document_column="document_id", line_no_column="line_no"
        ),
        triggers.child_bumps("sales_salesline", "sales_salesdocument", "document_id"),
    ]
