"""`manage.py api_token USERNAME`: issue an API token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backoffice.models import ApiToken, User
from backoffice.transactions import run_unit


class Command(BaseCommand):
    """Print a fresh token of the user, and nothing else: it is stored hashed and cannot be shown again."""

    help = "Issue an API token for a user and print it. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("username")
        parser.add_argument("--note", default="", help="what the token is for")
        parser.add_argument("--days", type=int, default=None, help="days until it expires (default: never)")

    def handle(self, *, username: str, note: str, days: int | None, **_: Any) -> None:
        """Issue and print."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username}.")
        expires_at = None if days is None else timezone.now() + timedelta(days=days)
        self.stdout.write(run_unit(lambda: ApiToken.issue(user, note=note, expires_at=expires_at)))
