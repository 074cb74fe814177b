"""The options that comboboxes offer: items, resources, units, variants, locations, bins."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from backoffice.pages import lookups
from backoffice.pages.decorators import page
from backoffice.pages.formats import quantity
from backoffice.pages.lookups import OPTION_LIMIT, Option
from backoffice.rights import Right
from inventory import querysets
from inventory.models import Bin, BomLineType, Item, ItemUnit, ItemVariant, Location, Resource, UnitOfMeasure

LOOKUP = page(right=Right.VIEW_MASTERS, methods=("GET",))


@LOOKUP
def item_lookup(request: HttpRequest) -> HttpResponse:
    """Items that are not blocked, with what is in stock."""
    return lookups.options(request, _item_options(lookups.typed_text(request)))


@LOOKUP
def component_lookup(request: HttpRequest) -> HttpResponse:
    """Items, or resources where the line's type says so."""
    typed = lookups.typed_text(request)
    kind = request.GET.get("type", BomLineType.ITEM)
    if kind == BomLineType.ITEM:
        return lookups.options(request, _item_options(typed))
    return lookups.options(request, _resource_options(typed) if kind == BomLineType.RESOURCE else [])


@LOOKUP
def resource_lookup(request: HttpRequest) -> HttpResponse:
    """Resources that are not blocked."""
    return lookups.options(request, _resource_options(lookups.typed_text(request)))


@LOOKUP
def unit_lookup(request: HttpRequest) -> HttpResponse:
    """All units of measure."""
    typed = lookups.typed_text(request)
    rows = UnitOfMeasure.objects.filter(Q(code__icontains=typed) | Q(description__icontains=typed))
    found = querysets.best_first(rows, "code", typed)[:OPTION_LIMIT]
    return lookups.options(request, (Option(row.code, row.description) for row in found))


@LOOKUP
def item_unit_lookup(request: HttpRequest) -> HttpResponse:
    """The units of the item that the line names."""
    typed = lookups.typed_text(request)
    rows = ItemUnit.objects.filter(item=_item_no(request), unit_of_measure__code__icontains=typed)
    found = rows.select_related("unit_of_measure").order_by("qty_per_unit_of_measure")[:OPTION_LIMIT]
    return lookups.options(
        request,
        (
            Option(row.unit_of_measure_id, row.unit_of_measure.description, quantity(row.qty_per_unit_of_measure))
            for row in found
        ),
    )


@LOOKUP
def variant_lookup(request: HttpRequest) -> HttpResponse:
    """The variants of the item that the line names."""
    typed = lookups.typed_text(request)
    rows = ItemVariant.objects.filter(item=_item_no(request), blocked=False)
    rows = rows.filter(Q(code__icontains=typed) | Q(description__icontains=typed))
    return lookups.options(request, (Option(row.code, row.description) for row in rows[:OPTION_LIMIT]))


@LOOKUP
def location_lookup(request: HttpRequest) -> HttpResponse:
    """All locations."""
    typed = lookups.typed_text(request)
    rows = Location.objects.filter(Q(code__icontains=typed) | Q(name__icontains=typed))
    found = querysets.best_first(rows, "code", typed)[:OPTION_LIMIT]
    return lookups.options(request, (Option(row.code, row.name) for row in found))


@LOOKUP
def bin_lookup(request: HttpRequest) -> HttpResponse:
    """The bins of the location that is named beside it; of all locations where none is."""
    typed = lookups.typed_text(request)
    rows = Bin.objects.filter(Q(code__icontains=typed) | Q(description__icontains=typed))
    if location := _sent(request, "location") or _sent(request, "code"):
        rows = rows.filter(location=location)
    found = querysets.best_first(rows, "code", typed)[:OPTION_LIMIT]
    return lookups.options(request, (Option(row.code, row.description, row.location_id) for row in found))


def _item_options(typed: str) -> list[Option]:
    rows = querysets.items_matching(querysets.items_with_stock().filter(blocked=False), typed)
    found: QuerySet[Item] = querysets.best_first(rows, "no", typed)[:OPTION_LIMIT]
    return [Option(row.no, row.description, f"{quantity(row.on_hand)} in stock") for row in found]  # type: ignore[attr-defined]  # annotated


def _resource_options(typed: str) -> list[Option]:
    rows = Resource.objects.filter(Q(no__icontains=typed) | Q(name__icontains=typed), blocked=False)
    found = querysets.best_first(rows, "no", typed)[:OPTION_LIMIT]
    return [Option(row.no, row.name) for row in found]


def _item_no(request: HttpRequest) -> str:
    """Return the item that the combobox's entry names, whatever the field is called there."""
    return _sent(request, "item") or _sent(request, "no") or _sent(request, "substitute")


def _sent(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "").strip()
    return "" if "\x00" in text else text
