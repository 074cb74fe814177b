"""The ground floor in Django's eyes."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

# Not a model's signal: it is sent after `migrate` and after `flush`, which empties the series with all other tables.
from django.db.models.signals import post_migrate  # noqa: TID251


class BackofficeConfig(AppConfig):
    """People, numbers, audit, REST plumbing."""

    name = "backoffice"
    verbose_name = "Back office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the number series there after a flush."""
        post_migrate.connect(_ensure_series, sender=self, dispatch_uid="backoffice.number_series")


def _ensure_series(*, using: str, apps: Any, **_: Any) -> None:
    """Write the series whose rows are missing. Writes nothing before the table exists."""
    from backoffice.series import SERIES

    try:
        model = apps.get_model("backoffice", "NumberSeries")
    except LookupError:
        return
    if len(model.objects.using(using).values_list("code")) < len(SERIES):
        model.objects.using(using).bulk_create(
            (model(**series.columns()) for series in SERIES), ignore_conflicts=True
        )
