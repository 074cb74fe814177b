"""What is posted and undone: shipments, invoices, assemblies. Every posting is previewed before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from assembly.models import PostedAssembly
from assembly.services.posting import post_assembly_order
from assembly.services.undo import undo_posted_assembly
from backoffice.exceptions import DomainError, Refusals
from sales.models import SalesShipment
from sales.services.posting import post_sales_order
from sales.services.undo import undo_shipment
from tests.previews import Posting, Shown, previewed, shown
from tests.scenarios.acts.steps import Steps, numbers, picks
from tests.support import address, change, plan, reopen

P = TypeVar("P", bound=Posting)


class Poster(Steps):
    """Postings of both kinds of orders, in any parts, and back again."""

    @rule(pick=picks)
    def ship(self, pick: int) -> None:
        no = self.order(pick).no
        self._post("ship", lambda: post_sales_order(no=no, ship=True, invoice=False))

    @rule(pick=picks)
    def invoice(self, pick: int) -> None:
        no = self.order(pick).no
        self._post("invoice", lambda: post_sales_order(no=no, ship=False, invoice=True))

    @rule(pick=picks)
    def ship_and_invoice(self, pick: int) -> None:
        no = self.order(pick).no
        self._post("ship and invoice", lambda: post_sales_order(no=no, ship=True, invoice=True))

    @rule(pick=picks, quantity=numbers)
    def ship_a_part(self, pick: int, quantity: str) -> None:
        """As clerks do it: the quantity to ship, the posting, and the order open again for the next edit."""
        line = self.one_of(self.order(pick).lines.select_related("document"), pick)
        if line is None:
            return
        if self.take("edit to ship", lambda: change(line, qty_to_ship=quantity)) is None:
            return
        no = line.document.no
        if self._post("ship a part", lambda: post_sales_order(no=no, ship=True, invoice=False)):
            self.take("reopen sales", lambda: reopen(line.document))

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
