"""What the documents say there is and will be, counted the slow way: the measure that the figures are held against.

Nothing here looks at planned movements, stock balances or counters: only at documents, ledger entries and reservations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from assembly.models import AssemblyDocument, AssemblyLine
from inventory.models import Item, ItemLedgerEntry, PurchaseLine, Reservation, Setup
from sales.models import SalesLine

ZERO = Decimal(0)
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one row of a document takes (negative) or brings, and what of it is reserved."""

    source: tuple[str, int]
    place: Place
    date: dt.date
    quantity: Decimal
    reserved: Decimal


class Books:
    """All documents as they stand."""

    def __init__(self) -> None:
        self.setup = Setup.objects.get(pk=1)
        self.items = Item.objects.in_bulk()
        self.on_hand: dict[Place, Decimal] = {}
        self.reserved_on_hand: dict[Place, Decimal] = {}
        for entry in ItemLedgerEntry.objects.all():
            place = (entry.item_id, entry.variant_code, entry.location_id)
            self.on_hand[place] = self.on_hand.get(place, ZERO) + entry.quantity
        self._reserved: dict[tuple[str, int], Decimal] = {}
        for reservation in Reservation.objects.select_related("demand", "supply", "supply_entry"):
            self._count(reservation)
        self.rows = [*self._sales(), *self._assembly(), *self._purchases()]

    def _count(self, reservation: Reservation) -> None:
        sides = [reservation.demand, *([reservation.supply] if reservation.supply else [])]
        for side in sides:
            source = (str(side.source_kind), side.source_id)
            self._reserved[source] = self._reserved.get(source, ZERO) + reservation.quantity
        entry = reservation.supply_entry
        if entry is not None:
            place = (entry.item_id, entry.variant_code, entry.location_id)
            self.reserved_on_hand[place] = self.reserved_on_hand.get(place, ZERO) + reservation.quantity

    def _row(self, kind: str, pk: int, place: Place, date: dt.date | None, quantity: Decimal) -> Iterable[Row]:
        if quantity and date is not None:
            reserved = self._reserved.get((kind, pk), ZERO)
            yield Row(source=(kind, pk), place=place, date=date, quantity=quantity, reserved=reserved)

    def _sales(self) -> Iterable[Row]:
        for line in SalesLine.objects.filter(document__document_type="sales_order", type="item"):
            place = (str(line.item_id), line.variant_code, str(line.location_id))
            left = line.quantity_base - line.quantity_shipped_base
            yield from self._row("sales_order_line", line.pk, place, line.shipment_date, -left)

    def _assembly(self) -> Iterable[Row]:
        for order in AssemblyDocument.objects.filter(document_type="assembly_order"):
            place = (order.item_id, order.variant_code, order.location_id)
            left = order.quantity_base - order.assembled_quantity_base
            yield from self._row("assembly_order", order.pk, place, order.due_date, left)
            for line in order.lines.filter(type="item"):
                at = (str(line.item_id), line.variant_code, str(line.location_id))
                rest = max(line.quantity_base - line.consumed_quantity_base, ZERO) if left else ZERO
                yield from self._row("assembly_order_line", line.pk, at, line.due_date, -rest)

    def _purchases(self) -> Iterable[Row]:
        for line in PurchaseLine.objects.all():
            place = (line.item_id, line.variant_code, line.location_id)
            left = line.quantity_base - line.quantity_received_base
            yield from self._row("purchase_order_line", line.pk, place, line.expected_receipt_date, left)

    # -- figures ----------------------------------------------------------------------------------------------

    def free_in_stock(self, place: Place) -> Decimal:
        return self.on_hand.get(place, ZERO) - self.reserved_on_hand.get(place, ZERO)

    def nets(self, place: Place, own: tuple[str, int] | None = None) -> dict[dt.date, Decimal]:
        """What is not reserved, by day; of one's own demand only what is reserved for it, which is there for it."""
        found: dict[dt.date, Decimal] = {}
        for row in self.rows:
            if row.place != place:
                continue
            free = abs(row.quantity) - row.reserved
            net = row.reserved if row.source == own else free if row.quantity > 0 else -free
            found[row.date] = found.get(row.date, ZERO) + net
        return found

    def available(self, place: Place, date: dt.date, own: tuple[str, int] | None = None) -> Decimal:
        nets = self.nets(place, own)
        return self.free_in_stock(place) + sum((net for at, net in nets.items() if at <= date), ZERO)

    def ahead(self, place: Place, date: dt.date, own: tuple[str, int] | None = None) -> Decimal:
        """What the look-ahead takes away, walking day by day."""
        nets, taken = self.nets(place, own), ZERO
        for step in range(1, (self.setup.check_avail_period_days or 0) + 1):
            net = nets.get(date + dt.timedelta(days=step), ZERO)
            if net > 0:
                break
            taken -= net
        return taken

    def first_day(self, place: Place, needed: Decimal, start: dt.date, own: tuple[str, int] | None) -> dt.date | None:
        """AVL-10, told as it is: walk through every single day."""
        nets = self.nets(place, own)
        balance = self.available(place, start, own)
        found = start if balance >= needed else None
        last = max([start, *nets])
        at = start
        while at < last:
            at += dt.timedelta(days=1)
            net = nets.get(at, ZERO)
            if net > 0 and found is not None:
                break
            balance += net
            if net > 0 and balance >= needed:
                return at
            if balance < needed:
                found = None
        return found

    # -- what can be assembled ----------------------------------------------------------------------------------

    def line(self, line: AssemblyLine, order: AssemblyDocument) -> tuple[Decimal, dt.date | None, bool]:
        """Return what a component allows, its date, and whether it is short."""
        assert line.due_date is not None
        place = (str(line.item_id), line.variant_code, str(line.location_id))
        own = ("assembly_order_line", line.pk) if order.document_type == "assembly_order" else None
        left = order.quantity - order.assembled_quantity
        needed = max(line.quantity_base - line.consumed_quantity_base, ZERO) if left else ZERO
        there = self.available(place, line.due_date, own)
        short = needed > 0 and there < needed
        expected = there - self.ahead(place, line.due_date, own)
        if expected >= needed:
            return left, None, short
        date = self.first_day(place, needed, line.due_date, own)
        if expected < 0:
            return (left if self.free_in_stock(place) >= needed else ZERO), date, short
        per_unit = line.quantity_per * line.qty_per_unit_of_measure
        able = (expected / per_unit).quantize(Decimal("0.00001"), rounding=ROUND_FLOOR) if per_unit else left
        return min(able, left), date, short

    def order(self, order: AssemblyDocument) -> tuple[Decimal, dt.date | None, list[bool]]:
        """Return what can be assembled of an order, from when, and which of its item lines are short."""
        lines = list(order.lines.filter(type="item").order_by("line_no"))
        found = [self.line(line, order) for line in lines]
        counted = [one for line, one in zip(lines, found, strict=True) if line.quantity_per]
        able = min([order.quantity - order.assembled_quantity, *(one[0] for one in counted)])
        starts = [
            one[1] + dt.timedelta(days=line.lead_time_offset_days)
            for line, one in zip(lines, found, strict=True)
            if line.quantity_per and one[1] is not None
        ]
        item = self.items[order.item_id]
        safety = item.safety_lead_time_days
        days = item.lead_time_days + (self.setup.default_safety_lead_time_days if safety is None else safety)
        date = max(starts) + dt.timedelta(days=days) if starts else None
        return able, date, [one[2] for one in found]

    def sales_line(self, line: SalesLine) -> tuple[Decimal, Decimal, bool]:
        """Return what is available and on hand for a line in its unit, and whether its part from stock is short."""
        assert line.shipment_date is not None
        place = (str(line.item_id), line.variant_code, str(line.location_id))
        available = self.available(place, line.shipment_date) - self.ahead(place, line.shipment_date)
        own = ("sales_order_line", line.pk)
        left = line.quantity_base - line.quantity_shipped_base
        there = self.available(place, line.shipment_date, own) - self.ahead(place, line.shipment_date, own)
        fully = 0 < line.qty_to_assemble_to_order == line.quantity
        factor, five = line.qty_per_unit_of_measure, Decimal("0.00001")
        return (
            (available / factor).quantize(five, rounding="ROUND_HALF_UP"),
            (self.on_hand.get(place, ZERO) / factor).quantize(five, rounding="ROUND_HALF_UP"),
            not fully and there < left,
        )
