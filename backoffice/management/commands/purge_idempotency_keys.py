"""`manage.py purge_idempotency_keys`: forget the answers whose keys have run out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from backoffice.api.idempotency import purge
from backoffice.transactions import run_unit


class Command(BaseCommand):
    """Delete the answers kept for Idempotency-Keys older than 24 hours. Safe at any time; run it daily."""

    help = "Delete the answers kept for Idempotency-Keys older than 24 hours."

    def handle(self, **_: Any) -> None:
        """Purge and say how many."""
        self.stdout.write(f"{run_unit(purge)} deleted")
