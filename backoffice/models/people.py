"""People, their roles, and the tokens by which programs act for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from backoffice.rights import Role


class User(AbstractUser):
    """Somebody who signs in, or in whose name a program does. What they may do follows from `roles`."""

    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        default=list,
        blank=True,
        help_text="Rights add up; the administrator role never posts.",
    )

    class Meta(AbstractUser.Meta):
        constraints = (models.CheckConstraint(condition=Q(roles__contained_by=Role.values), name="user_roles_known"),)

    def has_role(self, role: Role) -> bool:
        """Say whether the user holds the role."""
        return role in self.roles

    @property
    def role_labels(self) -> list[str]:
        """Return the roles in words."""
        return [Role(role).label for role in self.roles]


class ApiToken(models.Model):
    """A bearer token of the API. Only its digest is stored: the token is shown once, when it is issued.

    The digest is a plain SHA-256: a token carries 256 random bits, so there is nothing that slow hashing
    would protect.
    """

    MARK = "kw_"
    PREFIX_LENGTH = 10
    #: How fresh `last_used_at` is kept; more often would make every read of the API a write.
    USE_NOTED_EVERY = timedelta(hours=1)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=PREFIX_LENGTH, editable=False, help_text="How the token begins.")
    note = models.CharField(max_length=100, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "API token"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @staticmethod
    def digest_of(token: str) -> str:
        """Return what is stored of a token."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, user: User, *, note: str = "", expires_at: datetime | None = None) -> str:
        """Make a token for the user and return it: the only time that it can be read."""
        token = cls.MARK + secrets.token_urlsafe(32)
        cls.objects.create(
            user=user,
            digest=cls.digest_of(token),
            prefix=token[: cls.PREFIX_LENGTH],
            note=note,
            expires_at=expires_at,
        )
        return token

    def is_usable(self, now: datetime) -> bool:
        """Say whether the token opens the door at that instant. The user's own state is not looked at."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def note_use(self, now: datetime) -> None:
        """Remember that the token was used, at most hourly. One UPDATE, or none."""
        if self.last_used_at is None or now - self.last_used_at >= self.USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now)

    def revoke(self) -> None:
        """Close the token for good. Revoking twice keeps the first instant."""
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())
