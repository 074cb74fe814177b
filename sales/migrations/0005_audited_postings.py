"""Who posted a shipment or an invoice stands in the audit trail."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY, ("sales", "0004_quotes_expire")]
    operations: ClassVar[list[Operation]] = [
        triggers.audited("sales_salesshipment", kind="sales_shipment", document_column="no"),
        triggers.audited("sales_salesinvoice", kind="sales_invoice", document_column="no"),
    ]
