"""A new company starts with its settings, one location and the units that everything defaults to."""

from __future__ import annotations

import pytest

from inventory.models import Setup, UnitOfMeasure

pytestmark = pytest.mark.django_db


def test_settings_exist_with_a_default_location() -> None:
    setup = Setup.objects.get()

    assert setup.default_location_id == "MAIN"
    assert setup.default_location is not None
    assert not setup.default_location.bin_mandatory


def test_default_units_exist() -> None:
    assert set(UnitOfMeasure.objects.values_list("code", flat=True)) == {"PCS", "HOUR"}
