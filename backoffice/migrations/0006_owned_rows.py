"""The functions behind `backoffice.triggers.owned`."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0005_audit_seals")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunSQL(
            sql=(_SQL / "0006_owned_rows.sql").read_text(encoding="utf-8"),
            reverse_sql=(_SQL / "0006_owned_rows_reverse.sql").read_text(encoding="utf-8"),
        ),
    ]
