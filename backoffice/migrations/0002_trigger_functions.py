"""The functions behind `backoffice.triggers`, and the triggers of this app's own tables."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from backoffice import triggers

_SQL = Path(__file__).parent / "sql"
_FUNCTIONS = migrations.RunSQL(
    sql=(_SQL / "0002_trigger_functions.sql").read_text(encoding="utf-8"),
    reverse_sql=(_SQL / "0002_trigger_functions_reverse.sql").read_text(encoding="utf-8"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("backoffice", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        _FUNCTIONS,
        triggers.append_only("backoffice_auditentry"),
        triggers.audited(
            "backoffice_user",
            kind="user",
            document_column="id",
            ignore=["last_login"],
            secret=["password"],
        ),
        triggers.audited(
            "backoffice_apitoken",
            kind="user",
            document_column="user_id",
            ignore=["last_used_at"],
            secret=["digest"],
        ),
        triggers.audited("backoffice_numberseries", kind="number_series", document_column="code", ignore=["last_no"]),
    ]
