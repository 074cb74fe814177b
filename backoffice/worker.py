"""The worker: takes queued jobs one by one and runs their handlers until it is asked to end.

Any number of workers may run, in any number of processes. Whatever happens to one, its job is taken over by another
when the lease has run out.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from datetime import timedelta

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from backoffice import jobs, sealing
from backoffice.acting import acting_as
from backoffice.exceptions import DomainError, NotNow, Refusals
from backoffice.models import Job, JobState
from backoffice.rights import require_right

#: How often an idle worker looks for work.
POLL_SECONDS = 1.0
#: How often an idle worker seals the audit trail.
SEAL_SECONDS = 3600.0
#: Before a job that failed by a fault is begun again, times the attempts so far.
PAUSE = timedelta(seconds=5)

_log = logging.getLogger(__name__)


class Worker:
    """One worker. Its name is its own: what it holds cannot be mistaken for another's."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask it to end: after the part in hand, the job is handed back. May be called from a signal or a thread."""
        self._stopping.set()

    def run(self, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Work until asked to end. Where the database cannot be reached, wait for it."""
        seal_at = time.monotonic() + SEAL_SECONDS
        while not self._stopping.is_set():
            try:
                found = self.work_one()
                if not found and time.monotonic() >= seal_at:
                    seal_at = time.monotonic() + SEAL_SECONDS
                    sealing.seal()
            except DatabaseFault as fault:
                _log.warning("The database cannot be used: %s", str(fault).strip())
                connection.close()
                found = False
            close_old_connections()
            if not found:
                self._stopping.wait(poll_seconds)

    def work_off(self) -> int:
        """Work until nothing waits; return how many jobs were begun."""
        count = 0
        while not self._stopping.is_set() and self.work_one():
            count += 1
        return count

    def work_one(self) -> bool:
        """Take the job that has waited longest and work at it; say whether there was one."""
        job = self._claim()
        if job is None:
            return False
        if job.attempts > jobs.ATTEMPTS:
            self._end(job, JobState.FAILED, "gave_up", f"Begun {jobs.ATTEMPTS} times, and never came to its end.")
        else:
            self._work_at(job)
        return True

    def _claim(self) -> Job | None:
        """Take a job: one that nobody has, or one whose worker was silent for a lease. Others at work are passed by."""
        with transaction.atomic():
            waiting = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING], claimable_at__lte=Now())
            job = waiting.select_for_update(skip_locked=True, no_key=True).order_by("claimable_at", "pk").first()
            if job is None:
                return None
            Job.objects.filter(pk=job.pk).update(
                state=JobState.RUNNING,
                worker=self.name,
                attempts=F("attempts") + 1,
                claimable_at=jobs.in_a_while(jobs.LEASE),
                started_at=Coalesce("started_at", Now()),
            )
        return Job.objects.select_related("created_by").get(pk=job.pk)

    def _work_at(self, job: Job) -> None:
        with acting_as(job.created_by, job.channel, reason=str(job)):
            try:
                self._handle(job)
            except jobs.Stopped:
                self._hand_back(job)
            except jobs.LeaseLost:
                _log.warning("%s was taken over by another worker", job)
            except NotNow as later:
                self._try_again(job, later)
            except (DomainError, Refusals) as refusal:
                told = jobs.refusal_of(refusal, str(job))
                self._end(job, JobState.FAILED, told["code"], told["detail"])
            except Exception as fault:
                self._try_again(job, fault)
            else:
                self._end(job, JobState.DONE)

    def _handle(self, job: Job) -> None:
        kind = jobs.kind_of(job.kind)
        if kind is None:
            raise LookupError(f"No app knows how to {job.kind}.")
        require_right(job.created_by, kind.right)
        kind.handle(jobs.Run(job, worker=self.name, stopping=self._stopping))

    def _hand_back(self, job: Job) -> None:
        """Somebody else may take it at once. It counts as no attempt: nothing went wrong."""
        self._still_mine(job, state=JobState.QUEUED, worker="", attempts=F("attempts") - 1, claimable_at=Now())

    def _try_again(self, job: Job, fault: Exception) -> None:
        told = jobs.refusal_of(fault, str(job))
        if job.attempts >= jobs.ATTEMPTS:
            self._end(job, JobState.FAILED, told["code"], told["detail"])
            return
        self._still_mine(
            job,
            state=JobState.QUEUED,
            worker="",
            claimable_at=jobs.in_a_while(PAUSE * job.attempts),
            error_code=told["code"],
            error=told["detail"],
        )

    def _end(self, job: Job, state: JobState, code: str = "", words: str = "") -> None:
        self._still_mine(job, state=state, worker="", claimable_at=None, ended_at=Now(), error_code=code, error=words)

    def _still_mine(self, job: Job, **values: object) -> None:
        """Write this if nobody took the job over meanwhile; then it is for him to say what comes of it."""
        if not Job.objects.filter(pk=job.pk, worker=self.name, state=JobState.RUNNING).update(**values):
            _log.warning("%s was taken over by another worker", job)
