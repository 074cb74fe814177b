"""Registers the system checks. No models live on this floor."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top floor as an app, so that its checks run with `manage.py check`."""

    name = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - importing registers; settings must be ready first
