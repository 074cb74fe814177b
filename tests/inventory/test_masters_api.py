"""Units of measure, resources, locations with bins, and the settings."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.rights import Role
from inventory.models import Item, Location
from tests.inventory.conftest import post
from tests.rest import Api, errors_of, person

pytestmark = pytest.mark.django_db


def test_unit_of_measure_lives_and_dies(api: Api) -> None:
    assert api.post("units-of-measure/", {"code": "BOX", "description": "Box"}).status_code == 201
    assert api.post("units-of-measure/", {"code": "BOX"}).body["code"] == "already_exists"
    assert api.patch("units-of-measure/BOX/", {"description": "Carton"}).body["description"] == "Carton"
    assert api.patch("units-of-measure/BOX/", {"code": "BX"}).body["code"] == "read_only_field"
    assert api.delete("units-of-measure/BOX/").status_code == 204
    assert api.get("units-of-measure/BOX/").status_code == 404


def test_unit_that_an_item_is_counted_in_stays(api: Api) -> None:
    api.post("items/", {"no": "C1"})

    response = api.delete("units-of-measure/PCS/")

    assert (response.status_code, response.body["code"]) == (409, "in_use")
    assert "items" in response.body["detail"]


def test_resource_has_hours_by_default(api: Api) -> None:
    body = api.post("resources/", {"no": "R1", "name": "Bench", "unit_cost": 30}).body

    assert (body["type"], body["base_unit_of_measure"], body["unit_cost"]) == ("person", "HOUR", "30")
    assert api.patch("resources/R1/", {"blocked": True}).body["blocked"] is True
    assert api.delete("resources/R1/").status_code == 204


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"base_unit_of_measure": "GONE"}, ("base_unit_of_measure", "not_found")),
        ({"unit_cost": -1}, ("unit_cost", "invalid")),
        ({"type": "robot"}, ("type", "invalid")),
        ({"wage": 5}, ("wage", "unknown_field")),
    ],
)
def test_faulty_resource_is_refused(api: Api, values: dict[str, Any], error: tuple[str, str]) -> None:
    response = api.post("resources/", {"no": "R1", **values})

    assert response.status_code == 400
    assert errors_of(response) == [error]


def test_resource_in_a_bom_keeps_its_unit_and_stays(api: Api) -> None:
    api.post("resources/", {"no": "R1"})
    api.post("items/", {"no": "KIT"})
    api.send("PUT", "items/KIT/bom/", [{"type": "resource", "no": "R1", "quantity_per": 1}])

    assert api.delete("resources/R1/").body["code"] == "in_use"
    assert api.patch("resources/R1/", {"base_unit_of_measure": "PCS"}).body["code"] == "in_use"


def test_location_names_bins_of_its_own_only(api: Api) -> None:
    too_early = api.post("locations/", {"code": "WH", "to_assembly_bin": "A-01"})
    api.post("locations/", {"code": "WH", "name": "Warehouse", "bin_mandatory": True})
    for code in ("A-01", "ASM/IN"):
        assert api.post("locations/WH/bins/", {"code": code}).status_code == 201

    changed = api.patch("locations/WH/", {"to_assembly_bin": "ASM/IN", "from_assembly_bin": "A-01"})
    refused = api.patch("locations/WH/", {"default_bin": "B-99"})

    assert errors_of(too_early) == [("to_assembly_bin", "not_found")]
    assert (changed.body["to_assembly_bin"], changed.body["from_assembly_bin"]) == ("ASM/IN", "A-01")
    assert errors_of(refused) == [("default_bin", "not_found")]
    assert [row["code"] for row in api.get("locations/WH/bins/").body["results"]] == ["A-01", "ASM/IN"]
    assert api.get("locations/WH/bins/ASM%2FIN/").body["code"] == "ASM/IN"


def test_bin_that_something_names_stays(api: Api) -> None:
    api.post("locations/", {"code": "WH"})
    for code in ("A", "B", "C"):
        api.post("locations/WH/bins/", {"code": code})
    api.patch("locations/WH/", {"default_bin": "A"})
    api.post("items/", {"no": "C1"})
    post(Item.objects.get(), 1, location_id="WH", bin_code="B")

    assert [api.delete(f"locations/WH/bins/{code}/").status_code for code in ("A", "B", "C")] == [409, 409, 204]
    assert api.post("locations/WH/bins/", {"code": "A"}).body["code"] == "already_exists"


def test_bins_become_mandatory_at_an_empty_location_only(api: Api) -> None:
    api.post("items/", {"no": "C1"})
    post(Item.objects.get(), 1)

    response = api.patch("locations/MAIN/", {"bin_mandatory": True})

    assert (response.status_code, response.body["code"]) == (409, "in_use")
    assert not Location.objects.get(code="MAIN").bin_mandatory


def test_location_in_use_stays_and_an_empty_one_goes_with_its_bins(api: Api) -> None:
    api.post("locations/", {"code": "WH"})
    api.post("locations/WH/bins/", {"code": "A"})

    assert api.delete("locations/MAIN/").body["code"] == "in_use"
    assert api.delete("locations/WH/").status_code == 204


def test_settings_are_one_document(api: Api) -> None:
    before = api.get("setup/")
    changed = api.patch("setup/", {"work_date": "2031-03-03", "check_avail_period_days": 90})

    assert before.body == {
        "default_location": "MAIN",
        "default_safety_lead_time_days": 0,
        "stockout_warning": True,
        "check_avail_period_days": None,
        "copy_comments": True,
        "create_movements_automatically": False,
        "default_quantity_to_ship": "remainder",
        "work_date": None,
    }
    assert (changed.body["work_date"], changed.body["check_avail_period_days"]) == ("2031-03-03", 90)
    assert changed.headers["ETag"] != before.headers["ETag"]
    assert api.patch("setup/", {"work_date": None}).body["work_date"] is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"default_location": "GONE"}, "not_found"),
        ({"work_date": "3.3.2031"}, "invalid"),
        ({"default_safety_lead_time_days": -1}, "invalid"),
        ({"default_quantity_to_ship": "all"}, "invalid"),
        ({"currency": "EUR"}, "unknown_field"),
    ],
)
def test_faulty_setting_is_refused(api: Api, values: dict[str, Any], code: str) -> None:
    response = api.patch("setup/", values)

    assert (response.status_code, response.body["code"]) == (400, code)


def test_settings_with_a_stale_tag_are_refused(api: Api) -> None:
    tag = api.get("setup/").headers["ETag"]
    api.patch("setup/", {"copy_comments": False})

    assert api.patch("setup/", {"copy_comments": True}, If_Match=tag).status_code == 412


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.CLERK, "setup/", 403),
        (Role.PLANNER, "setup/", 403),
        (Role.ADMINISTRATOR, "setup/", 200),
        (Role.AUDITOR, "locations/MAIN/", 403),
    ],
)
def test_settings_are_the_administrators(db: None, role: Role, path: str, status: int) -> None:
    body = {"copy_comments": False} if path == "setup/" else {"name": "x"}

    assert Api(person("somebody", role)).patch(path, body).status_code == status
