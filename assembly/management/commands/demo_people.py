"""`manage.py demo_people`: who can sign in to the demo, and how."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from assembly.loading.people import DEMO_PEOPLE
from backoffice.models import User


class Command(BaseCommand):
    """Print the demo people that still have the password of the demo, and what they are."""

    help = "Print the people of the demo company with their passwords."

    def handle(self, **_: Any) -> None:
        """Print one line a person, none where the demo is not loaded."""
        users = {user.username: user for user in User.objects.filter(username__in=[p.username for p in DEMO_PEOPLE])}
        shown = [p for p in DEMO_PEOPLE if p.username in users and users[p.username].is_active]
        if not shown:
            return
        self.stdout.write("Sign in as:")
        for person in shown:
            same = users[person.username].check_password(person.password)
            password = person.password if same else "(changed)"
            self.stdout.write(f"  {person.username:<11} {password:<21} {person.role.label}")
