"""The tabs of an item's card that are only read: where it is used, its stock, its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backoffice.pages.decorators import page
from backoffice.pages.history import history_of, labels_of
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.models import (
    BomLine,
    Item,
    ItemSubstitute,
    ItemUnit,
    ItemVariant,
    PlannedMovement,
)
from inventory.views.item_card import card_context, card_of
from inventory.views.sheets import ITEM_COSTS

#: More open documents than this are not read one by one; the page says so.
DOCUMENT_LIMIT = 200
#: So many of the latest entries stand on the card; the ledger has all.
LATEST_ENTRIES = 15


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def where_used(request: HttpRequest, no: str) -> HttpResponse:
    """The bills of materials and the open documents that use the item."""
    item = card_of(no)
    documents = list(PlannedMovement.objects.filter(item=item).order_by("due_date", "pk")[: DOCUMENT_LIMIT + 1])
    context = card_context(
        request,
        item,
        "item-where-used",
        boms=BomLine.objects.filter(item=item).select_related("parent").order_by("parent", "line_no"),
        documents=documents[:DOCUMENT_LIMIT],
        limit=DOCUMENT_LIMIT if len(documents) > DOCUMENT_LIMIT else 0,
    )
    return render(request, "inventory/item/where_used.html", context)


@page(right=Right.VIEW_STOCK, methods=("GET",))
def stock(request: HttpRequest, no: str) -> HttpResponse:
    """What lies where, what is to come and to go there, and the latest entries."""
    item = card_of(no)
    context = card_context(
        request,
        item,
        "item-stock",
        balances=querysets.stock_of(item),
        bins=querysets.bin_contents_of(item),
        entries=querysets.ledger_entries().filter(item=item).order_by("-entry_no")[:LATEST_ENTRIES],
        ledger_url=reverse("ledger-entries", query={"item": item.no}),
    )
    return render(request, "inventory/item/stock.html", context)


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def history(request: HttpRequest, no: str) -> HttpResponse:
    """Who changed what of the item, its units, variants, substitutes and components."""
    item = card_of(no)
    labels = labels_of(BomLine, ItemSubstitute, ItemVariant, ItemUnit, Item)
    if not has_right(request.user, Right.SEE_COSTS):
        labels = {column: label for column, label in labels.items() if column not in ITEM_COSTS}
    context = card_context(request, item, "item-history", history=history_of("item", item.no, labels))
    return render(request, "inventory/item/history.html", context)
