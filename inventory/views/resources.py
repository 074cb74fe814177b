"""Resources: the people and machines whose time goes into an assembly."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from backoffice.pages.decorators import page
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.locks import lock_master
from inventory.models import Resource
from inventory.services import masters
from inventory.views import sheets
from inventory.views.filters import ResourceFilters
from inventory.views.masters import MasterPages

SORTS = {"no": ("no",), "-no": ("-no",), "name": ("name", "no"), "-name": ("-name", "-no")}


def _costs_hidden_from(request: HttpRequest) -> frozenset[str]:
    return frozenset() if has_right(request.user, Right.SEE_COSTS) else sheets.RESOURCE_COSTS


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def list_resources(request: HttpRequest) -> HttpResponse:
    """The list of resources."""
    may_edit = has_right(request.user, Right.EDIT_ITEMS)
    return answer_list(
        request,
        Resource.objects.all(),
        filters=ResourceFilters,
        sorts=SORTS,
        rows_template="inventory/resource/_rows.html",
        context={
            "title": "Resources",
            "search_label": "Number or name",
            "new_url": reverse("resource-new") if may_edit else "",
            "new_label": "New resource",
            "sees_costs": has_right(request.user, Right.SEE_COSTS),
        },
    )


PAGES = MasterPages(
    what="Resource",
    plural="Resources",
    model=Resource,
    audit_kind="resource",
    list_url_name="resources",
    url_name="resource",
    new_url_name="resource-new",
    delete_url_name="resource-delete",
    view_right=Right.VIEW_MASTERS,
    edit_right=Right.EDIT_ITEMS,
    sheet=lambda row: sheets.RESOURCE,
    new_sheet=sheets.NEW_RESOURCE,
    name_of=lambda row: row.name,
    lock=lambda no: lock_master(Resource, no),
    create=masters.create_resource,
    change=masters.change_resource,
    delete=masters.delete_resource,
    hidden=_costs_hidden_from,
)
