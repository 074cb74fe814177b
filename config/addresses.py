"""Whose address counts when sign-ins are counted."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def of_client(request: HttpRequest) -> str:
    """Return the client's address: as our own proxy reported it, where we are behind one.

    The proxy appends to what it received, so only the last entry is its word; the others are the client's.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return peer
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or peer
