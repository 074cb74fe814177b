"""Any order of edits: whatever clerk and planner do, all invariants hold after every step (Hypothesis).

A step is taken or refused by a rule; a refused one leaves everything as it was. What a planner customised stays
through all but a refresh, or the assembly's own end (TRP-07).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assembly.models import AssemblyDocument
from backoffice import integrity
from backoffice.exceptions import DomainError
from inventory.models import Item
from inventory.rounding import round_quantity
from sales.models import SalesDocument, SalesDocumentType, SalesLine
from tests.factories import make_location
from tests.support import (
    add_component,
    add_sales_line,
    assembly_of,
    change,
    customise,
    day,
    delete_line,
    has_assembly,
    plan,
    refresh_lines,
    release,
    release_assembly,
    reopen,
    reopen_assembly,
    sell,
    state,
)

numbers = st.sampled_from(["0", "1", "2", "2.5", "3", "4.33333", "7", "10", "12"])
picks = st.integers(min_value=0, max_value=99)


class Edits(RuleBasedStateMachine):
    """One document of each kind, and the edits that it may suffer."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.documents = [sell(document_type=kind) for kind in SalesDocumentType]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(quantity=numbers, kit=st.sampled_from(["K", "STK"]))
    def enter_a_line_on_each(self, quantity: str, kit: str) -> None:
        for document in self.documents:
            add_sales_line(document, no="K", quantity=quantity)
        add_sales_line(self.documents[-1], no=kit, quantity=quantity)

    # -- how a step is taken ----------------------------------------------------------------------------------

    def _document(self, pick: int) -> SalesDocument:
        # Orders twice as often as the other two kinds.
        return [*self.documents, self.documents[-1]][pick % 4]

    def _line(self, pick: int) -> SalesLine:
        lines = list(SalesLine.objects.select_related("document", "item").order_by("pk"))
        return lines[pick % len(lines)]

    def _take(self, act: Callable[[], object]) -> bool:
        """Take a step; return whether it was taken. A refused one moves nothing."""
        before = state()
        try:
            with transaction.atomic():
                act()
        except DomainError:
            assert state() == before
            return False
        return True

    def _edit(self, line: SalesLine, **values: Any) -> None:
        before = _customisation(line)
        if self._take(lambda: change(line, **values)):
            after = _customisation(line)
            if before and after and before["no"] == after["no"]:
                factor = after.pop("factor") / before.pop("factor")
                before["per"] = round_quantity(before["per"] * factor)
                assert after == before

    # -- the steps --------------------------------------------------------------------------------------------

    @rule(pick=picks, quantity=numbers, kit=st.sampled_from(["K", "STK"]))
    def enter(self, pick: int, quantity: str, kit: str) -> None:
        document = self._document(pick)
        if document.lines.count() < 3:
            self._take(lambda: add_sales_line(document, no=kit, quantity=quantity))

    @precondition(lambda self: SalesLine.objects.exists())
    @rule(
        pick=picks,
        name=st.sampled_from(["quantity", "quantity", "qty_to_assemble_to_order", "qty_to_ship"]),
        number=numbers,
    )
    def change_a_quantity(self, pick: int, name: str, number: str) -> None:
        self._edit(self._line(pick), **{name: number})

    @precondition(lambda self: SalesLine.objects.exists())
    @rule(pick=picks, quantity=numbers, part=numbers, ship=numbers)
    def change_all_quantities(self, pick: int, quantity: str, part: str, ship: str) -> None:
        self._edit(self._line(pick), quantity=quantity, qty_to_assemble_to_order=part, qty_to_ship=ship)

    @precondition(lambda self: SalesLine.objects.exists())
    @rule(
        pick=picks,
        edit=st.sampled_from(
            [
                {"variant": "RED"},
                {"variant": ""},
                {"location": "BLUE"},
                {"location": "MAIN"},
                {"unit_of_measure": "BOX"},
                {"unit_of_measure": "PCS"},
                {"shipment_date": day(20)},
                {"shipment_date": day(3)},
                {"no": "STK"},
                {"no": "K"},
                {"type": "comment"},
                {"bin": "B1"},
            ]
        ),
    )
    def change_something_else(self, pick: int, edit: dict[str, Any]) -> None:
        self._edit(self._line(pick), **edit)

    @precondition(lambda self: AssemblyDocument.objects.exists())
    @rule(pick=picks, per=numbers)
    def customise(self, pick: int, per: str) -> None:
        row = _assembly(pick).lines.exclude(type="text").first()
        if row is not None:
            self._take(lambda: customise(row, quantity_per=per))

    @precondition(lambda self: AssemblyDocument.objects.exists())
    @rule(
        pick=picks,
        edit=st.one_of(
            st.builds(lambda number: {"quantity_to_assemble": number}, numbers),
            st.sampled_from([{"starting_date": day(1)}, {"ending_date": day(9)}, {"posting_date": day(-1)}]),
        ),
    )
    def plan(self, pick: int, edit: dict[str, Any]) -> None:
        document = _assembly(pick)
        self._take(lambda: plan(document, **edit))

    @precondition(lambda self: AssemblyDocument.objects.exists())
    @rule(pick=picks)
    def add_words(self, pick: int) -> None:
        document = _assembly(pick)
        if document.lines.count() < 5:
            self._take(lambda: add_component(document, type="text", description="Ribbon"))

    @precondition(lambda self: AssemblyDocument.objects.exists())
    @rule(pick=picks)
    def refresh(self, pick: int) -> None:
        document = _assembly(pick)
        self._take(lambda: refresh_lines(document))

    @rule(pick=picks, act=st.sampled_from([release, reopen]))
    def move_the_sales_document(self, pick: int, act: Callable[[SalesDocument], object]) -> None:
        document = self._document(pick)
        self._take(lambda: act(document))

    @precondition(lambda self: AssemblyDocument.objects.exists())
    @rule(pick=picks, act=st.sampled_from([release_assembly, reopen_assembly]))
    def move_the_assembly(self, pick: int, act: Callable[[AssemblyDocument], object]) -> None:
        document = _assembly(pick)
        self._take(lambda: act(document))

    @precondition(lambda self: SalesLine.objects.exists())
    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        line = self._line(pick)
        if SalesLine.objects.count() > 2:
            self._take(lambda: delete_line(line))

    # -- what holds -------------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        assert [str(violation) for violation in integrity.violations()] == []


def _assembly(pick: int) -> AssemblyDocument:
    documents = list(AssemblyDocument.objects.order_by("pk"))
    return documents[pick % len(documents)]


def _customisation(line: SalesLine) -> dict[str, Any] | None:
    """Return what a planner may have done to the first component, and the words that were added."""
    if not has_assembly(line):
        return None
    document = assembly_of(line)
    row = document.lines.exclude(type="text").first()
    if row is None:
        return None
    return {
        "no": (document.no, row.no),
        "per": row.quantity_per,
        "words": document.lines.filter(type="text").count(),
        "factor": document.qty_per_unit_of_measure,
    }


@pytest.mark.slow
def test_any_order_of_edits(kit: Item, stock_kit: Item) -> None:
    make_location("BLUE")
    make_location("MAIN", bins=["B1"])

    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=50,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
