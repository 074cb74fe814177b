"""`manage.py check_integrity`: ask the database whether everything still adds up."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backoffice.integrity import invariants, violations


class Command(BaseCommand):
    """Print what breaks each invariant. Exit status 1 when anything does. Changes nothing."""

    help = "Check the invariants of the data; print what breaks them. Exit status 1 when anything does."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--id", action="append", dest="ids", help="check this invariant only (may be repeated)")

    def handle(self, *, ids: list[str] | None, **_: Any) -> None:
        """Check and print."""
        known = invariants()
        if unknown := sorted(set(ids or ()) - set(known)):
            raise CommandError(f"There is no invariant {', '.join(unknown)}. There are: {', '.join(known)}.")
        found = {id: list(rows) for id, rows in groupby(violations(ids), key=lambda one: one.id)}
        for id in ids or known:
            self.stdout.write(f"{id} {known[id].sentence}: {_verdict(len(found.get(id, [])))}")
            for violation in found.get(id, []):
                self.stdout.write(f"    {violation.row}")
        if found:
            sys.exit(1)


def _verdict(count: int) -> str:
    return "holds" if count == 0 else f"broken by {count} {'row' if count == 1 else 'rows'}"
