"""Two people at one order at the same time: no deadlock, no lost update, and the link agrees after every round.

The services are called without the edge's retry, so that nothing hides a deadlock.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from assembly.models import AssemblyDocument, AssemblyLine
from backoffice import integrity
from backoffice.exceptions import StaleRevision
from inventory.models import Item
from sales.models import SalesDocument, SalesDocumentType, SalesLine
from sales.services import lines as sales_lines
from tests.concurrency.rivals import compete, no_deadlock
from tests.factories import make_item, make_location
from tests.support import (
    add_component,
    add_sales_line,
    assembly_of,
    change,
    change_header,
    component,
    customise,
    day,
    delete_line,
    figures,
    has_assembly,
    line_of,
    plan,
    recipe,
    refresh_lines,
    release,
    release_assembly,
    remove_component,
    reopen,
    reopen_assembly,
    sell_kit,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

#: Together they make the thousand rounds that the house promises to bear.
CLERK_AGAINST_CLERK = 200
CLERK_AGAINST_PLANNER = 800
#: The invariants are asked this often in between.
ROUNDS_BETWEEN_LOOKS = 50


def test_two_clerks_lose_no_update_of_one_line(kit: Item) -> None:
    """Each adds one to the quantity it read, if nobody was faster (the revision says so)."""
    line = sell_kit(kit, 10)

    def add_one(_: int) -> None:
        document = SalesDocument.objects.get(pk=line.document_id)
        seen = line_of(document)
        sales_lines.edit_lines(
            document_type=SalesDocumentType.ORDER,
            no=document.no,
            changes={10000: {"quantity": seen.quantity + 1}},
            expected_rev=document.rev,
        )

    with no_deadlock():
        outcome = compete({"Alice": add_one, "Bob": add_one}, rounds=CLERK_AGAINST_CLERK)

    assert outcome.faults == []
    assert set(outcome.refused) <= {f"{name}: {StaleRevision.__name__}" for name in ("Alice", "Bob")}
    assert outcome.done.total() >= CLERK_AGAINST_CLERK
    after = line_of(line.document)
    assert figures(after)[0] == 10 + outcome.done.total()
    assert component(assembly_of(after), "A").quantity == 2 * after.quantity


def test_two_clerks_change_different_fields_and_both_stand(kit: Item) -> None:
    line = sell_kit(kit, 10)

    outcome = compete(
        {
            "quantity": lambda number: change(line, quantity=number + 11),
            "date": lambda number: change(line, shipment_date=day(number + 11)),
            "header": lambda number: change_header(line.document, external_document_no=str(number)),
        },
        rounds=30,
    )

    assert (outcome.faults, outcome.refused.total()) == ([], 0)
    after = line_of(line.document)
    assert (figures(after)[0], after.shipment_date, after.document.external_document_no) == (40, day(40), "29")
    assert assembly_of(after).due_date == day(40)


# -- a clerk and a planner ------------------------------------------------------------------------------------


class _Clerk:
    """Does whatever clerks do to one of a few busy orders."""

    def __init__(self, documents: list[SalesDocument], seed: int) -> None:
        self.documents, self.chance = documents, random.Random(seed)

    def __call__(self, number: int) -> None:
        document = self.chance.choice(self.documents)
        lines = list(SalesLine.objects.filter(document=document).select_related("document"))
        act = self.chance.choice(
            [self.quantity, self.quantity, self.split, self.ship, self.move, self.place, self.lines, self.status]
        )
        if not lines:
            add_sales_line(document, no="K", quantity=5)
        else:
            act(self.chance.choice(lines))

    def quantity(self, line: SalesLine) -> None:
        change(line, quantity=self.chance.randint(0, 20))

    def split(self, line: SalesLine) -> None:
        change(line, qty_to_assemble_to_order=self.chance.choice([0, 1, str(line.quantity)]))

    def ship(self, line: SalesLine) -> None:
        change(line, qty_to_ship=self.chance.randint(0, 5))

    def move(self, line: SalesLine) -> None:
        if self.chance.random() < 0.5:
            change(line, shipment_date=day(self.chance.randint(5, 50)))
        else:
            change_header(line.document, posting_date=day(self.chance.randint(0, 9)))

    def place(self, line: SalesLine) -> None:
        change(line, location=self.chance.choice(["MAIN", "BLUE"]), variant=self.chance.choice(["", "RED"]))

    def lines(self, line: SalesLine) -> None:
        # Few lines, so that the two meet often.
        if SalesLine.objects.filter(document=line.document).count() > 2:
            delete_line(line)
        else:
            add_sales_line(line.document, no="K", quantity=self.chance.randint(1, 9))

    def status(self, line: SalesLine) -> None:
        release(line.document)
        reopen(line.document)


class _Planner:
    """Does whatever planners do to the assembly orders behind the clerks' lines."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def __call__(self, number: int) -> None:
        documents = list(AssemblyDocument.objects.all())
        if not documents:
            return
        act = self.chance.choice([self.per, self.per, self.add, self.remove, self.dates, self.status, self.refresh])
        act(self.chance.choice(documents))

    def _line(self, document: AssemblyDocument) -> AssemblyLine | None:
        lines = list(document.lines.filter(type="item").select_related("document"))
        return self.chance.choice(lines) if lines else None

    def per(self, document: AssemblyDocument) -> None:
        line = self._line(document)
        if line is not None:
            customise(line, quantity_per=self.chance.randint(1, 5))

    def add(self, document: AssemblyDocument) -> None:
        add_component(document, no="C", quantity_per=1)

    def remove(self, document: AssemblyDocument) -> None:
        line = self._line(document)
        if line is not None and document.lines.count() > 3:
            remove_component(line)

    def dates(self, document: AssemblyDocument) -> None:
        plan(document, starting_date=document.starting_date - (day(1) - day(0)), note=str(self.chance.random()))

    def status(self, document: AssemblyDocument) -> None:
        release_assembly(document)
        reopen_assembly(document)

    def refresh(self, document: AssemblyDocument) -> None:
        refresh_lines(document)


def test_a_clerk_and_a_planner_at_the_same_orders(kit: Item) -> None:
    make_item("C")
    make_location("BLUE")
    documents = [sell_kit(kit, 10).document for _ in range(3)]
    seen: list[str] = []

    def look(number: int) -> None:
        if number % ROUNDS_BETWEEN_LOOKS == 0:
            seen.extend(str(violation) for violation in integrity.violations())
            connection.close()

    with no_deadlock():
        outcome = compete(
            {"clerk": _Clerk(documents, seed=1), "planner": _Planner(seed=2)},
            rounds=CLERK_AGAINST_PLANNER,
            after_round=look,
        )

    assert outcome.faults == []
    assert seen == []
    # Both got somewhere; what was refused was refused by a rule: released, deleted meanwhile, and the like.
    assert outcome.done["clerk"] > CLERK_AGAINST_PLANNER * 0.6
    assert outcome.done["planner"] > CLERK_AGAINST_PLANNER * 0.6


# -- one of the two serial orders -----------------------------------------------------------------------------

CLERKS: dict[str, Callable[[SalesLine], object]] = {
    "quantity 12": lambda line: change(line, quantity=12),
    "split 4": lambda line: change(line, qty_to_assemble_to_order=4),
    "off": lambda line: change(line, qty_to_assemble_to_order=0),
    "ship 3": lambda line: change(line, qty_to_ship=3),
    "date": lambda line: change(line, shipment_date=day(30)),
    "box": lambda line: change(line, unit_of_measure="BOX"),
}
#: What is done to the component A, and through it to its document, as they were read before.
PLANNERS: dict[str, Callable[[AssemblyLine], object]] = {
    "per 3": lambda row: customise(row, quantity_per=3),
    "consume 1": lambda row: customise(row, quantity_to_consume=1),
    "add": lambda row: add_component(row.document, no="C", quantity_per="0.5"),
    "remove": remove_component,
    "early": lambda row: plan(row.document, starting_date=day(2)),
}


class _Pair:
    """A new order of ten with its assembly, and what a clerk and a planner are about to do to it."""

    def __init__(self, kit: Item, clerk: str, planner: str) -> None:
        self.line = sell_kit(kit, 10)
        self.component = component(assembly_of(self.line), "A")
        self.acts: dict[str, Callable[[int], object]] = {
            "clerk": lambda _: CLERKS[clerk](self.line),
            "planner": lambda _: PLANNERS[planner](self.component),
        }

    def one_after_the_other(self, *names: str) -> tuple[Any, ...]:
        for name in names:
            assert compete({name: self.acts[name]}, rounds=1).faults == []
        return self.shape()

    def at_once(self) -> tuple[Any, ...]:
        assert compete(self.acts, rounds=1).faults == []
        return self.shape()

    def shape(self) -> tuple[Any, ...]:
        """Everything of line and assembly that an edit may change."""
        line = line_of(self.line.document)
        if not has_assembly(line):
            return (*figures(line), line.shipment_date)
        document = assembly_of(line)
        dates = (document.due_date, document.ending_date, document.starting_date)
        amounts = (document.quantity, document.quantity_to_assemble, document.quantity_base)
        return (*figures(line), line.shipment_date, *dates, *amounts, *recipe(document))


@pytest.mark.parametrize("clerk", CLERKS)
def test_what_comes_of_two_acts_is_what_one_after_the_other_gives(kit: Item, clerk: str) -> None:
    make_item("C")

    for planner in PLANNERS:
        serial = [
            _Pair(kit, clerk, planner).one_after_the_other("clerk", "planner"),
            _Pair(kit, clerk, planner).one_after_the_other("planner", "clerk"),
        ]
        for _ in range(3):
            assert _Pair(kit, clerk, planner).at_once() in serial, planner
