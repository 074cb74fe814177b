"""Work that is done in the background, and what came of each part of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"

    @property
    def tone(self) -> str:
        """How its badge looks."""
        return {"running": "progress", "done": "success", "failed": "danger"}.get(self.value, "neutral")

    @property
    def is_end(self) -> bool:
        """Whether nothing follows."""
        return self in {JobState.DONE, JobState.FAILED}


class Job(models.Model):
    """One piece of background work, queued by somebody and done in his name (backoffice.jobs, docs/jobs.md).

    `claimable_at` is when a worker may take it: a queued one at once or after a pause, a running one when its lease
    has run out, because then its worker is taken for dead. `worker` names who has it.
    """

    kind = models.CharField(max_length=50)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    #: Parts to do, and parts with a result.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True, default="")
    claimable_at = models.DateTimeField(null=True, db_default=Now())
    #: Why it failed, or why its last attempt did.
    error_code = models.CharField(max_length=50, blank=True, default="")
    error = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: The way in by which it was asked for, as the audit trail names it.
    channel = models.CharField(max_length=10, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            # What workers look for, every second: as small as the queue.
            models.Index(fields=["claimable_at"], condition=Q(state__in=["queued", "running"]), name="job_claimable"),
            models.Index(fields=["created_by", "-id"], name="job_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_valid"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state="running") & ~Q(worker="") | ~Q(state="running") & Q(worker=""),
                name="job_has_worker_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], claimable_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["done", "failed"], claimable_at__isnull=True, ended_at__isnull=False),
                name="job_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk}"

    @property
    def state_choice(self) -> JobState:
        """The state with its label and tone."""
        return JobState(self.state)


class JobResult(models.Model):
    """What came of one part of a job. Written in the transaction of the part itself, once."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="results")
    #: Names the part within the job: the number of a document.
    key = models.CharField(max_length=50)
    refused = models.BooleanField(default=False)
    #: What the part answered, or code, words and figures of its refusal.
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["job", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "key"], name="job_result_once_a_part"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.key}"
