"""Posting an assembly order to stock from its page. What is made for a sales line is posted with its shipment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from assembly.services.posting import post_assembly_order
from assembly.views.document_kinds import DocumentKind
from assembly.views.orders import load
from backoffice.pages import kinds
from backoffice.pages.decorators import page
from backoffice.pages.entries import Field, Sheet
from backoffice.rights import Right, has_right
from inventory.models import LedgerDocumentType
from inventory.posted_entries import entries_of_posting
from inventory.views.posting import PostingDialog, Told, answer_posting

_SHEET = Sheet(Field(name="posting_date", label="Posting date", kind=kinds.DAY))


@page(right=Right.PREVIEW_POSTING)
def post(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """What is to be posted, its preview, and the posting."""
    document = load(kind, no)
    sees_costs = has_right(request.user, Right.SEE_COSTS)

    def write(values: Mapping[str, Any], expected_rev: int | None, tell: bool) -> Told:
        posted = post_assembly_order(no=no, posting_date=values["posting_date"], expected_rev=expected_rev)
        entries = None
        if tell:
            entries = entries_of_posting(
                posted.entries, adjustments=posted.adjustments, assemblies=[posted.document.no], costs=sees_costs
            )
        label = (LedgerDocumentType.POSTED_ASSEMBLY, "assembly", posted.document.no)
        return Told(documents=[label], entries=entries)

    dialog = PostingDialog(
        no=no,
        page_url=kind.url(no),
        url=kind.url(no, "post"),
        crumbs=[(kind.plural, kind.list_url)],
        right=Right.POST_ASSEMBLY,
        sheet=_SHEET,
        row={"posting_date": document.posting_date},
        rev=document.rev,
        post=write,
    )
    return answer_posting(request, dialog)
