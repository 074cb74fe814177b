"""How the interface describes itself (OpenAPI 3.1): bearer tokens, input and answer apart, problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

_TEXT: dict[str, Any] = {"type": "string"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457). The figures behind it stand beside these members.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "code": {**_TEXT, "description": "Stable, snake_case."},
        "instance": {**_TEXT, "description": "Names the request."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": ["string", "null"], "examples": ["lines[0].quantity"]},
                    "code": _TEXT,
                    "detail": _TEXT,
                },
            },
        },
    },
    "additionalProperties": True,
}
_ALWAYS = {"400": "Malformed, or a field is invalid", "401": "Not signed in", "403": "Not allowed"}
_OF_ONE = {"404": "Nothing there"}
_OF_WRITES = {"409": "The state forbids it", "412": "Stale If-Match", "503": "Busy: try again"}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the bearer token."""

    target_class = "backoffice.api.authentication.TokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}


class ContractSchema(AutoSchema):
    """The schema of a view on our base: its input is `input_class`, and every operation may be refused."""

    def get_request_serializer(self) -> Any:
        """Return what the operation takes."""
        return getattr(self.view, "input_class", None) or super().get_request_serializer()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM_SCHEMA, object="Problem"
        )
        self.registry.register_on_missing(component)
        content = {"application/problem+json": {"schema": component.ref}}
        for status, description in self._refusals().items():
            bodies.setdefault(status, {"description": description, "content": content})
        return bodies

    def _refusals(self) -> dict[str, str]:
        of_one = _OF_ONE if "{" in self.path else {}
        return {**_ALWAYS, **of_one, **({} if self.method == "GET" else _OF_WRITES)}
