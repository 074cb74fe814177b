"""What every tab of an item's card shows, and the tabs themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.models import Item

STATUS_FRAGMENT = "inventory/item/_status.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab of the card: an address of its own."""

    label: str
    url_name: str
    right: Right = Right.VIEW_MASTERS


TABS = (
    Tab(label="General", url_name="item"),
    Tab(label="Sales and prices", url_name="item-sales"),
    Tab(label="Replenishment", url_name="item-replenishment"),
    Tab(label="Units", url_name="item-units"),
    Tab(label="Variants", url_name="item-variants"),
    Tab(label="Bill of materials", url_name="item-bom"),
    Tab(label="Substitutes", url_name="item-substitutes"),
    Tab(label="Where used", url_name="item-where-used"),
    Tab(label="Cost shares", url_name="item-cost-shares", right=Right.SEE_COSTS),
    Tab(label="Stock", url_name="item-stock", right=Right.VIEW_STOCK),
    Tab(label="Availability", url_name="item-availability", right=Right.VIEW_STOCK),
    Tab(label="History", url_name="item-history"),
)


def card_of(no: str) -> Item:
    """Return the item with what its card says beside it, in one statement. Raises Http404."""
    item = querysets.item_cards().filter(no=no).first()
    if item is None:
        raise Http404(f"There is no item {no}.")
    return item


def card_context(request: HttpRequest, item: Item, url_name: str, **more: Any) -> Mapping[str, Any]:
    """Return what the frame of the card needs, and `more`."""
    tabs = [
        {"label": tab.label, "url": reverse(tab.url_name, args=[item.no]), "current": tab.url_name == url_name}
        for tab in TABS
        if has_right(request.user, tab.right)
    ]
    may_edit = has_right(request.user, Right.EDIT_ITEMS)
    return {
        "title": f"{item.no} {item.description}".strip(),
        "crumbs": [("Items", reverse("items"))],
        "item": item,
        "tabs": tabs,
        "delete_url": reverse("item-delete", args=[item.no]) if may_edit else "",
        "adjust_url": _adjust_url(request, item),
        "sees_costs": has_right(request.user, Right.SEE_COSTS),
        "sees_stock": has_right(request.user, Right.VIEW_STOCK),
        **more,
    }


def _adjust_url(request: HttpRequest, item: Item) -> str:
    if not item.is_inventoriable or not has_right(request.user, Right.ADJUST_STOCK):
        return ""
    return reverse("adjustment-new", query={"item": item.no})
