"""The item ledger, read only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from backoffice.pages.decorators import page
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.models import ItemLedgerEntry
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
