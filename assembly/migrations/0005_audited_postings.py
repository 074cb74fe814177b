"""Who posted an assembly order, and who undid it, stands in the audit trail."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY, ("assembly", "0004_posted_orders")]
    operations: ClassVar[list[Operation]] = [
        triggers.audited("assembly_postedassembly", kind="posted_assembly", document_column="no"),
    ]
