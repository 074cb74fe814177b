"""The lots and serial numbers of an assembly document and its lines belong to its audit trail and its revision.

Those of what is made for a sales line are shown and assigned on that line too: they belong to its document as well.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers

_NUMBERS = "inventory_trackingline"
_NAMING = ["lot_no", "serial_no"]
_ASSEMBLY = {"kind": "assembly_document", "document_table": "assembly_assemblydocument"}
_SALES = {"kind": "sales_document", "document_table": "sales_salesdocument"}


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [
        triggers.OWNED_DEPENDENCY,
        ("inventory", "0005_tracking_lines"),
        ("sales", "0005_audited_postings"),
        ("assembly", "0005_audited_postings"),
    ]
    operations: ClassVar[list[Operation]] = [
        triggers.owned(
            _NUMBERS,
            "assembly_document",
            source_kind="assembly_document",
            owners="SELECT id AS source_id, id AS document_id, NULL::int AS line_no FROM assembly_assemblydocument",
            naming=_NAMING,
            ignore=["id"],
            **_ASSEMBLY,
        ),
        triggers.owned(
            _NUMBERS,
            "assembly_line",
            source_kind="assembly_line",
            owners="SELECT id AS source_id, document_id, line_no FROM assembly_assemblyline",
            naming=_NAMING,
            ignore=["id"],
            **_ASSEMBLY,
        ),
        triggers.owned(
            _NUMBERS,
            "made_for_sales_line",
            source_kind="assembly_document",
            owners=(
                "SELECT link.assembly_id AS source_id, line.document_id, line.line_no"
                " FROM assembly_assembletoorderlink link JOIN sales_salesline line ON line.id = link.sales_line_id"
            ),
            naming=_NAMING,
            ignore=["id"],
            **_SALES,
        ),
    ]
