"""The tables of the ground floor."""

from backoffice.models.audit import AuditEntry, AuditSeal
from backoffice.models.idempotency import IdempotencyRecord
from backoffice.models.jobs import Job, JobResult, JobState
from backoffice.models.numbers import NumberSeries
from backoffice.models.people import ApiToken, User
from backoffice.models.versioned import Versioned

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditSeal",
    "IdempotencyRecord",
    "Job",
    "JobResult",
    "JobState",
    "NumberSeries",
    "User",
    "Versioned",
]
