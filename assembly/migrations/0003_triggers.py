"""What the database keeps by itself: audit trail and revisions of assembly documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY, ("assembly", "0002_references")]
    operations: ClassVar[list[Operation]] = [
        triggers.versioned("assembly_assemblydocument"),
        triggers.audited("assembly_assemblydocument", kind="assembly_document", document_column="id"),
        triggers.audited(
            "assembly_assemblyline",
            kind="assembly_document",
            document_column="document_id",
            line_no_column="line_no",
        ),
        triggers.child_bumps("assembly_assemblyline", "assembly_assemblydocument", "document_id"),
    ]
