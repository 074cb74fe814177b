"""Refusals that belong to the interface itself rather than to a business rule."""

from __future__ import annotations

from backoffice.exceptions import DomainError, FieldError


class MalformedBody(DomainError):
    """The body is not the JSON that the contract wants. Params: why."""

    code = "malformed_body"
    http_status = 400
    template = "The body cannot be read: {why}."


class BodyTooLarge(DomainError):
    """The body is longer than is taken. Params: limit (bytes)."""

    code = "body_too_large"
    http_status = 413
    template = "The body is longer than {limit} bytes."


class UnknownFilter(FieldError):
    """A query parameter that the list does not know. The field is the parameter's name."""

    code = "unknown_filter"
    template = "There is no such filter."


class IdempotencyKeyReused(DomainError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    template = "This Idempotency-Key was used for another request."
