"""`manage.py load_catalogue DIR`: items, bills of materials, stock and orders from CSV files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assembly.loading.catalogue import CatalogueRefused, Loaded, load_catalogue
from assembly.loading.catalogue_files import read_catalogue
from assembly.loading.progress import Progress
from backoffice.acting import acting_as
from backoffice.transactions import run_unit

#: How many faults are listed before the rest is only counted.
SHOWN = 50


class Command(BaseCommand):
    """Load a catalogue once: what is there already stays as it is. Files with faults load nothing at all."""

    help = "Load items.csv, bom.csv, stock.csv and sales_orders.csv from a directory."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("directory", type=Path)

    def handle(self, *, directory: Path, **_: Any) -> None:
        """Read, check, load, and say what was new."""
        if not directory.is_dir():
            raise CommandError(f"There is no directory {directory}.")
        try:
            loaded = self._load(directory)
        except CatalogueRefused as refused:
            faults = [str(fault) for fault in refused.faults]
            more = f"\n… and {len(faults) - SHOWN} more." if len(faults) > SHOWN else ""
            raise CommandError("Nothing was loaded.\n" + "\n".join(faults[:SHOWN]) + more) from refused
        self.stdout.write("New: " + ", ".join(f"{count} {what}" for what, count in loaded.counts.items()) + ".")

    def _load(self, directory: Path) -> Loaded:
        catalogue = read_catalogue(directory)
        if not (catalogue.row_count or catalogue.faults):
            raise CommandError(f"There is no catalogue in {directory}.")
        with (
            acting_as(None, "command"),
            Progress(sys.stderr, total=catalogue.row_count, label="Catalogue") as progress,
        ):
            return run_unit(lambda: load_catalogue(catalogue, advance=progress.advance))
