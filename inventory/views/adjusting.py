"""Correcting the stock: one adjustment, posted at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.pages import formats, once
from backoffice.pages.attempts import NO_ATTEMPT, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Entry, Sheet
from backoffice.rights import Right, has_right
from inventory.models import ItemLedgerEntry, LedgerEntryType
from inventory.services.adjusting import post_adjustments
from inventory.views import sheets

_BLANK = {"entry_type": LedgerEntryType.POSITIVE_ADJUSTMENT}


@page(right=Right.ADJUST_STOCK)
def new_adjustment(request: HttpRequest) -> HttpResponse:
    """GET the form, for the item that the address may name; POST posts."""
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    sheet = sheets.ADJUSTMENT if sees_costs else sheets.ADJUSTMENT.without({"unit_cost"})
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(request, Right.ADJUST_STOCK, lambda: _post(request, sheet), key="adjustment")
        if tried.done:
            messages.success(request, _told(tried.result))
            return redirect("item-stock", tried.result.item_id)
    url = reverse("adjustment-new")
    row = {**_BLANK, "item": request.GET.get("item", "")}
    context = {
        "title": "Adjust stock",
        "crumbs": [("Items", reverse("items"))],
        "intro": "Posted at once. What was posted is not changed; a mistake is corrected by the opposite adjustment.",
        "entry": Entry(sheet=sheet, key="adjustment", row=row, url=url, **tried.state_of("adjustment")),
        "groups": [
            ("", ["entry_type", "item", "quantity", "unit_of_measure", "location", "bin"]),
            (
                "If it matters",
                [
                    name
                    for name in ("posting_date", "unit_cost", "variant", "lot_no", "serial_no")
                    if name in sheet.fields
                ],
            ),
        ],
        "form_token": once.token_for(request),
        "submit_label": "Post adjustment",
        "cancel_url": reverse("items"),
    }
    return render(request, "partials/new_page.html", context, status=tried.status)


def _post(request: HttpRequest, sheet: Sheet) -> ItemLedgerEntry:
    once.claim(request)
    values = {name: value for name, value in sheet.new(request.POST).items() if value not in (None, "")}
    return post_adjustments([{**_BLANK, **values}])[0].entry


def _told(entry: ItemLedgerEntry) -> str:
    return (
        f"Entry {entry.entry_no} posted: {formats.quantity(entry.quantity)} of {entry.item_id} at {entry.location_id}."
    )
