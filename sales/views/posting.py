"""Posting a sales order from its page: ship, invoice, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from backoffice.pages import kinds
from backoffice.pages.decorators import page
from backoffice.pages.entries import Field, Sheet
from backoffice.rights import Right, has_right
from inventory.models import LedgerDocumentType
from inventory.posted_entries import entries_of_posting
from inventory.views.posting import PostingDialog, Told, answer_posting
from sales import posted_reading
from sales.services.posting import PostedSales, post_sales_order
from sales.views.document_kinds import DocumentKind
from sales.views.orders import load

#: What can be posted at once: whether it ships, whether it invoices.
_ACTS = {"ship": (True, False), "invoice": (False, True), "both": (True, True)}
_SHEET = Sheet(
    Field(
        name="what",
        label="Post",
        kind=kinds.CHOICE,
        choices=[("ship", "Ship"), ("invoice", "Invoice"), ("both", "Ship and invoice")],
    ),
    Field(name="posting_date", label="Posting date", kind=kinds.DAY, help="Becomes that of the order"),
)


@page(right=Right.PREVIEW_POSTING)
def post(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """What is to be posted, its preview, and the posting."""
    document = load(kind, no)
    sees_costs = has_right(request.user, Right.SEE_COSTS)

    def write(values: Mapping[str, Any], expected_rev: int | None, tell: bool) -> Told:
        ship, invoice = _ACTS[values["what"]]
        posted = post_sales_order(
            no=no, ship=ship, invoice=invoice, posting_date=values["posting_date"], expected_rev=expected_rev
        )
        return _told(posted, costs=sees_costs, tell=tell)

    dialog = PostingDialog(
        no=no,
        page_url=kind.url(document),
        url=kind.url(document, "post"),
        crumbs=[(kind.plural, kind.list_url)],
        right=Right.POST_SALES,
        sheet=_SHEET,
        row={"what": posted_reading.posting_due(document), "posting_date": document.posting_date},
        rev=document.rev,
        post=write,
    )
    return answer_posting(request, dialog)


def _told(posted: PostedSales, *, costs: bool, tell: bool) -> Told:
    documents: list[tuple[str, str, str]] = []
    if posted.shipment is not None:
        documents.append((LedgerDocumentType.SALES_SHIPMENT, "shipment", posted.shipment.no))
    if posted.invoice is not None:
        documents.append((LedgerDocumentType.SALES_INVOICE, "invoice", posted.invoice.no))
    documents += [(LedgerDocumentType.POSTED_ASSEMBLY, "assembly", no) for no in posted.posted_assembly_orders]
    entries = None
    if tell:
        entries = entries_of_posting(
            posted.entries, adjustments=posted.adjustments, assemblies=posted.posted_assembly_orders, costs=costs
        )
    return Told(documents=documents, entries=entries)
