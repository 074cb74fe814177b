"""The audit trail: who changed which field of which document when, by which way in."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

#: What stands in the trail for a value that is not written down.
SECRET: Final = "***"


class AuditAction(models.TextChoices):
    """What happened to the row."""

    CREATED = "created", "created"
    CHANGED = "changed", "changed"
    DELETED = "deleted", "deleted"


class AuditEntry(models.Model):
    """One changed row. Written by triggers only, in the transaction of the change; never changed or deleted.

    `changes` maps a column to [old, new], both as text or null; a created row stores none, a deleted one its
    last values. A row that is told apart by columns of its own, such as a lot of a line, stores these in every
    entry, and its first values too (`backoffice.triggers.owned`). The actor is kept by id and by name without a
    foreign key: the trail outlives the account.
    """

    at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    channel = models.CharField(
        max_length=10,
        blank=True,
        default="",
        help_text="page, api, admin, command; empty for plain SQL",
    )
    request_id = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=50, help_text="The kind of document, such as sales_document.")
    document_id = models.CharField(max_length=64)
    object_table = models.CharField(max_length=63)
    object_pk = models.CharField(max_length=64)
    line_no = models.IntegerField(null=True)
    action = models.CharField(max_length=10, choices=AuditAction.choices)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "audit entries"
        constraints = (
            models.CheckConstraint(condition=Q(action__in=AuditAction.values), name="auditentry_action_known"),
        )
        indexes = (
            models.Index(fields=["kind", "document_id", "-id"], name="auditentry_document"),
            models.Index(fields=["actor_id", "-id"], name="auditentry_actor"),
            models.Index(fields=["at"], name="auditentry_at"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id} {self.action}"

    @property
    def naming(self) -> dict[str, str]:
        """The columns that name the row among those of its document or line, empty where the line number does."""
        return {name: new for name, (old, new) in self.changes.items() if old == new and new != SECRET}


class AuditSeal(models.Model):
    """A digest over the entries from first to last and over the seal before (`backoffice.sealing`). Never changed."""

    at = models.DateTimeField(db_default=Now())
    first_entry = models.BigIntegerField(unique=True)
    last_entry = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    #: The digest of the seal before; blank for the first.
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.first_entry} to {self.last_entry}"
