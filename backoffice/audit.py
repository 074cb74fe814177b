"""Reading the audit trail. Nothing here writes: the triggers do (see `backoffice.triggers.audited`)."""

from __future__ import annotations

from django.db.models import QuerySet

from backoffice.models import AuditEntry


def history(kind: str, document_id: object) -> QuerySet[AuditEntry]:
    """Return what happened to one document and its lines, newest first. Each row tells the actor's name."""
    return AuditEntry.objects.filter(kind=kind, document_id=str(document_id)).order_by("-id")


def done_by(user_id: int) -> QuerySet[AuditEntry]:
    """Return what one user did, newest first."""
    return AuditEntry.objects.filter(actor_id=user_id).order_by("-id")
