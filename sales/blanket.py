"""Blanket lines and the orders that call off from them (BLK-14, BLK-20, BLK-22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import F, Sum

from backoffice.changes import snapshot, write_changes
from backoffice.exceptions import Busy, InUse
from inventory.models import Setup
from inventory.rounding import ZERO, from_base
from sales import exceptions, signals
from sales.models import SalesDocument, SalesDocumentType, SalesLine


def on_open_orders_base(rows: Sequence[SalesLine]) -> dict[int, Decimal]:
    """Return what orders hold of these blanket lines and have not shipped, by line id; base units. One statement."""
    called_off = (
        SalesLine.objects.filter(blanket_line__in=[row.pk for row in rows])
        .order_by()
        .values_list("blanket_line")
        .annotate(total=Sum(F("quantity_base") - F("quantity_shipped_base")))
    )
    return {line: total for line, total in called_off if line is not None}


def lock_blankets_of(order_no: str) -> dict[int, SalesLine]:
    """Lock the blanket orders that an order calls off from, before the order itself, and return their lines by id.

    A blanket order is locked above the orders made of it (level 2): what several of them ship is counted in turn.
    """
    assert connection.in_atomic_block, "lock_blankets_of() needs an open transaction"
    ids = list(
        SalesLine.objects.filter(
            document__document_type=SalesDocumentType.ORDER, document__no=order_no, blanket_line__isnull=False
        ).values_list("blanket_line_id", "blanket_line__document_id")
    )
    if not ids:
        return {}
    documents = SalesDocument.objects.filter(pk__in={document for _, document in ids}).order_by("pk")
    by_id = {row.pk: row for row in documents.select_for_update(of=("self",), no_key=True)}
    lines = (
        SalesLine.objects.filter(pk__in={line for line, _ in ids})
        .select_related("item", "resource", "location")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    found = {}
    for line in lines:
        line.document = by_id[line.document_id]
        found[line.pk] = line
    return found


def count_progress(
    shipped: Mapping[SalesLine, tuple[Decimal, Decimal]], blankets: Mapping[int, SalesLine], *, setup: Setup
) -> None:
    """Count on blanket lines what orders have shipped and invoiced of them, or taken back (BLK-20).

    shipped: by order line the shipped base quantity and the invoiced quantity in the order line's unit; negative when
    undone. Raises: ExceedsBlanketQuantity. The blanket lines' assembly follows (BLK-21).
    """
    befores = [(line, snapshot(line)) for line in blankets.values()]
    for order_line, (shipped_base, invoiced) in shipped.items():
        if order_line.blanket_line_id is None:
            continue
        if order_line.blanket_line_id not in blankets:
            raise Busy  # it was referred to after we looked: the retry will lock it
        _count(blankets[order_line.blanket_line_id], order_line, shipped_base, invoiced)
    signals.announce_lines_saved(write_changes(SalesLine, befores), setup=setup)


def _count(blanket: SalesLine, order_line: SalesLine, shipped_base: Decimal, invoiced: Decimal) -> None:
    factor = blanket.qty_per_unit_of_measure
    after_base = blanket.quantity_shipped_base + shipped_base
    if after_base > blanket.quantity_base:
        raise exceptions.ExceedsBlanketQuantity(
            field=f"lines[{order_line.line_no}].qty_to_ship",
            value=from_base(shipped_base, factor=factor),
            maximum=from_base(blanket.outstanding_quantity_base, factor=factor),
        )
    blanket.quantity_shipped_base = after_base
    blanket.quantity_shipped = (
        blanket.quantity if after_base == blanket.quantity_base else from_base(after_base, factor=factor)
    )
    blanket.quantity_invoiced += from_base(invoiced * order_line.qty_per_unit_of_measure, factor=factor)
    # A call-off that is shipped in full makes room for the next one; never more than is left.
    done = order_line.quantity_shipped_base == order_line.quantity_base
    blanket.qty_to_ship = (
        blanket.outstanding_quantity if done else min(blanket.qty_to_ship, blanket.outstanding_quantity)
    )
    blanket.qty_to_invoice = ZERO


def require_no_call_offs(rows: Sequence[SalesLine]) -> None:
    """Refuse what blanket lines with orders cannot do: be deleted, or become another item (BLK-22). One statement."""
    call_off = SalesLine.objects.filter(blanket_line__in=[row.pk for row in rows]).select_related("document").first()
    if call_off is not None:
        raise InUse(what="The blanket line", used_by=f"sales order {call_off.document.no}")
