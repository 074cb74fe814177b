"""`manage.py load_demo`: the demo company and its people."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from assembly.loading.demo import STEPS, load_demo
from assembly.loading.people import create_demo_people
from assembly.loading.progress import Progress
from backoffice.acting import acting_as
from backoffice.transactions import run_unit


class Command(BaseCommand):
    """Load the demo company once. Where it is loaded already, nothing changes."""

    help = "Load the demo company (a maker of personal computers) and one person for each role."

    def handle(self, **_: Any) -> None:
        """Load, and say what was new."""
        with acting_as(None, "command"), Progress(sys.stderr, total=STEPS + 1, label="Demo data") as progress:
            people = run_unit(create_demo_people)
            progress.advance(1, "people")
            loaded = run_unit(lambda: load_demo(advance=progress.advance))
            progress.advance(STEPS, "ready")
        company = "loaded" if loaded else "already there"
        self.stdout.write(f"Demo company: {company}. New people: {people}.")
