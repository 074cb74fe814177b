"""Locations with their bins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from backoffice.pages.attempts import Attempt, attempt
from backoffice.pages.decorators import page
from backoffice.pages.entries import Sheet
from backoffice.pages.grids import Grid, answer_deletion, answer_line
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.exceptions import Missing
from inventory.locks import lock_master
from inventory.models import Bin, Location
from inventory.services import masters
from inventory.views import sheets
from inventory.views.filters import LocationFilters
from inventory.views.masters import MasterPages

SORTS = {"code": ("code",), "-code": ("-code",), "name": ("name", "code"), "-name": ("-name", "-code")}
FRAGMENTS = "inventory/location/_fragments.html"


@page(right=Right.VIEW_MASTERS, methods=("GET",))
def list_locations(request: HttpRequest) -> HttpResponse:
    """The list of locations."""
    may_edit = has_right(request.user, Right.EDIT_SETUP)
    return answer_list(
        request,
        Location.objects.all(),
        filters=LocationFilters,
        sorts=SORTS,
        rows_template="inventory/location/_rows.html",
        context={
            "title": "Locations",
            "search_label": "Code or name",
            "new_url": reverse("location-new") if may_edit else "",
            "new_label": "New location",
        },
    )


def _sheet(location: Location) -> Sheet:
    return sheets.location_sheet(list(location.bins.order_by("code").values_list("code", flat=True)))


def _bins(request: HttpRequest, location: Location) -> Mapping[str, Any]:
    return _grid(request, location).context(location.bins.order_by("code"))


PAGES = MasterPages(
    what="Location",
    plural="Locations",
    model=Location,
    audit_kind="location",
    list_url_name="locations",
    url_name="location",
    new_url_name="location-new",
    delete_url_name="location-delete",
    view_right=Right.VIEW_MASTERS,
    edit_right=Right.EDIT_SETUP,
    sheet=_sheet,
    new_sheet=sheets.NEW_LOCATION,
    name_of=lambda row: row.name,
    lock=lambda code: lock_master(Location, code),
    create=masters.create_location,
    change=masters.change_location,
    delete=masters.delete_location,
    groups=[
        ("", ["name", "bin_mandatory", "require_pick", "require_shipment"]),
        ("Bins of the assembly", ["default_bin", "to_assembly_bin", "from_assembly_bin", "asm_to_order_shpt_bin"]),
    ],
    more=_bins,
    template="inventory/location/show.html",
)


def _grid(request: HttpRequest, location: Location) -> Grid:
    may_edit = has_right(request.user, Right.EDIT_SETUP)
    return Grid(
        key="bin",
        label="Bin",
        sheet=sheets.BIN,
        url=reverse("location-bins", args=[location.code]) if may_edit else "",
        key_of=lambda row: str(row.pk),
        name_of=lambda row: f"bin {row.code}",
        locked_of=lambda row: {"code": "A key is never changed."},
    )


@page(right=Right.EDIT_SETUP, methods=("POST",))
def save_bin(request: HttpRequest, key: str, pk: int | None = None) -> HttpResponse:
    """Create a bin, or change one."""

    def write() -> Bin:
        if pk is None:
            return masters.create_bin(key, sheets.BIN.new(request.POST))
        row = _locked_bin(key, pk)
        return masters.change_bin(key, row.code, sheets.BIN.changes(request.POST, row))

    return _answer(request, key, pk, write, answer_line)


@page(right=Right.EDIT_SETUP, methods=("POST",))
def delete_bin(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Delete a bin that nothing uses."""
    return _answer(request, key, pk, lambda: masters.delete_bin(key, _locked_bin(key, pk).code), answer_deletion)


def _locked_bin(location_code: str, pk: int) -> Bin:
    row = lock_master(Location, location_code).bins.filter(pk=pk).first()
    if row is None:
        raise Missing(what=f"Bin at location {location_code}", key=pk)
    return row


def _answer(
    request: HttpRequest, key: str, pk: int | None, write: Callable[[], Any], answer: Callable[..., HttpResponse]
) -> HttpResponse:
    location = get_object_or_404(Location, pk=key)
    grid = _grid(request, location)
    unit_key = grid.new_key if pk is None else grid.unit_key(pk)
    tried = attempt(request, Right.EDIT_SETUP, write, key=unit_key)
    saved = tried.result.pk if tried.result else pk

    def show_page(refused: Attempt) -> HttpResponse:
        context = grid.context(location.bins.order_by("code"), refused)
        return PAGES.show(request, key, Attempt(key=unit_key, refusals=refused.refusals), **context)

    return answer(
        request,
        tried,
        grid=lambda: grid,
        reload=lambda: location.bins.filter(pk=saved).first() if saved else None,
        show_page=show_page,
        page_url=reverse("location", args=[key]),
        # The card offers the bins by name.
        fragments=FRAGMENTS if tried.done else "",
        context=lambda: PAGES.form(request, Location.objects.get(pk=key)),
    )
