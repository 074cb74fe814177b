"""What sales clerks do: enter, change, release, reopen and delete; make one document out of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from assembly.models import AssemblyLineType
from assembly.services.amending import amend_order
from inventory.rounding import round_quantity
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesStatus
from sales.services.explode import explode_bom
from sales.services.handing_on import call_off, copy_document, make_order_of_quote
from tests.scenarios.acts.steps import MOST_DOCUMENTS, MOST_LINES, Steps, numbers, picks
from tests.support import (
    add_sales_line,
    assembly_of,
    change,
    change_header,
    d,
    day,
    delete_line,
    has_assembly,
    release,
    reopen,
    sell,
)

KITS = ["K", "KA", "STK", "A"]


class Clerk(Steps):
    """One document of each kind to begin with."""

    @initialize(quantity=numbers, kit=st.sampled_from(KITS))
    def open_the_day(self, quantity: str, kit: str) -> None:
        documents = [sell(document_type=kind) for kind in SalesDocumentType]
        for document in documents:
            add_sales_line(document, no="K", quantity=quantity)
        add_sales_line(documents[-1], no=kit, quantity=quantity)

    @rule(pick=picks, quantity=numbers, kit=st.sampled_from(KITS))
    def enter_a_line(self, pick: int, quantity: str, kit: str) -> None:
        document = self.document(pick)
        if document.lines.count() < MOST_LINES:
            self.take("enter a line", lambda: add_sales_line(document, no=kit, quantity=quantity))

    @rule(pick=picks, quantity=numbers)
    def change_the_quantity(self, pick: int, quantity: str) -> None:
        self._edit("quantity", pick, quantity=quantity)

    @rule(pick=picks, part=numbers)
    def change_the_split(self, pick: int, part: str) -> None:
        self._edit("split", pick, qty_to_assemble_to_order=part)

    @rule(pick=picks, quantity=numbers)
    def change_what_to_ship(self, pick: int, quantity: str) -> None:
        self._edit("to ship", pick, qty_to_ship=quantity)

    @rule(pick=picks, quantity=numbers)
    def change_what_to_invoice(self, pick: int, quantity: str) -> None:
        self._edit("to invoice", pick, qty_to_invoice=quantity)

    @rule(pick=picks, quantity=numbers, part=numbers, ship=numbers)
    def change_all_quantities(self, pick: int, quantity: str, part: str, ship: str) -> None:
        self._edit("all quantities", pick, quantity=quantity, qty_to_assemble_to_order=part, qty_to_ship=ship)

    @rule(pick=picks, location=st.sampled_from(["BLUE", "MAIN"]))
    def move_to_another_location(self, pick: int, location: str) -> None:
        self._edit("location", pick, location=location)

    @rule(pick=picks, days=st.sampled_from([3, 10, 20]))
    def change_the_shipment_date(self, pick: int, days: int) -> None:
        self._edit("date", pick, shipment_date=day(days))

    @rule(pick=picks, unit=st.sampled_from(["BOX", "PCS"]))
    def change_the_unit(self, pick: int, unit: str) -> None:
        self._edit("unit", pick, unit_of_measure=unit)

    @rule(
        pick=picks,
        edit=st.sampled_from(
            [
                {"variant": "RED"},
                {"variant": ""},
                {"no": "STK"},
                {"no": "K"},
                {"type": "comment"},
                {"bin": "B1"},
                {"unit_price": "80"},
                {"line_discount_percent": "10"},
            ]
        ),
    )
    def change_something_else(self, pick: int, edit: dict[str, Any]) -> None:
        self._edit("something else", pick, **edit)

    def _edit(self, name: str, pick: int, **values: Any) -> None:
        """Change a line. What a planner customised stays through all but a refresh, or its own end (TRP-07)."""
        line = self.line(pick)
        if line is None:
            return
        before = _customisation(line)
        if self.take(f"edit {name}", lambda: change(line, **values)):
            after = _customisation(line)
            if before and after and before["no"] == after["no"]:
                factor = after.pop("factor") / before.pop("factor")
                before["per"] = round_quantity(before["per"] * factor)
                assert after == before

    @rule(
        pick=picks,
        edit=st.sampled_from(
            [
                {"shipment_date": day(5)},
                {"shipment_date": day(15)},
                {"posting_date": day(1)},
                {"posting_date": day(-2)},
                {"shipping_advice": "complete"},
                {"shipping_advice": "partial"},
            ]
        ),
    )
    def change_the_header(self, pick: int, edit: dict[str, Any]) -> None:
        document = self.document(pick)
        self.take("edit header", lambda: change_header(document, **edit))

    @rule(pick=picks, act=st.sampled_from([release, reopen]))
    def release_or_reopen(self, pick: int, act: Callable[[SalesDocument], SalesDocument]) -> None:
        document = self.document(pick)
        self.take(f"{act.__name__} sales", lambda: act(document))

    @rule(pick=picks, quantity=numbers, per=st.none() | numbers, days=st.sampled_from([3, 10, 20]))
    def amend_an_order(self, pick: int, quantity: str, per: str | None, days: int) -> None:
        order = self.mostly(
            SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER, status=SalesStatus.RELEASED),
            SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER),
            pick,
        )
        line = None if order is None else self.one_of(order.lines.all(), pick)
        if order is None or line is None:
            return
        part = assembly_of(line).lines.first() if per and has_assembly(line) else None
        no, line_no = order.no, line.line_no

        def amend() -> SalesDocument:
            return amend_order(
                no=no,
                values={"shipment_date": day(days)},
                lines={line_no: {"quantity": d(quantity)}},
                components={line_no: {part.line_no: {"quantity_per": d(per)}}} if part and per else {},
                reason="The customer called",
            )

        self.take("amend with components" if part else "amend", amend)

    @rule(pick=picks)
    def delete_a_line(self, pick: int) -> None:
        line = self.line(pick)
        if line is not None and SalesLine.objects.count() > 2:
            self.take("delete line", lambda: delete_line(line))

    @rule(pick=picks)
    def explode_a_line(self, pick: int) -> None:
        line = self.line(pick)
        if line is not None and line.document.lines.count() < MOST_LINES:
            kind, no = SalesDocumentType(line.document.document_type), line.document.no
            self.take("explode", lambda: explode_bom(document_type=kind, no=no, line_no=line.line_no))

    # -- one document out of another --------------------------------------------------------------------------

    @rule(pick=picks)
    def make_an_order_of_a_quote(self, pick: int) -> None:
        quote = self._of_kind(SalesDocumentType.QUOTE, pick)
        if quote is not None:
            self.take("quote to order", lambda: make_order_of_quote(no=quote.no))

    @rule(pick=picks, quantity=numbers)
    def call_off(self, pick: int, quantity: str) -> None:
        blanket = self._of_kind(SalesDocumentType.BLANKET_ORDER, pick)
        line = None if blanket is None else self.one_of(blanket.lines.all(), pick)
        if blanket is not None and line is not None:
            self.take("call off", lambda: call_off(no=blanket.no, called={line.line_no: d(quantity)}))

    @rule(pick=picks, to=st.sampled_from(list(SalesDocumentType)), recalculate=st.booleans())
    def copy(self, pick: int, to: SalesDocumentType, recalculate: bool) -> None:
        source = self.document(pick)
        if SalesDocument.objects.count() < MOST_DOCUMENTS:
            kind = SalesDocumentType(source.document_type)
            self.take(
                "copy",
                lambda: copy_document(document_type=kind, no=source.no, to=to, recalculate_lines=recalculate),
            )

    def _of_kind(self, kind: SalesDocumentType, pick: int) -> SalesDocument | None:
        """Return a document of the kind, None while there are enough documents already."""
        if SalesDocument.objects.count() >= MOST_DOCUMENTS:
            return None
        return self.one_of(SalesDocument.objects.filter(document_type=kind), pick)


def _customisation(line: SalesLine) -> dict[str, Any] | None:
    """Return what a planner may have done to the first component, and the words that were added."""
    if not has_assembly(line):
        return None
    document = assembly_of(line)
    row = document.lines.exclude(type=AssemblyLineType.TEXT).first()
    if row is None:
        return None
    return {
        "no": (document.no, row.no),
        "per": row.quantity_per,
        "words": document.lines.filter(type=AssemblyLineType.TEXT).count(),
        "factor": document.qty_per_unit_of_measure,
    }
