"""Signing in by bearer token."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from backoffice import acting
from backoffice.models import ApiToken, User

_SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. One statement; another at most hourly to note the use."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the token's user and name them as the actor; None where the request carries no bearer token.

        Raises AuthenticationFailed for a token that is unknown, expired or revoked, or whose user is
        inactive: the answer does not say which.
        """
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != _SCHEME.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed
        token = self._token(parts[1].decode("latin-1"))
        now = timezone.now()
        if token is None or not token.is_usable(now) or not token.user.is_active:
            raise AuthenticationFailed("The token is not valid.")
        token.note_use(now)
        acting.identify(token.user)
        return token.user, token

    def _token(self, text: str) -> ApiToken | None:
        # Looking up a digest by index tells a guesser nothing about the token: no comparison in constant time
        # is needed.
        return ApiToken.objects.select_related("user").filter(digest=ApiToken.digest_of(text)).first()

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return _SCHEME
