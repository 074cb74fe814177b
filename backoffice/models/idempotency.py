"""Answers kept so that a repeated request is answered, not repeated."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class IdempotencyRecord(models.Model):
    """The claim of one Idempotency-Key by one user, and the answer that its request got.

    The row is inserted in the transaction of the request itself: a twin waits at the unique constraint until
    the first one has committed (then it replays) or rolled back (then it goes on as the first). `status` is
    null only inside that transaction.
    """

    KEY_MAX_LENGTH = 255

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_MAX_LENGTH)
    request_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="idempotencyrecord_key_once_per_user"),)
        indexes = (models.Index(fields=["created_at"], name="idempotencyrecord_created_at"),)

    def __str__(self) -> str:
        return self.key
