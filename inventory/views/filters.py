"""What the lists of inventory are filtered by, in their addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter, FilterSet

from backoffice.pages.statuses import StatusFilter
from inventory import querysets
from inventory.models import (
    AssemblyPolicy,
    Item,
    ItemLedgerEntry,
    ItemType,
    LedgerEntryType,
    Location,
    PurchaseOrder,
    PurchaseStatus,
    ReplenishmentSystem,
    Resource,
    ResourceType,
    UnitOfMeasure,
)

YES_NO = [("", "All"), ("true", "Yes"), ("false", "No")]


def yes_or_no(name: str, label: str) -> Any:
    """Return a filter of a flag with three states: all, yes, no."""
    return BooleanFilter(field_name=name, label=label, widget=forms.Select(choices=YES_NO))


def date_filter(name: str, lookup: str, label: str) -> Any:
    """Return a filter of one end of a span of days."""
    return DateFilter(field_name=name, lookup_expr=lookup, label=label, widget=forms.DateInput(attrs={"type": "date"}))


def search(*columns: str) -> Any:
    """Return the search: any of the columns contains the text."""

    def find(rows: QuerySet[Any], _: str, text: str) -> QuerySet[Any]:
        condition = Q()
        for column in columns:
            condition |= Q(**{f"{column}__icontains": text})
        return rows.filter(condition)

    return CharFilter(method=find)


class _Search(CharFilter):  # type: ignore[misc]  # the package is untyped
    """Items by number or description, as the lookups find them."""

    def filter(self, qs: QuerySet[Item], value: str) -> QuerySet[Item]:
        return querysets.items_matching(qs, value)


class ItemFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = _Search()
    type = ChoiceFilter(choices=ItemType.choices, label="Type", empty_label="All")
    replenishment_system = ChoiceFilter(choices=ReplenishmentSystem.choices, label="Replenishment", empty_label="All")
    assembly_policy = ChoiceFilter(choices=AssemblyPolicy.choices, label="Assembly", empty_label="All")
    blocked = yes_or_no("blocked", "Blocked")

    class Meta:
        model = Item
        fields: tuple[str, ...] = ()


class ResourceFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("no", "name")
    type = ChoiceFilter(choices=ResourceType.choices, label="Type", empty_label="All")
    blocked = yes_or_no("blocked", "Blocked")

    class Meta:
        model = Resource
        fields: tuple[str, ...] = ()


class LocationFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("code", "name")

    class Meta:
        model = Location
        fields: tuple[str, ...] = ()


class UnitFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("code", "description")

    class Meta:
        model = UnitOfMeasure
        fields: tuple[str, ...] = ()


class PurchaseOrderFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("no", "vendor_name")
    status = StatusFilter(choices=PurchaseStatus.choices)
    overdue = BooleanFilter(
        method="only_overdue", label="Overdue", widget=forms.Select(choices=[("", "All"), ("true", "Only")])
    )

    def only_overdue(self, rows: QuerySet[PurchaseOrder], _: str, wanted: bool) -> QuerySet[PurchaseOrder]:
        """Keep the orders of which something should have arrived."""
        return rows.filter(pk__in=querysets.overdue_purchase_orders().values("pk")) if wanted else rows

    class Meta:
        model = PurchaseOrder
        fields: tuple[str, ...] = ()


class LedgerEntryFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("document_no", "order_no", "lot_no", "serial_no")
    item = CharFilter(field_name="item_id", label="Item")
    location = CharFilter(field_name="location_id", label="Location")
    entry_type = ChoiceFilter(choices=LedgerEntryType.choices, label="Type", empty_label="All")
    from_date = date_filter("posting_date", "gte", "From")
    to_date = date_filter("posting_date", "lte", "To")

    class Meta:
        model = ItemLedgerEntry
        fields: tuple[str, ...] = ()
