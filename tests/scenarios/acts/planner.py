"""What planners and the assembly department do: orders to stock, customised kits, bills of materials, costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from assembly.models import AssemblyDocument, AssemblyLine, AssemblyLineType
from assembly.services.documents import delete_assembly_document, update_unit_cost
from assembly.services.lines import explode_line
from inventory.models import Item
from inventory.services.boms import replace_bom
from inventory.services.standard_cost import calculate_standard_cost
from tests.scenarios.acts.steps import MOST_ORDERS_TO_STOCK, Steps, numbers, picks, places
from tests.support import (
    add_component,
    address,
    assemble,
    customise,
    d,
    day,
    plan,
    refresh_lines,
    release_assembly,
    remove_component,
    reopen_assembly,
)

Recipe = list[tuple[str, str]]

#: What K may consist of from one day to the next: component and quantity per.
RECIPES: list[Recipe] = [[("A", "2")], [("A", "3"), ("D", "1")], [("D", "0.5")], [("B", "1.5"), ("A", "2")]]


class Planner(Steps):
    """Assembly documents of both origins, and what kits consist of."""

    @rule(item=st.sampled_from(["STK", "K", "KA"]), quantity=numbers, location=places)
    def enter_an_order_to_stock(self, item: str, quantity: str, location: str) -> None:
        if AssemblyDocument.objects.filter(link=None).count() < MOST_ORDERS_TO_STOCK:
            kit = Item.objects.get(no=item)
            self.take("enter order to stock", lambda: assemble(kit, quantity, location=location))

    @rule(
        pick=picks,
        edit=st.one_of(
            st.builds(lambda number: {"quantity_to_assemble": number}, numbers),
            st.builds(lambda number: {"quantity": number}, numbers),
            st.sampled_from(
                [
                    {"starting_date": day(1)},
                    {"ending_date": day(9)},
                    {"posting_date": day(-1)},
                    {"location": "BLUE"},
                    {"unit_of_measure": "BOX"},
                    {"indirect_cost_percent": "5"},
                ]
            ),
        ),
    )
    def plan(self, pick: int, edit: dict[str, Any]) -> None:
        document = self.assembly(pick)
        if document is not None:
            self.take(f"plan {next(iter(edit))}", lambda: plan(document, **edit))

    @rule(pick=picks, per=numbers)
    def customise(self, pick: int, per: str) -> None:
        row = self._component(pick)
        if row is not None:
            self.take("customise", lambda: customise(row, quantity_per=per))

    @rule(
        pick=picks,
        edit=st.one_of(
            st.builds(lambda number: {"quantity_to_consume": number}, numbers),
            st.builds(lambda number: {"quantity": number}, numbers),
            st.sampled_from([{"location": "BLUE"}, {"due_date": day(0)}, {"no": "D"}, {"no": "A"}]),
        ),
    )
    def edit_a_component(self, pick: int, edit: dict[str, Any]) -> None:
        row = self._component(pick)
        if row is not None:
            self.take(f"edit component {next(iter(edit))}", lambda: customise(row, **edit))

    @rule(pick=picks, per=numbers, no=st.sampled_from(["", "B", "D"]))
    def add_words_or_a_component(self, pick: int, per: str, no: str) -> None:
        document = self.assembly(pick)
        if document is None or document.lines.count() >= 5:
            return
        line = {"type": "item", "no": no, "quantity_per": per} if no else {"type": "text", "description": "Ribbon"}
        self.take("add component", lambda: add_component(document, **line))

    @rule(pick=picks)
    def remove_a_component(self, pick: int) -> None:
        row = self._component(pick)
        if row is not None:
            self.take("remove component", lambda: remove_component(row))

    @rule(pick=picks)
    def explode_a_component(self, pick: int) -> None:
        row = self._component(pick)
        if row is not None:
            where = address(row.document)
            self.take("explode component", lambda: explode_line(**where, line_no=row.line_no))

    @rule(pick=picks)
    def refresh(self, pick: int) -> None:
        document = self.assembly(pick)
        if document is not None:
            self.take("refresh", lambda: refresh_lines(document))

    @rule(pick=picks)
    def take_the_lines_cost(self, pick: int) -> None:
        document = self.assembly(pick)
        if document is not None:
            self.take("update unit cost", lambda: update_unit_cost(**address(document)))

    @rule(pick=picks, act=st.sampled_from([release_assembly, reopen_assembly]))
    def release_or_reopen_an_assembly(self, pick: int, act: Callable[[AssemblyDocument], AssemblyDocument]) -> None:
        document = self.assembly(pick)
        if document is not None:
            self.take(act.__name__, lambda: act(document))

    @rule(pick=picks)
    def delete_an_assembly(self, pick: int) -> None:
        document = self.assembly(pick)
        if document is not None:
            self.take("delete assembly", lambda: delete_assembly_document(**address(document)))

    @rule(recipe=st.sampled_from(RECIPES))
    def change_the_bill_of_materials(self, recipe: Recipe) -> None:
        parts = [{"type": "item", "no": no, "quantity_per": d(per)} for no, per in recipe]
        hand = {"type": "resource", "no": "R", "quantity_per": d(1)}
        self.take("change bill of materials", lambda: replace_bom("K", [*parts, hand]))

    @rule(item=st.sampled_from(["K", "STK", "KA"]), all_levels=st.booleans())
    def calculate_the_standard_cost(self, item: str, all_levels: bool) -> None:
        self.take("calculate standard cost", lambda: calculate_standard_cost(no=item, all_levels=all_levels))

    def _component(self, pick: int) -> AssemblyLine | None:
        rows = AssemblyLine.objects.exclude(type=AssemblyLineType.TEXT).select_related("document")
        return self.one_of(rows, pick)
