"""Who is at work, and by which way in: what the audit triggers write beside every change.

The request's middleware, the API's authentication and the commands say it here; `transactions.run_unit` hands
it to the database for the length of one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from backoffice.models import User

PAGE, API, ADMIN, COMMAND = "page", "api", "admin", "command"


def new_request_id() -> str:
    """Return a fresh id, 128 bits as hex."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """The actor of the work in hand. `user` may be lazy: it is looked at only when something is written."""

    user: User | AnonymousUser | None = None
    channel: str = COMMAND
    request_id: str = field(default_factory=new_request_id)
    reason: str = ""

    @property
    def actor_id(self) -> int | None:
        """Return the signed-in user's id, or None for nobody."""
        return self.user.pk if self.user is not None and self.user.is_authenticated else None

    @property
    def actor_name(self) -> str:
        """Return the user name, or "" for nobody."""
        return self.user.get_username() if self.actor_id is not None and self.user is not None else ""


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting:
    """Return who is acting; outside any request or command: nobody, by command."""
    return _acting.get() or Acting()


def begin(acting: Acting) -> Token[Acting | None]:
    """Say who acts from now on. Give the token back to `end`."""
    return _acting.set(acting)


def end(token: Token[Acting | None]) -> None:
    """Go back to what held before `begin`."""
    _acting.reset(token)


def identify(user: User) -> None:
    """Name the actor of the request in hand, once a token has told who it is."""
    _acting.set(replace(current(), user=user))


@contextmanager
def acting_as(user: User | None, channel: str = COMMAND, *, reason: str = "") -> Iterator[Acting]:
    """Act as the user by the channel for the length of the block."""
    acting = Acting(user=user, channel=channel, reason=reason)
    token = begin(acting)
    try:
        yield acting
    finally:
        end(token)
