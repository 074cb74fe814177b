"""Items: the list, a new one, the tabs of the card that are forms, and deleting one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.pages.attempts import NO_ATTEMPT, Attempt, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry, Sheet
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.locks import lock_master
from inventory.models import Item
from inventory.services import items
from inventory.views import sheets
from inventory.views.filters import ItemFilters
from inventory.views.item_card import STATUS_FRAGMENT, card_context, card_of

SORTS = {
    "no": ("no",),
    "-no": ("-no",),
    "description": ("description", "no"),
    "-description": ("-description", "-no"),
    "-on_hand": ("-on_hand", "-no"),
    "on_hand": ("on_hand", "no"),
}
Groups = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTab:
    """A tab that is a form: its fields in groups with headings."""

    url_name: str
    label: str
    sheet: Sheet
    groups: Groups

    def sheet_for(self, *, sees_costs: bool) -> Sheet:
        """Return the fields that the person sees."""
        return self.sheet if sees_costs else self.sheet.without(sheets.ITEM_COSTS)


GENERAL = FormTab(
    url_name="item", label="General", sheet=sheets.ITEM_GENERAL, groups=[("", [*sheets.ITEM_GENERAL.fields])]
)
SALES = FormTab(
    url_name="item-sales",
    label="Sales and prices",
    sheet=sheets.ITEM_SALES,
    groups=[
        ("Sales", ["unit_price", "sales_unit_of_measure", "reserve", "sales_blocked"]),
        ("Costs", ["costing_method", "unit_cost", "standard_cost", "indirect_cost_percent", "overhead_rate"]),
    ],
)
REPLENISHMENT = FormTab(
    url_name="item-replenishment",
    label="Replenishment",
    sheet=sheets.ITEM_REPLENISHMENT,
    groups=[
        ("Replenishment", ["replenishment_system", "lead_time_days", "safety_lead_time_days"]),
        ("Assembly", ["assembly_policy"]),
        (
            "Planning",
            [
                "reordering_policy",
                "reorder_point",
                "reorder_quantity",
                "maximum_inventory",
                "safety_stock_quantity",
                "lot_size",
            ],
        ),
    ],
)


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def list_items(request: HttpRequest) -> HttpResponse:
    """The list of items."""
    may_edit = has_right(request.user, Right.EDIT_ITEMS)
    context = {
        "title": "Items",
        "search_label": "Number or description",
        "new_url": reverse("item-new") if may_edit else "",
        "new_label": "New item",
        "sees_costs": has_right(request.user, Right.SEE_COSTS),
    }
    return answer_list(
        request,
        querysets.items_with_stock(),
        filters=ItemFilters,
        sorts=SORTS,
        rows_template="inventory/item/_rows.html",
        context=context,
    )


@page(right=Right.EDIT_ITEMS)
def new_item(request: HttpRequest) -> HttpResponse:
    """Create an item."""
    sees_costs = has_right(request.user, Right.SEE_COSTS)
    sheet = sheets.NEW_ITEM if sees_costs else sheets.NEW_ITEM.without(sheets.ITEM_COSTS)
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(request, Right.EDIT_ITEMS, lambda: items.create_item(sheet.new(request.POST)), key="item")
        if tried.done:
            messages.success(request, f"Item {tried.result.no} created.")
            return redirect("item", tried.result.no)
    entry = Entry(sheet=sheet, key="item", row={}, url=reverse("item-new"), **tried.state_of("item"))
    context = {
        "title": "New item",
        "crumbs": [("Items", reverse("items"))],
        "entry": entry,
        "groups": [("", [*sheet.fields])],
        "submit_label": "Create item",
        "cancel_url": reverse("items"),
    }
    return render(request, "partials/new_page.html", context, status=tried.status)


@page(right=Right.VIEW_MASTERS)
def general(request: HttpRequest, no: str) -> HttpResponse:
    """The card: what the item is."""
    return _form_tab(request, no, GENERAL)


@page(right=Right.VIEW_MASTERS)
def sales(request: HttpRequest, no: str) -> HttpResponse:
    """The card: what it is sold for and what it costs."""
    return _form_tab(request, no, SALES)


@page(right=Right.VIEW_MASTERS)
def replenishment(request: HttpRequest, no: str) -> HttpResponse:
    """The card: where it comes from."""
    return _form_tab(request, no, REPLENISHMENT)


@page(right=Right.EDIT_ITEMS, methods=("POST",))
def delete_item(request: HttpRequest, no: str) -> HttpResponse:
    """Delete an item that nothing uses."""
    card_of(no)
    tried = attempt(request, Right.EDIT_ITEMS, lambda: items.delete_item(no))
    if tried.done:
        messages.success(request, f"Item {no} deleted.")
        return redirect("items")
    return _show_form(request, no, GENERAL, tried)


def _form_tab(request: HttpRequest, no: str, tab: FormTab) -> HttpResponse:
    if request.method != "POST":
        return _show_form(request, no, tab, NO_ATTEMPT)
    sheet = tab.sheet_for(sees_costs=has_right(request.user, Right.SEE_COSTS))
    tried = attempt(request, Right.EDIT_ITEMS, partial(_change, no, sheet, request.POST), key="item")
    if tried.done and not by_script(request):
        return redirect(request.path)
    return _show_form(request, no, tab, tried)


def _change(no: str, sheet: Sheet, posted: Mapping[str, str]) -> Item:
    return items.change_item(no, sheet.changes(posted, lock_master(Item, no)))


def _show_form(request: HttpRequest, no: str, tab: FormTab, tried: Attempt) -> HttpResponse:
    item = card_of(no)
    may_edit = has_right(request.user, Right.EDIT_ITEMS)
    entry = Entry(
        sheet=tab.sheet_for(sees_costs=has_right(request.user, Right.SEE_COSTS)),
        key="item",
        row=item,
        url=reverse(tab.url_name, args=[no]) if may_edit else "",
        **tried.state_of("item"),
    )
    form: dict[str, Any] = {
        "entry": entry,
        "groups": [(heading, [name for name in names if name in entry.sheet.fields]) for heading, names in tab.groups],
        "label": tab.label,
    }
    if by_script(request):
        context = {**form, "item": item, "fragments": STATUS_FRAGMENT, "swapped": True}
        return render(request, "partials/entry_section.html", context, status=tried.status)
    # A refused deletion belongs to no entry: it is said above the card.
    refusals = () if tried.key else tried.refusals
    context = {**card_context(request, item, tab.url_name, **form), "refusals": refusals}
    return render(request, "inventory/item/form.html", context, status=tried.status)
