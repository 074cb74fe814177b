"""What the page of an assembly order says of posting: the way to it, and what was posted of it."""

from __future__ import annotations

from typing import Any

from assembly import posted_reading
from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyStatus
from assembly.views.document_kinds import DocumentKind
from backoffice.models import User
from backoffice.pages import flow
from backoffice.rights import Right, has_right
from inventory.models import ItemTracking, LedgerDocumentType, MovementSource


def postings_context(
    kind: DocumentKind, document: AssemblyDocument, link: AssembleToOrderLink | None, user: User
) -> dict[str, Any]:
    """Return the address of the posting, "" where there is nothing to post, and what was posted. One statement.

    What is made for a sales line is posted with its shipment.
    """
    if document.document_type != AssemblyDocumentType.ORDER:
        return {"post_url": "", "flow": ()}
    is_open = document.status != AssemblyStatus.CLOSED
    is_tracked = document.item.item_tracking != ItemTracking.NONE
    may_post = is_open and link is None and has_right(user, Right.PREVIEW_POSTING)
    may_track = is_open and is_tracked and has_right(user, Right.EDIT_ASSEMBLY_QUANTITIES)
    posted = posted_reading.posted_of_order(document.no)
    stages = flow.strip(
        flow.stage("Sales order", "sales_order", [link.sales_line.document.no if link else None]),
        flow.stage("Assembly order", MovementSource.ASSEMBLY_ORDER.value, [document.no], current=True),
        flow.stage("Assembled", LedgerDocumentType.POSTED_ASSEMBLY.value, posted),
    )
    return {
        "post_url": kind.url(document.no, "post") if may_post else "",
        "post_first": document.status == AssemblyStatus.RELEASED,
        "post_label": "Post…" if has_right(user, Right.POST_ASSEMBLY) else "Preview posting",
        "tracking_url": kind.url(document.no, "tracking") if may_track else "",
        "flow": stages if posted else (),
    }
