"""What a new company starts with: the settings, one location, and the two units that everything defaults to."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

UNITS = {"PCS": "Piece", "HOUR": "Hour"}
LOCATION = ("MAIN", "Main location")


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the records."""
    _ = schema_editor
    unit, location = apps.get_model("inventory", "UnitOfMeasure"), apps.get_model("inventory", "Location")
    for code, description in UNITS.items():
        unit.objects.create(code=code, description=description)
    main = location.objects.create(code=LOCATION[0], name=LOCATION[1])
    apps.get_model("inventory", "Setup").objects.create(id=1, default_location=main)


def delete(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Delete them again; records that something refers to stand in the way, as they should.

    Raw, because going backwards the historical models know relations of later migrations that are gone already.
    """
    alias = schema_editor.connection.alias
    for name, keys in (
        ("Setup", {"id": 1}),
        ("Location", {"code": LOCATION[0]}),
        ("UnitOfMeasure", {"code__in": UNITS}),
    ):
        apps.get_model("inventory", name).objects.filter(**keys)._raw_delete(alias)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("inventory", "0002_triggers")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(create, delete)]
