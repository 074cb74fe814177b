"""Options of the comboboxes of documents: customers, items and resources, and what belongs to an item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse

from backoffice.codes import text_fault
from backoffice.pages import lookups
from backoffice.pages.decorators import page
from backoffice.pages.lookups import OPTION_LIMIT, Option
from backoffice.rights import Right
from inventory.models import Item, ItemUnit, ItemVariant, Location, Resource
from sales.models import Customer, SalesLineType

M = TypeVar("M", bound=Model)


def best_matches(rows: QuerySet[M], text: str, *, key: str, name: str) -> QuerySet[M]:
    """Return the rows whose key or name holds the text, those whose key begins with it first."""
    begins = Case(When(Q(**{f"{key}__istartswith": text}), then=Value(0)), default=1, output_field=IntegerField())
    matching = Q(**{f"{key}__icontains": text}) | Q(**{f"{name}__icontains": text})
    return rows.filter(matching).order_by(begins, key)[:OPTION_LIMIT]


def item_options(items: QuerySet[Item], text: str) -> Iterable[Option]:
    """Return items with their unit, and how they are made where they are made to order."""
    for item in best_matches(items, text, key="no", name="description"):
        made = "assembled to order, " if item.is_assembled_to_order else ""
        yield Option(item.no, item.description, f"{made}{item.sales_unit_of_measure_id}")


def resource_options(text: str) -> Iterable[Option]:
    """Return resources with their unit."""
    for resource in best_matches(Resource.objects.filter(blocked=False), text, key="no", name="name"):
        yield Option(resource.no, resource.name, resource.base_unit_of_measure_id)


def sent_text(request: HttpRequest, name: str) -> str:
    """Return the text of another field that was sent along. What no key can hold finds nothing."""
    text = request.GET.get(name, "").strip()
    return "" if text_fault(text) else text


@page(right=Right.VIEW_CUSTOMERS, methods=("GET",))
def customers(request: HttpRequest) -> HttpResponse:
    """Customers who may buy."""
    open_ones = Customer.objects.filter(blocked=False)
    found = best_matches(open_ones, lookups.typed_text(request), key="no", name="name")
    return lookups.options(request, (Option(customer.no, customer.name) for customer in found))


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def numbers(request: HttpRequest) -> HttpResponse:
    """What a line of the type can sell."""
    text = lookups.typed_text(request)
    if request.GET.get("type") == SalesLineType.RESOURCE:
        return lookups.options(request, resource_options(text))
    if request.GET.get("type") == SalesLineType.COMMENT:
        return lookups.options(request, ())
    return lookups.options(request, item_options(Item.objects.filter(blocked=False, sales_blocked=False), text))


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def variants(request: HttpRequest) -> HttpResponse:
    """The variants of the item."""
    rows = ItemVariant.objects.filter(item=sent_text(request, "no"), blocked=False)
    found = best_matches(rows, lookups.typed_text(request), key="code", name="description")
    return lookups.options(request, (Option(variant.code, variant.description) for variant in found))


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def units(request: HttpRequest) -> HttpResponse:
    """The units of the item."""
    rows = ItemUnit.objects.filter(item=sent_text(request, "no")).select_related("unit_of_measure")
    text = lookups.typed_text(request)
    found = rows.filter(unit_of_measure__code__icontains=text).order_by("qty_per_unit_of_measure")
    return lookups.options(request, (_unit_option(unit) for unit in found))


def _unit_option(unit: ItemUnit) -> Option:
    shown: Any = unit.unit_of_measure
    return Option(unit.unit_of_measure_id, shown.description, f"{unit.qty_per_unit_of_measure.normalize():f}")


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def locations(request: HttpRequest) -> HttpResponse:
    """Locations."""
    found = best_matches(Location.objects.all(), lookups.typed_text(request), key="code", name="name")
    return lookups.options(request, (Option(location.code, location.name) for location in found))
