"""The ground floor in Django's eyes."""

from __future__ import annotations

from django.apps import AppConfig

from backoffice import sqlstates
from backoffice.exceptions import AlreadyExists


class BackofficeConfig(AppConfig):
    """People, numbers, audit, REST plumbing."""

    name = "backoffice"
    verbose_name = "Back office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the refusals of this app's own constraints, and describe bearer tokens to the API's schema."""
        from backoffice.api import schema  # noqa: F401 - drf-spectacular finds its extensions by their being imported

        sqlstates.register_constraint(
            "backoffice_user_username_key", lambda: AlreadyExists(what="A person", key="of this name")
        )
        sqlstates.register_constraint(
            "numberseries_prefix_unique",
            lambda: AlreadyExists(what="A number series", key="with this prefix"),
        )
