"""The worklist as a page: what to start, in which order, and what is missing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django_filters import CharFilter, ChoiceFilter, FilterSet

from assembly import worklist
from assembly.worklist import TO_DO, WorkState
from backoffice.pages.decorators import page
from backoffice.pages.lists import answer_list
from backoffice.rights import Right
from inventory.views.filters import date_filter

if TYPE_CHECKING:
    from assembly.worklist import WorkOrder

_SORTS = {
    "start": ("starting_date", "due_date", "no"),
    "-start": ("-starting_date", "-due_date", "-no"),
    "due": ("due_date", "no"),
    "-due": ("-due_date", "-no"),
    "no": ("no",),
    "-no": ("-no",),
}


class _StateFilter(ChoiceFilter):  # type: ignore[misc]  # the package is untyped
    """Nothing chosen: everything that is to do."""

    def filter(self, qs: QuerySet[WorkOrder], value: str) -> QuerySet[WorkOrder]:
        return worklist.in_state(qs, value or TO_DO)


class WorklistFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    """What the worklist can be narrowed to: as in the interface, `from` and `to` bound the starting date."""

    state = _StateFilter(choices=WorkState.choices, label="State", empty_label="To do")
    location = CharFilter(field_name="location_id", label="Location")
    resource = CharFilter(method="by_resource", label="Resource")
    from_date = date_filter("starting_date", "gte", "Starts from")
    to_date = date_filter("starting_date", "lte", "to")

    def by_resource(self, orders: QuerySet[WorkOrder], name: str, value: str) -> QuerySet[WorkOrder]:
        """Keep the orders that a person or machine works on."""
        return worklist.using_resource(orders, value)


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def show(request: HttpRequest) -> HttpResponse:
    """Released assembly orders in the order in which to start them."""
    return answer_list(
        request,
        worklist.worklist(),
        filters=WorklistFilters,
        sorts=_SORTS,
        rows_template="assembly/worklist/_rows.html",
        complete=worklist.complete,
        context={"title": "Worklist"},
    )
