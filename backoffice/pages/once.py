"""Forms that post something for good: sent twice (a lost answer, a second click), they are done once.

The page holds a token, drawn when it was made. The write claims it in its own transaction, in the table that keeps
the API's Idempotency-Keys: a twin waits there, and a claim whose write was refused is gone with it.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import connection
from django.http import HttpRequest

from backoffice.exceptions import DomainError, Invalid

#: The hidden control that carries the token.
TOKEN = "form_token"
_LONGEST = 64
_SEE_OTHER = 303

_CLAIM = """
INSERT INTO backoffice_idempotencyrecord (user_id, key, request_hash, created_at, status, headers, body)
VALUES (%s, %s, '', statement_timestamp(), %s, '{}', '')
ON CONFLICT ON CONSTRAINT idempotencyrecord_key_once_per_user DO NOTHING
RETURNING id
"""


class SentTwice(DomainError):
    """The very same form has been sent before, and was done."""

    code: ClassVar[str] = "sent_twice"
    template: ClassVar[str] = "This form was sent before, and done. Load the page again to do another one."


def token_for(request: HttpRequest) -> str:
    """Return the token of the form that came back, or a new one for a fresh page."""
    return request.POST.get(TOKEN) or secrets.token_urlsafe(16)


def claim(request: HttpRequest) -> None:
    """Claim the form's token inside the unit of work. Raises SentTwice, or Invalid for a form without one."""
    assert connection.in_atomic_block, "claim() means something only in the transaction of the write"
    token = request.POST.get(TOKEN, "")
    if not token or len(token) > _LONGEST or not (token.isascii() and token.isprintable()):
        raise Invalid(detail="The form came back incomplete. Load the page again.")
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [request.user.pk, f"page:{token}", _SEE_OTHER])
        if cursor.fetchone() is None:
            raise SentTwice
