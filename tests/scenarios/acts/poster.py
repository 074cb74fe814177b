"""What is posted and undone: shipments, invoices, assemblies. Every posting is previewed before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import rule

from assembly.models import AssemblyDocument, AssemblyLine, PostedAssembly
from assembly.services.posting import post_assembly_order
from assembly.services.undo import undo_posted_assembly
from backoffice.exceptions import DomainError, Refusals
from inventory.models import StockBalance
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesShipment
from sales.services.posting import post_sales_order
from sales.services.undo import undo_shipment
from tests.previews import Posting, Shown, previewed, shown
from tests.scenarios.acts.steps import Steps, numbers, picks
from tests.support import address, change, d, plan, reopen

P = TypeVar("P", bound=Posting)
Goods = dict[str, list[tuple[Any, ...]]]


def done() -> Goods:
    """Return what is in stock, and what is shipped, assembled and consumed."""
    return {
        "stock": sorted(StockBalance.objects.filter(quantity__gt=0).values_list("pk", "quantity")),
        "lines": sorted(SalesLine.objects.values_list("pk", "quantity_shipped", "quantity_shipped_base")),
        "assembly": sorted(AssemblyDocument.objects.values_list("pk", "assembled_quantity_base")),
        "components": sorted(AssemblyLine.objects.values_list("pk", "consumed_quantity_base")),
    }


class Poster(Steps):
    """Postings of both kinds of orders, in any parts, and back again."""

    @rule(pick=picks)
    def ship(self, pick: int) -> None:
        no = self.order(pick).no
        self._post("ship", lambda: post_sales_order(no=no, ship=True, invoice=False))

    @rule(pick=picks)
    def invoice(self, pick: int) -> None:
        shipped = SalesDocument.objects.filter(lines__quantity_shipped__gt=F("lines__quantity_invoiced")).distinct()
        order = self.mostly(shipped.filter(document_type=SalesDocumentType.ORDER), SalesDocument.objects.all(), pick)
        if order is not None and order.is_order:
            self._post("invoice", lambda: post_sales_order(no=order.no, ship=False, invoice=True))

    @rule(pick=picks)
    def ship_and_invoice(self, pick: int) -> None:
        no = self.order(pick).no
        self._post("ship and invoice", lambda: post_sales_order(no=no, ship=True, invoice=True))

    @rule(pick=picks, quantity=numbers, is_invoiced=st.booleans())
    def ship_a_part(self, pick: int, quantity: str, is_invoiced: bool) -> None:
        """As clerks do it: the quantity to ship, the posting, and the order open again for the next edit."""
        line = self._line_to_ship(pick, quantity)
        if line is None:
            return
        no = line.document.no
        if self._post("ship a part", lambda: post_sales_order(no=no, ship=True, invoice=is_invoiced)):
            self.take("reopen sales", lambda: reopen(line.document))

    @rule(pick=picks, quantity=numbers)
    def ship_a_part_and_take_it_back(self, pick: int, quantity: str) -> None:
        """Wherever the house stands: what was shipped and undone was not shipped."""
        line = self._line_to_ship(pick, quantity)
        if line is None:
            return
        before, no = done(), line.document.no
        posted = self.take("ship to undo", lambda: post_sales_order(no=no, ship=True, invoice=False))
        if posted is not None and posted.shipment is not None:
            shipment = posted.shipment.no
            if self.take("undo shipment at once", lambda: undo_shipment(no=shipment)):
                assert done() == before

    def _line_to_ship(self, pick: int, quantity: str) -> SalesLine | None:
        """Enter a quantity to ship on a line of an order, not more than there is to ship; return the line."""
        line = self.one_of(self.order(pick).lines.select_related("document"), pick)
        if line is None:
            return None
        to_ship = min(d(quantity), line.outstanding_quantity)
        return self.take("edit to ship", lambda: change(line, qty_to_ship=to_ship))

    @rule(pick=picks)
    def post_an_order_to_stock(self, pick: int) -> None:
        document = self.order_to_stock(pick)
        if document is not None:
            self._post("assemble", lambda: post_assembly_order(no=document.no))

    @rule(pick=picks, quantity=numbers)
    def post_a_part_to_stock(self, pick: int, quantity: str) -> None:
        document = self.order_to_stock(pick)
        if document is None:
            return
        if self.take("plan quantity_to_assemble", lambda: plan(document, quantity_to_assemble=quantity)) is None:
            return
        self._post("assemble a part", lambda: post_assembly_order(no=address(document)["no"]))

    @rule(pick=picks, recreate=st.booleans())
    def post_to_stock_and_take_it_back(self, pick: int, recreate: bool) -> None:
        """Wherever the house stands: what was assembled and undone was not assembled."""
        document = self.order_to_stock(pick)
        if document is None:
            return
        before = done()
        posted = self.take("assemble to undo", lambda: post_assembly_order(no=document.no))
        if posted is not None:
            no = posted.document.no
            if self.take("undo assembly at once", lambda: undo_posted_assembly(no=no, recreate=recreate)):
                assert done() == before

    @rule(pick=picks, whole=st.booleans())
    def undo_a_shipment(self, pick: int, whole: bool) -> None:
        standing = SalesShipment.objects.filter(lines__correction=False, lines__quantity_invoiced=0).distinct()
        shipment = self.mostly(standing, SalesShipment.objects.all(), pick)
        if shipment is not None:
            line = self.one_of(shipment.lines.all(), pick)
            assert line is not None, "a shipment has lines"
            nos = None if whole else [line.line_no]
            self.take("undo shipment", lambda: undo_shipment(no=shipment.no, line_nos=nos))

    @rule(pick=picks, recreate=st.booleans())
    def undo_an_assembly(self, pick: int, recreate: bool) -> None:
        standing = PostedAssembly.objects.filter(assemble_to_order=False, reversed=False)
        posted = self.mostly(standing, PostedAssembly.objects.all(), pick)
        if posted is not None:
            self.take("undo assembly", lambda: undo_posted_assembly(no=posted.no, recreate=recreate))

    def _post(self, name: str, act: Callable[[], P]) -> bool:
        """Preview, then post: the preview shows exactly what the posting writes, and refuses what it refuses."""
        preview: Shown | None
        try:
            preview = previewed(act)
        except (DomainError, Refusals):
            preview = None
        posted = self.take(name, act)
        assert preview == (None if posted is None else shown(posted))
        return posted is not None
