"""The questions that are measured over the large company, and how they are chosen."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import quote

from django.db.models import Count

from assembly.models import AssemblyDocument
from benchmarks import bicycles, company
from benchmarks.ballast import settle
from benchmarks.caller import Caller
from benchmarks.measuring import Figures, Watch, measure
from benchmarks.report import print_machine, print_table
from inventory.models import Item, PlannedMovement

#: The same questions every time.
_SEED = 20_060_101
_BUSIEST = 200


def run(*, copies: int, runs: int, watch: Watch) -> None:
    """Prepare, measure, print."""
    chance, caller = random.Random(_SEED), Caller(company.administrator())
    bicycles.open_shop(caller, copies=copies, chance=chance)
    settle()
    print(f"{Item.objects.count()} items, {bicycles.demand_lines()} open demand lines")
    asked = watch.subjects + runs
    paths = _questions(chance.choices(bicycles.bicycles(), k=asked), chance.choices(_busiest(), k=asked))
    rows: list[Figures] = [measure(name, caller.get, each, watch=watch) for name, each in paths.items()]
    print_machine()
    print_table(rows)


def _questions(made: Sequence[str], used: Sequence[str]) -> dict[str, list[str]]:
    """Return the addresses to ask by the name of the workload."""
    open_orders = AssemblyDocument.objects.filter(status="released").count()
    here = f"location={bicycles.PLACE}"
    questions = {
        "promise of a bicycle of five levels": (made, f"promise/?quantity=3&{here}"),
        "able to make a bicycle": (made, f"able-to-make/?{here}"),
        "availability of a busy component": (used, f"availability/?{here}"),
        "its events": (used, f"availability/events/?{here}"),
        "availability by location": (used, "availability/by-location/"),
    }
    paths = {name: [f"items/{quote(no)}/{path}" for no in nos] for name, (nos, path) in questions.items()}
    worklist = f"assembly-worklist/?limit=50&{here}"
    return paths | {f"worklist, 50 of {open_orders}": [worklist] * len(made)}


def _busiest() -> list[str]:
    """Return the items that most open lines ask for."""
    asked = PlannedMovement.objects.order_by().values("item_id").annotate(lines=Count("pk"))
    return [row["item_id"] for row in asked.order_by("-lines", "item_id")[:_BUSIEST]]
