"""The number series of every document, and the sequences that open documents draw from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from backoffice import triggers
from backoffice.series import SERIES, Series


def _sequence_sql(series: Series) -> tuple[str, str]:
    return (
        f"CREATE SEQUENCE IF NOT EXISTS {series.sequence_name}",
        f"DROP SEQUENCE IF EXISTS {series.sequence_name}",
    )


def seed(apps: Any, schema_editor: Any) -> None:
    """Write the rows of the series that are not there yet."""
    model = apps.get_model("backoffice", "NumberSeries")
    model.objects.bulk_create((model(**series.columns()) for series in SERIES), ignore_conflicts=True)


_SEQUENCES = [_sequence_sql(series) for series in SERIES if not series.gapless]


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [triggers.DEPENDENCY]
    operations: ClassVar[list[Any]] = [
        migrations.RunSQL([create for create, _ in _SEQUENCES], [drop for _, drop in _SEQUENCES]),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
