"""The item ledger, read only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backoffice.pages.decorators import page
from backoffice.pages.links import url_of
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.models import ItemLedgerEntry, LedgerDocumentType
from inventory.posted_entries import entries_of_document
from inventory.views.filters import LedgerEntryFilters

SORTS = {
    "-entry_no": ("-entry_no",),
    "entry_no": ("entry_no",),
    "-posting_date": ("-posting_date", "-entry_no"),
    "posting_date": ("posting_date", "entry_no"),
}


@page(right=Right.VIEW_STOCK, methods=("GET",))
def list_entries(request: HttpRequest) -> HttpResponse:
    """All that has moved, newest first."""
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    return answer_list(
        request,
        querysets.ledger_entries() if sees_costs else ItemLedgerEntry.objects.all(),
        filters=LedgerEntryFilters,
        sorts=SORTS,
        rows_template="inventory/ledger/_rows.html",
        context={
            "title": "Item ledger entries",
            "search_label": "Document, order, lot or serial",
            "sees_costs": sees_costs,
        },
    )


@page(right=Right.VIEW_STOCK, methods=("GET",))
def entries_of(request: HttpRequest, no: str) -> HttpResponse:
    """What a posted document wrote into every ledger, and what undid it."""
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    entries = entries_of_document(no, costs=sees_costs)
    if entries.is_empty:
        raise Http404(f"No entry has the document number {no}.")
    kind = entries.items[0].document_type if entries.items else LedgerDocumentType.POSTED_ASSEMBLY.value
    context = {
        "title": f"Entries of {no}",
        "crumbs": [("Item ledger entries", reverse("ledger-entries"))],
        "document_kind": LedgerDocumentType(kind).label,
        "document_url": url_of(kind, no),
        "document_no": no,
        "entries": entries,
        "sees_costs": sees_costs,
    }
    return render(request, "inventory/ledger/of_document.html", context)
