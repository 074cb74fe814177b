"""The interface describes itself without a warning."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema


@pytest.fixture
def schema(_example: None) -> Any:
    """Return the schema of the example."""
    GENERATOR_STATS.reset()
    generator = SchemaGenerator(urlconf="tests.backoffice.example")
    return generator.get_schema(request=None, public=True)


def test_it_is_valid_and_has_no_warnings(schema: Any) -> None:
    validate_schema(schema)
    assert dict(GENERATOR_STATS._warn_cache) == {}
    assert dict(GENERATOR_STATS._error_cache) == {}
    assert schema["openapi"].startswith("3.1")


def test_it_tells_how_to_sign_in_and_how_a_refusal_looks(schema: Any) -> None:
    assert schema["components"]["securitySchemes"]["bearerToken"] == {"type": "http", "scheme": "bearer"}
    assert "errors" in schema["components"]["schemas"]["Problem"]["properties"]
    for path, operations in schema["paths"].items():
        if "schema" in path:
            continue
        for method, operation in operations.items():
            assert "application/problem+json" in operation["responses"]["400"]["content"], (path, method)


def test_it_tells_filters_input_and_answer_apart(schema: Any) -> None:
    listing = schema["paths"]["/api/v1/papers/"]["get"]
    names = {parameter["name"] for parameter in listing["parameters"]}
    assert {"no__contains", "due_date__gte", "status", "limit", "cursor", "ordering", "fields", "expand"} <= names

    entering = schema["paths"]["/api/v1/papers/"]["post"]
    assert entering["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/PaperInRequest")
    assert entering["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/PaperOut")
