"""Resources, locations with their bins, units of measure and the setup on pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from inventory.models import Bin, Item, Location, Resource, Setup, UnitOfMeasure
from inventory.services.masters import create_bin, create_location
from tests.support_pages import save

LOCATIONS = "/inventory/locations/"
RESOURCES = "/inventory/resources/"
UNITS = "/inventory/units-of-measure/"


@pytest.fixture
def white(db: None) -> Location:
    """WHITE with the bin A."""
    location = create_location({"code": "WHITE", "name": "White"})
    create_bin("WHITE", {"code": "A"})
    return location


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- Resources


def test_resource_is_created_changed_and_deleted(planner: Client, db: None) -> None:
    created = planner.post(f"{RESOURCES}new/", {"no": "R1", "name": "Bench", "unit_cost": "30"})
    saved = save(planner, f"{RESOURCES}R1/", **{"unit_price": "45.5", "was.unit_price": "0.00"})

    assert created["Location"] == f"{RESOURCES}R1/"
    assert saved.status_code == HTTPStatus.OK
    resource = Resource.objects.get()
    assert (resource.unit_cost, resource.unit_price) == (Decimal(30), Decimal("45.5"))

    assert planner.post(f"{RESOURCES}R1/delete/")["Location"] == RESOURCES
    assert not Resource.objects.exists()


def test_resource_hides_its_costs(clerk: Client, planner: Client, db: None) -> None:
    planner.post(f"{RESOURCES}new/", {"no": "R1", "unit_cost": "31.17"})
    save(planner, f"{RESOURCES}R1/", **{"unit_cost": "32.18", "was.unit_cost": "31.17"})

    pages = text_of(clerk.get(RESOURCES)) + text_of(clerk.get(f"{RESOURCES}R1/"))

    assert "31.17" in text_of(planner.get(f"{RESOURCES}R1/"))
    assert "31.17" not in pages
    assert "32.18" not in pages


def test_resource_in_use_stays(planner: Client, kit: Item) -> None:
    planner.post(f"{RESOURCES}new/", {"no": "R1"})
    save(planner, "/inventory/items/K/bom/", type="resource", no="R1", quantity_per="1")

    response = planner.post(f"{RESOURCES}R1/delete/")

    assert response.status_code == HTTPStatus.CONFLICT
    assert "cannot be deleted" in text_of(response)
    assert Resource.objects.exists()


def test_resources_are_found(planner: Client, db: None) -> None:
    planner.post(f"{RESOURCES}new/", {"no": "R1", "name": "Bench"})
    planner.post(f"{RESOURCES}new/", {"no": "M1", "name": "Mill", "type": "machine"})

    assert [row.no for row in planner.get(RESOURCES, {"q": "ben"}).context["listing"].rows] == ["R1"]
    assert [row.no for row in planner.get(RESOURCES, {"type": "machine"}).context["listing"].rows] == ["M1"]


# --- Locations and bins


def test_location_is_created_with_its_bins(administrator: Client, db: None) -> None:
    administrator.post(f"{LOCATIONS}new/", {"code": "EAST", "name": "East"})
    added = save(administrator, f"{LOCATIONS}EAST/bins/", code="B1", description="Shelf")
    named = save(administrator, f"{LOCATIONS}EAST/", **{"default_bin": "B1", "was.default_bin": ""})

    bin_row = Bin.objects.get(location="EAST")
    assert f'id="bin-{bin_row.pk}"' in text_of(added)
    assert '<option value="B1">B1</option>' in text_of(added)  # the form offers it at once
    assert named.status_code == HTTPStatus.OK
    assert Location.objects.get(pk="EAST").default_bin == "B1"


def test_bin_is_changed_and_deleted(administrator: Client, white: Location) -> None:
    row = white.bins.get()
    save(administrator, f"{LOCATIONS}WHITE/bins/{row.pk}/", **{"description": "Left", "was.description": ""})
    row.refresh_from_db()
    assert row.description == "Left"

    save(administrator, f"{LOCATIONS}WHITE/bins/{row.pk}/delete/")
    assert not white.bins.exists()


def test_bin_that_its_location_names_stays(administrator: Client, white: Location) -> None:
    save(administrator, f"{LOCATIONS}WHITE/", default_bin="A")
    row = white.bins.get()

    by_script = save(administrator, f"{LOCATIONS}WHITE/bins/{row.pk}/delete/")
    plain = administrator.post(f"{LOCATIONS}WHITE/bins/{row.pk}/delete/")

    assert (by_script.status_code, plain.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.CONFLICT)
    assert "the settings of location WHITE" in text_of(by_script)
    assert "the settings of location WHITE" in text_of(plain)
    assert white.bins.exists()


def test_bin_twice_is_refused(administrator: Client, white: Location) -> None:
    response = save(administrator, f"{LOCATIONS}WHITE/bins/", code="A")

    assert response.status_code == HTTPStatus.CONFLICT
    assert "Bin at location WHITE A already exists." in text_of(response)


def test_bin_that_there_is_not_is_no_choice(administrator: Client, white: Location) -> None:
    response = save(administrator, f"{LOCATIONS}WHITE/", default_bin="NOWHERE")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert Location.objects.get(pk="WHITE").default_bin == ""


def test_planner_reads_locations_only(planner: Client, white: Location) -> None:
    page = text_of(planner.get(f"{LOCATIONS}WHITE/"))

    assert "data-unit" not in page
    assert save(planner, f"{LOCATIONS}WHITE/", name="Mine").status_code == HTTPStatus.FORBIDDEN
    assert save(planner, f"{LOCATIONS}WHITE/bins/", code="B").status_code == HTTPStatus.FORBIDDEN


# --- Units of measure


def test_unit_is_created_changed_and_deleted(administrator: Client, db: None) -> None:
    key = b"BIG BOX".hex()
    created = save(administrator, UNITS, code="BIG BOX", description="Box")
    save(administrator, f"{UNITS}{key}/", **{"description": "Large box", "was.description": "Box"})

    assert f'id="unit-{key}"' in text_of(created)
    assert UnitOfMeasure.objects.get(pk="BIG BOX").description == "Large box"

    save(administrator, f"{UNITS}{key}/delete/")
    assert not UnitOfMeasure.objects.filter(pk="BIG BOX").exists()


def test_unit_in_use_stays(administrator: Client, item: Item) -> None:
    response = save(administrator, f"{UNITS}{b'PCS'.hex()}/delete/")

    assert response.status_code == HTTPStatus.CONFLICT
    assert UnitOfMeasure.objects.filter(pk="PCS").exists()


@pytest.mark.parametrize("key", ["zz", "ff", b"NONE".hex()])
def test_unit_that_there_is_not(administrator: Client, db: None, key: str) -> None:
    assert save(administrator, f"{UNITS}{key}/", description="x").status_code == HTTPStatus.NOT_FOUND


# --- Setup


def test_work_date_is_set_and_taken_back(administrator: Client, db: None) -> None:
    save(administrator, "/inventory/setup/", work_date="2031-03-03")
    assert Setup.objects.get().work_date == dt.date(2031, 3, 3)

    save(administrator, "/inventory/setup/", **{"work_date": "", "was.work_date": "2031-03-03"})
    assert Setup.objects.get().work_date is None


def test_setup_refuses_what_there_is_not(administrator: Client, db: None) -> None:
    response = save(administrator, "/inventory/setup/", default_location="NOWHERE")

    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "Location NOWHERE does not exist." in text_of(response)


def test_setup_is_read_by_planners_and_hidden_from_workers(planner: Client, worker: Client) -> None:
    assert planner.get("/inventory/setup/").status_code == HTTPStatus.OK
    assert save(planner, "/inventory/setup/", copy_comments="false").status_code == HTTPStatus.FORBIDDEN
    assert worker.get("/inventory/setup/").status_code == HTTPStatus.FORBIDDEN
