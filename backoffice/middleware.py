"""What every request passes through: an id, who acts by which way in, and keys that hold a slash."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from backoffice import acting
from backoffice.models import User
from backoffice.transactions import run_unit

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

_READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

API_PATH = "/api/"
ADMIN_PATH = "/admin/"
REQUEST_ID_HEADER = "X-Request-Id"
#: What a client may send as its own id: nothing that could forge a line of the log.
_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def channel_of(path: str) -> str:
    """Return the way in that a path belongs to."""
    if path.startswith(API_PATH):
        return acting.API
    return acting.ADMIN if path.startswith(ADMIN_PATH) else acting.PAGE


class ActingMiddleware:
    """Give the request an id and say who acts. Stands after AuthenticationMiddleware; runs no query itself.

    The id comes from the client where it is sane, else it is drawn; the answer carries it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and forget who acted when it is done."""
        sent = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = sent if _SANE_REQUEST_ID.fullmatch(sent) else acting.new_request_id()
        # request.user costs a query when looked at; it stays lazy until something is written.
        user = cast(User, SimpleLazyObject(lambda: request.user))
        token = acting.begin(acting.Acting(user=user, channel=channel_of(request.path), request_id=request_id))
        try:
            response = self.get_response(request)
        finally:
            acting.end(token)
        response[REQUEST_ID_HEADER] = request_id
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Run a write of the admin as one unit, so that the trail names who did it. Other views do so themselves."""
        if acting.current().channel != acting.ADMIN or request.method in _READS:
            return None
        return run_unit(lambda: view(request, *args, **kwargs))


class EncodedSlashMiddleware:
    """Let a key hold a slash: `/items/A%2FB/` is the item "A/B".

    WSGI hands over the path decoded, so the slash of a key and the slash between two keys look alike. Servers
    tell the path as it was sent in RAW_URI or REQUEST_URI; where they do and the API's path holds %2F, it is
    resolved with "/" and "%" of each segment still escaped, and `key_of` takes the escape back. Stands first;
    touches no other request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve the path as it was sent, where that matters."""
        raw = raw_path(request)
        if raw is not None and raw.startswith(API_PATH) and "%2f" in raw.lower():
            request.path_info = "/".join(_escaped(segment) for segment in raw.split("/"))
            request.META[_ESCAPED] = True
        return self.get_response(request)


_ESCAPED = "kitwright.path_is_escaped"


def raw_path(request: HttpRequest) -> str | None:
    """Return the path as the client sent it, still percent-encoded; None where the server does not tell."""
    sent = request.META.get("RAW_URI") or request.META.get("REQUEST_URI")
    # An absolute-form request line carries scheme and host before the path.
    return None if sent is None else urlsplit(str(sent)).path


def key_of(request: HttpRequest, segment: str) -> str:
    """Return the key that a segment of the resolved path stands for."""
    return segment.replace("%2F", "/").replace("%25", "%") if request.META.get(_ESCAPED) else segment


def _escaped(segment: str) -> str:
    return unquote(segment, errors="replace").replace("%", "%25").replace("/", "%2F")
