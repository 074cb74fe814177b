"""The floors, where import-linter cannot see them, and a few things that no file may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["backoffice", "inventory", "sales", "assembly"]

# What may follow "://" in a file that decides what is downloaded: ourselves, and a database's address.
_OWN_ADDRESS = re.compile(r"(https?://(127\.0\.0\.1|localhost)|postgres(ql)?://)")


def _files(*patterns: str) -> list[Path]:
    found = (path for pattern in patterns for path in ROOT.glob(pattern))
    return [path for path in found if path.is_file() and path.suffix != ".pyc"]


def _models_and_floors_above() -> Iterator[tuple[type[Model], set[str]]]:
    for rank, floor in enumerate(FLOORS):
        for model in apps.get_app_config(floor).get_models():
            yield model, set(FLOORS[rank + 1 :])


def test_foreign_keys_point_downwards() -> None:
    for model, above in _models_and_floors_above():
        targets = {
            field.related_model._meta.app_label
            for field in model._meta.get_fields()
            if field.is_relation and field.concrete and isinstance(field.related_model, type)
        }
        assert not targets & above, model._meta.label


def test_no_model_has_an_accessor_to_a_floor_above() -> None:
    """A reverse accessor is an import in disguise: such keys say `related_name="+"`."""
    for model, above in _models_and_floors_above():
        seen = {relation.related_model._meta.app_label for relation in model._meta.related_objects}
        assert not seen & above, model._meta.label


def test_no_file_that_decides_a_download_names_a_host() -> None:
    files = _files("config/**/*", ".ci/*", "Makefile", "*.toml", "*.yml")

    named = {
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in path.read_text().splitlines()
        if "://" in _OWN_ADDRESS.sub("", line)
    }

    assert files
    assert named == set()


@pytest.mark.parametrize("banned", [r"\bfloat\(", r"\.send_robust\("])
def test_no_application_code_uses(banned: str) -> None:
    """Quantities are Decimal from input to output; a receiver that fails undoes the sender's work."""
    files = _files(*(f"{floor}/**/*.py" for floor in FLOORS))

    assert files
    assert [str(path) for path in files if re.search(banned, path.read_text())] == []


def test_the_driver_is_psycopg2() -> None:
    assert not is_psycopg3
