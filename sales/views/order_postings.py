"""What the page of a sales order says of posting: the way to it, and what was posted of it."""

from __future__ import annotations

from typing import Any

from backoffice.models import User
from backoffice.pages import flow
from backoffice.rights import Right, has_right
from inventory.models import LedgerDocumentType
from sales import posted_reading
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from sales.views.document_kinds import DocumentKind


def postings_context(kind: DocumentKind, document: SalesDocument, user: User) -> dict[str, Any]:
    """Return the address of the posting, "" where there is nothing to post, and what was posted. One statement."""
    if document.document_type != SalesDocumentType.ORDER:
        return {"post_url": "", "flow": ()}
    may_post = document.status != SalesStatus.CLOSED and has_right(user, Right.PREVIEW_POSTING)
    posted = posted_reading.posted_of_order(document.no)
    stages = flow.strip(
        flow.stage("Quote", SalesDocumentType.QUOTE.value, [document.quote_no]),
        flow.stage("Order", SalesDocumentType.ORDER.value, [document.no], current=True),
        *(
            flow.stage(label, one.value, [no for found, no, _ in posted if found == one])
            for one, label in (
                (LedgerDocumentType.SALES_SHIPMENT, "Shipment"),
                (LedgerDocumentType.SALES_INVOICE, "Invoice"),
            )
        ),
    )
    return {
        "post_url": kind.url(document, "post") if may_post else "",
        "post_first": document.status == SalesStatus.RELEASED,
        "post_label": "Post…" if has_right(user, Right.POST_SALES) else "Preview posting",
        "flow": stages if posted else (),
    }
