"""What storekeepers and buyers do: adjust the stock, order and receive goods, reserve."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from inventory.models import (
    LedgerEntryType,
    MovementSource,
    PlannedMovement,
    PurchaseLine,
    PurchaseOrder,
    PurchaseStatus,
    Reservation,
)
from inventory.services import reserving
from inventory.services.adjusting import post_adjustments
from inventory.services.purchasing import change_purchase_line, create_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.services.reservations import Side, reserve_automatically
from sales.services.reserving import reserve_line
from tests.scenarios.acts.steps import MOST_PURCHASES, Steps, numbers, picks, places
from tests.support import d, day

goods = st.sampled_from(["A", "A", "B", "D", "K", "STK", "KA"])
unit_costs = st.sampled_from(["4", "5.5", "7.33333", "20"])
days = st.sampled_from([-3, 0, 2])


class Storekeeper(Steps):
    """Goods that come and go without a kit, and what is set aside."""

    @rule(item=goods, location=places, quantity=numbers, unit_cost=unit_costs, on=days)
    def find_goods(self, item: str, location: str, quantity: str, unit_cost: str, on: int) -> None:
        """At costs of their own, and backdated: what costs the average is to be costed anew (PST-41)."""
        row = {"item": item, "location": location, "quantity": d(quantity), "posting_date": day(on)}
        found = {**row, "entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT, "unit_cost": d(unit_cost)}
        self.take("find goods", lambda: post_adjustments([found]))

    @rule(item=goods, location=places, quantity=numbers, on=days)
    def miss_goods(self, item: str, location: str, quantity: str, on: int) -> None:
        row = {"item": item, "location": location, "quantity": d(quantity), "posting_date": day(on)}
        missed = {**row, "entry_type": LedgerEntryType.NEGATIVE_ADJUSTMENT}
        self.take("miss goods", lambda: post_adjustments([missed]))

    @rule(item=goods, location=places, quantity=numbers, unit_cost=unit_costs, on=st.sampled_from([0, 4, 12]))
    def order_goods(self, item: str, location: str, quantity: str, unit_cost: str, on: int) -> None:
        if PurchaseOrder.objects.count() >= MOST_PURCHASES:
            return
        line = {
            "item": item,
            "location": location,
            "quantity": d(quantity),
            "unit_cost": d(unit_cost),
            "expected_receipt_date": day(on),
        }
        self.take("order goods", lambda: create_purchase_order({"vendor_name": "Vendor", "lines": [line]}))

    @rule(
        pick=picks,
        edit=st.sampled_from(
            [
                {"quantity": d(3)},
                {"quantity": d(9)},
                {"unit_cost": d(6)},
                {"expected_receipt_date": day(15)},
                {"expected_receipt_date": day(1)},
            ]
        ),
    )
    def change_what_is_ordered(self, pick: int, edit: dict[str, Any]) -> None:
        line = self.one_of(PurchaseLine.objects.select_related("order"), pick)
        if line is not None:
            self.take("edit purchase line", lambda: change_purchase_line(line.order.no, line.line_no, edit))

    @rule(pick=picks, quantity=numbers, everything=st.booleans(), on=days)
    def receive_goods(self, pick: int, quantity: str, everything: bool, on: int) -> None:
        lines = PurchaseLine.objects.select_related("order")
        line = self.mostly(lines.exclude(order__status=PurchaseStatus.CLOSED), lines, pick)
        if line is not None:
            arrived = {} if everything else {"lines": [{"line_no": line.line_no, "quantity": d(quantity)}]}
            values = {**arrived, "posting_date": day(on)}
            self.take("receive goods", lambda: receive_purchase_order(line.order.no, values))

    # -- reservations -----------------------------------------------------------------------------------------

    @rule(pick=picks, quantity=st.one_of(st.none(), numbers))
    def reserve_for_a_sales_line(self, pick: int, quantity: str | None) -> None:
        line = self.one_of(self.order(pick).lines.select_related("document"), pick)
        if line is not None:
            no, wanted = line.document.no, None if quantity is None else d(quantity)
            self.take("reserve for sales line", lambda: reserve_line(no=no, line_no=line.line_no, quantity=wanted))

    @rule(pick=picks, quantity=st.one_of(st.none(), numbers))
    def reserve_for_a_component(self, pick: int, quantity: str | None) -> None:
        movements = PlannedMovement.objects.filter(source_kind=MovementSource.ASSEMBLY_ORDER_LINE)
        movement = self.one_of(movements, pick)
        if movement is not None:
            demand = Side(
                type=MovementSource.ASSEMBLY_ORDER_LINE, document_no=movement.document_no, line_no=movement.line_no
            )
            wanted = None if quantity is None else d(quantity)
            self.take("reserve for component", lambda: reserve_automatically(demand=demand, quantity=wanted))

    @rule(pick=picks)
    def cancel_a_reservation(self, pick: int) -> None:
        row = self.mostly(Reservation.objects.filter(is_order_to_order=False), Reservation.objects.all(), pick)
        if row is not None:
            self.take("cancel reservation", lambda: reserving.cancel(row.entry_no))
