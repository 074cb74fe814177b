"""What every request passes through: an id, who acts by which way in, and keys that hold a slash."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from backoffice import acting
from backoffice.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

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
    """Give the request an id and say who acts. Stands after AuthenticationMiddleware; runs no query by itself.

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
        token = acting.begin(
            acting.Acting(user=user, channel=channel_of(request.path), request_id=request_id)
        )
        try:
            response = self.get_response(request)
        finally:
            acting.end(token)
        response[REQUEST_ID_HEADER] = request_id
        return response
