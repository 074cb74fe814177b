"""`manage.py seal_audit`: seal what has gathered in the audit trail."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from backoffice.sealing import seal


class Command(BaseCommand):
    """Put seals on everything that is not sealed yet. The worker does the same every hour."""

    help = "Seal the audit trail as far as it has come; check_integrity finds what is changed after that."

    def handle(self, **_: Any) -> None:
        """Seal."""
        while (put := seal()) is not None:
            self.stdout.write(f"Sealed {put.entries} entries, {put}: {put.digest}")
