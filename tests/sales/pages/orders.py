"""Where sales orders stand, and orders read anew: what the tests of their pages share."""

from __future__ import annotations

from sales.models import SalesDocument

ORDERS = "/sales/orders/"


def url_of(document: SalesDocument, *more: object) -> str:
    return f"{ORDERS}{document.no}/" + "".join(f"{part}/" for part in more)


def line_url(document: SalesDocument, line_no: int = 10000) -> str:
    return url_of(document, "lines", line_no)


def fresh(document: SalesDocument) -> SalesDocument:
    return SalesDocument.objects.get(pk=document.pk)
