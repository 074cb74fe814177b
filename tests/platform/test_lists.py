"""Every list that the schema describes can be searched and filtered as described."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.rest import Api, person

pytestmark = pytest.mark.django_db

#: One value for each kind of filter. A text may be a choice, whose words the schema does not tell.
VALUES = {
    "boolean": "true",
    "integer": "1",
    "decimal": "1",
    "date": "2031-01-01",
    "date-time": "2031-01-01T00:00:00Z",
}


def lists() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the schemas of the parameters of every list, by its path and their names."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    described = {
        path.removeprefix("/api/v1/"): {one["name"]: one["schema"] for one in methods["get"].get("parameters", [])}
        for path, methods in schema["paths"].items()
        if "get" in methods and "{" not in path
    }
    return {path: parameters for path, parameters in described.items() if "limit" in parameters}


def test_every_list_is_searched_and_filtered_as_described() -> None:
    api, found = Api(person("root", is_superuser=True)), lists()
    assert {"items/", "sales-orders/", "item-ledger-entries/", "posted-assembly-orders/"} <= found.keys()
    for path, parameters in found.items():
        kinds = {name: schema.get("format", schema["type"]) for name, schema in parameters.items()}
        query = {name: VALUES[kind] for name, kind in kinds.items() if kind in VALUES}
        if "search" in parameters:
            query["search"] = "word"
        answer = api.get(f"{path}?{urlencode(query)}")
        assert answer.status_code == 200, (path, answer.body)
