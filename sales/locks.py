"""Row locks of sales: the document first, then its lines by key. The whole order stands in `inventory.locks`."""

from __future__ import annotations

from django.db import connection
from django.db.models import DecimalField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.exceptions import Missing
from inventory.models import MovementSource, Reservation
from inventory.rounding import ZERO
from sales.models import Customer, SalesDocument, SalesDocumentType, SalesLine


def lock_customer(no: str) -> Customer:
    """Lock a customer for an edit, or raise Missing."""
    assert connection.in_atomic_block, "lock_customer() needs an open transaction"
    customer = Customer.objects.select_for_update(of=("self",), no_key=True).filter(no=no).first()
    if customer is None:
        raise Missing(what="Customer", key=no)
    return customer


def lock_document(document_type: SalesDocumentType, no: str) -> SalesDocument:
    """Lock the header, or raise Missing."""
    assert connection.in_atomic_block, "lock_document() needs an open transaction"
    document = (
        SalesDocument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer", "location")
        .filter(document_type=document_type, no=no)
        .first()
    )
    if document is None:
        raise Missing(what=document_type.label, key=no)
    return document


def lock_lines(document: SalesDocument, line_nos: list[int] | None = None) -> list[SalesLine]:
    """Lock lines of a locked document, all or those of these numbers, by key.

    Each comes with `reserved_beyond_link`: what stands reserved for it apart from its assembly link, base units.
    """
    assert connection.in_atomic_block, "lock_lines() needs an open transaction"
    reserved = (
        Reservation.objects.filter(
            demand__source_kind=MovementSource.SALES_ORDER_LINE,
            demand__source_id=OuterRef("pk"),
            is_order_to_order=False,
        )
        .order_by()
        .values("demand__source_id")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    rows = (
        SalesLine.objects.filter(document=document)
        .select_related("item", "resource", "location")
        .annotate(
            reserved_total=Coalesce(
                Subquery(reserved), ZERO, output_field=DecimalField(max_digits=18, decimal_places=5)
            )
        )
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    if line_nos is not None:
        rows = rows.filter(line_no__in=line_nos)
    lines = list(rows)
    for line in lines:
        line.document = document
        line.reserved_beyond_link = line.reserved_total
    return list(lines)
