"""The migrations say what the models say, and every one of them can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

OWN = ["backoffice", "inventory", "sales", "assembly"]


def _own_tables() -> set[str]:
    prefixes = tuple(f"{app}_" for app in OWN)
    return {name for name in connection.introspection.table_names() if name.startswith(prefixes)}


@pytest.mark.django_db
def test_no_model_has_changed_since_its_last_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.breaks_integrity
def test_every_migration_goes_back_and_forth() -> None:
    before = _own_tables()

    for app in reversed(OWN):
        call_command("migrate", app, "zero", verbosity=0)
    between = _own_tables()
    call_command("migrate", verbosity=0)

    assert between == set()
    assert _own_tables() == before != set()
