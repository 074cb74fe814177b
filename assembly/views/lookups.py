"""Options of the comboboxes of assembly documents. What belongs to an item is looked up as in sales."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from assembly.models import AssemblyLineType
from backoffice.pages import lookups
from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory.models import Item, ItemType
from sales.views.lookups import item_options, resource_options


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def items(request: HttpRequest) -> HttpResponse:
    """Items that can be assembled."""
    kept = Item.objects.filter(blocked=False, type=ItemType.INVENTORY)
    return lookups.options(request, item_options(kept, lookups.typed_text(request)))


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def numbers(request: HttpRequest) -> HttpResponse:
    """What a line of the type can be."""
    text = lookups.typed_text(request)
    if request.GET.get("type") == AssemblyLineType.RESOURCE:
        return lookups.options(request, resource_options(text))
    if request.GET.get("type") == AssemblyLineType.TEXT:
        return lookups.options(request, ())
    components = Item.objects.filter(blocked=False).exclude(type=ItemType.SERVICE)
    return lookups.options(request, item_options(components, text))
