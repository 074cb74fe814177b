"""The interface describes itself without a doubt: the OpenAPI schema is made without a warning and is valid."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command


def test_the_schema_is_made_without_warnings(tmp_path: Path) -> None:
    place = tmp_path / "schema.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(place))

    assert "/api/v1/sales-orders/{no}/lines/{line_no}/assembly/:" in place.read_text()
