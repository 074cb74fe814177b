"""Every refusal in one shape: application/problem+json (RFC 9457), a stable code, the fields at fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DbError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import csrf as django_csrf
from django.views import defaults as django_views
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.settings import api_settings

from backoffice import acting
from backoffice.api.refusals import BodyTooLarge
from backoffice.exceptions import DomainError, NotNow, Refusals
from backoffice.middleware import API_PATH
from backoffice.sqlstates import refusal_of

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: DRF's words for a faulty field -> the contract's. What is not here is `invalid`, unless it is a code of
#: ours.
_FIELD_CODES = {
    "required": "required",
    "null": "required",
    "blank": "required",
    "does_not_exist": "not_found",
}
_OUR_FIELD_CODES = frozenset({"unknown_field", "read_only_field", "not_found", "required", "blocked", "already_exists"})
_DRF_CODES: tuple[tuple[type[drf.APIException], str], ...] = (
    (drf.NotAuthenticated, "auth_required"),
    (drf.AuthenticationFailed, "auth_failed"),
    (drf.PermissionDenied, "forbidden"),
    (drf.NotFound, "not_found"),
    (drf.MethodNotAllowed, "method_not_allowed"),
    (drf.NotAcceptable, "not_acceptable"),
    (drf.UnsupportedMediaType, "unsupported_media_type"),
    (drf.Throttled, "rate_limited"),
    (drf.ParseError, "malformed_body"),
)
_STANDARD_MEMBERS = frozenset({"type", "title", "status", "detail", "code", "errors", "instance"})

Problem = dict[str, Any]


def problem(status: int, code: str, detail: str, errors: list[Problem] | None = None, **figures: Any) -> Problem:
    """Return the body of a refusal. A figure never takes the place of a standard member."""
    extra = {name: value for name, value in figures.items() if name not in _STANDARD_MEMBERS}
    return {
        "type": f"urn:kitwright:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": f"urn:kitwright:request:{acting.current().request_id}",
        "errors": errors or [],
        **extra,
    }


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn whatever a view raised into a problem. A bug becomes a 500 that tells only the request's id.

    A database that is gone, or has no time, is no bug, wherever it is noticed: at the token, or at a read as well.
    """
    refused = refusal_of(error) if isinstance(error, DbError) else None
    body, headers = _explain(refused or error)
    if body is None:
        logger.error("unexpected error in %s", type(context.get("view")).__name__, exc_info=error)
        body = _internal_error()
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _explain(error: Exception) -> tuple[Problem | None, dict[str, str]]:
    if isinstance(error, DomainError):
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, NotNow) else {}
        return _of_refusals([error]), headers
    if isinstance(error, Refusals):
        return _of_refusals(error.errors), {}
    if isinstance(error, drf.ValidationError):
        return _of_validation(error), {}
    if isinstance(error, drf.APIException):
        return _of_drf(error), _drf_headers(error)
    return _of_django(error), {}


def _of_django(error: Exception) -> Problem | None:
    if isinstance(error, Http404):
        return problem(404, "not_found", "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", "This is not allowed.")
    if isinstance(error, RequestDataTooBig):
        return _of_refusals([BodyTooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)])
    if isinstance(error, SuspiciousOperation):
        return problem(400, "malformed_request", "The request cannot be read.")
    return None


def _of_refusals(refusals: list[DomainError]) -> Problem:
    first = refusals[0]
    errors = [{"field": one.field, "code": one.code, "detail": one.detail, **_shown(one)} for one in refusals]
    detail = first.detail if len(refusals) == 1 else " ".join(_sentence(one.field, one.detail) for one in refusals)
    return problem(first.http_status, first.code, detail, errors, **_shown(first))


def _shown(refusal: DomainError) -> dict[str, Any]:
    """Return the figures that may stand beside the standard members of an entry."""
    return {name: value for name, value in refusal.figures.items() if name not in _STANDARD_MEMBERS | {"field"}}


def _of_validation(error: drf.ValidationError) -> Problem:
    errors = [{"field": path or None, "code": code, "detail": detail} for path, code, detail in flatten(error.detail)]
    detail = " ".join(_sentence(one["field"], str(one["detail"])) for one in errors)
    return problem(400, str(errors[0]["code"]) if errors else "invalid", detail, errors)


def _sentence(field: str | None, detail: str) -> str:
    return f"{field}: {detail}" if field else detail


def flatten(detail: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (path, code, detail) of each error in DRF's nest: "lines[0].quantity", code, words."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from flatten(inner, _below(path, name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            # A list holds either the messages of one field or one dict (perhaps empty) per member of a list.
            nested = isinstance(inner, (Mapping, list))
            yield from flatten(inner, f"{path}[{index}]" if nested else path)
    else:
        yield path, _field_code(str(getattr(detail, "code", "invalid"))), str(detail)


def _below(path: str, name: str | int) -> str:
    if name == api_settings.NON_FIELD_ERRORS_KEY:
        return path
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else str(name)


def _field_code(code: str) -> str:
    if code in _OUR_FIELD_CODES:
        return code
    return _FIELD_CODES.get(code, "invalid")


def _of_drf(error: drf.APIException) -> Problem:
    code = next((code for kind, code in _DRF_CODES if isinstance(error, kind)), "invalid")
    return problem(error.status_code, code, str(error.detail))


def _drf_headers(error: drf.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    return headers


def _internal_error() -> Problem:
    return problem(500, "internal_error", "Something went wrong on our side. The request id tells us what.")


# --- Outside the views: no route, a bug in a middleware, a missing CSRF token
# ----------------------------------------


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PATH)


def _respond(body: Problem) -> HttpResponse:
    return JsonResponse(body, status=body["status"], content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be Django's handler400."""
    if not _is_api(request):
        return django_views.bad_request(request, exception)
    return _respond(problem(400, "malformed_request", "The request cannot be read."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be Django's handler404."""
    if not _is_api(request):
        return django_views.page_not_found(request, exception)
    return _respond(problem(404, "not_found", "There is nothing at this address."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Be Django's handler403."""
    if not _is_api(request):
        return django_views.permission_denied(request, exception)
    return _respond(problem(403, "forbidden", "This is not allowed."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Be Django's handler500."""
    return _respond(_internal_error()) if _is_api(request) else django_views.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Be Django's CSRF_FAILURE_VIEW."""
    if not _is_api(request):
        return django_csrf.csrf_failure(request, reason)
    return _respond(problem(403, "forbidden", "The CSRF token is missing or wrong."))
