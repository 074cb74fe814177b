"""Background jobs: what can be queued, queueing it, and what a handler works with. docs/jobs.md tells the whole.

A job is a row; a worker (`backoffice.worker`) takes it under a lease and runs the handler of its kind. A handler may
be begun again at any moment, after a crash or by another worker: it does its work in parts (`Run.each`), each a unit
of work that also writes its own result. So a part is done once, whatever happens to the process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.http import Http404

from backoffice import acting
from backoffice.exceptions import DomainError, NotNow, Refusals
from backoffice.models import Job, JobResult, JobState, User
from backoffice.rights import Right, has_right
from backoffice.transactions import act, run_unit

#: How long a worker may be silent between two parts before another one takes its job.
LEASE = timedelta(seconds=30)
#: How often a job is begun before it is given up. Handing it back in order does not count.
ATTEMPTS = 3
#: How often a part is tried that somebody else's lock stands in the way of.
TRIES_OF_A_PART = 3

Handler = Callable[["Run"], None]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a result reads on the job's page: words, and the page that they lead to ("" for none)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of job. right: who may queue it and look at others'; it is asked again when the job starts.

    handle: does the work. tell: a result in words. key_url: the page of what a part is about, "" for none.
    """

    name: str
    label: str
    right: Right
    handle: Handler
    tell: Callable[[JobResult], Told]
    key_url: Callable[[str], str] = lambda key: ""


class LeaseLost(Exception):
    """Another worker has the job. Nothing of the part in hand may be kept."""


class Stopped(Exception):
    """The worker was asked to end. The job is handed back."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the app that owns it does so when it starts. Again: replaces it."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind | None:
    """Return the kind, None where no app knows it any more."""
    return _kinds.get(name)


@act
def enqueue(kind: str, payload: Mapping[str, Any], *, total: int) -> Job:
    """Queue a job in the name of who is acting; total: how many parts it has. One statement.

    A worker sees it when the transaction has been committed, and never where it was rolled back.
    """
    who = acting.current()
    assert kind in _kinds, f"no app knows how to {kind}"
    assert who.actor_id is not None, "a job is done in somebody's name"
    return Job.objects.create(
        kind=kind, payload=dict(payload), total=total, created_by_id=who.actor_id, channel=who.channel
    )


def visible_to(user: User) -> QuerySet[Job]:
    """Return the jobs that the user may look at: his own, and those of a kind that he may queue himself."""
    kinds = [kind.name for kind in _kinds.values() if has_right(user, kind.right)]
    return Job.objects.filter(Q(created_by=user) | Q(kind__in=kinds))


def in_a_while(pause: timedelta) -> ExpressionWrapper[Any]:
    """Return the instant after the pause, by the clock of the database: those of two workers may differ."""
    return ExpressionWrapper(Now() + Value(pause, output_field=DurationField()), output_field=DateTimeField())


class Run:
    """A job in the hands of a worker: what its handler works with."""

    def __init__(self, job: Job, *, worker: str, stopping: threading.Event) -> None:
        self.job = job
        self.payload: Mapping[str, Any] = job.payload
        self._worker, self._stopping = worker, stopping

    def each(self, keys: Iterable[str], work: Callable[[str], Mapping[str, Any]]) -> None:
        """Do the work for each key that has no result yet, each as a unit of its own that also keeps its result.

        What the work returns is the result; what it refuses is one too, and stops no other. A fault is logged and
        becomes a result. Raises: Stopped between two parts, LeaseLost.
        """
        done = set(JobResult.objects.filter(job=self.job).values_list("key", flat=True))
        for key in keys:
            if key not in done:
                self._require_going_on()
                self._do(key, work)

    def keep_lease(self) -> None:
        """Say that the worker is alive, within a part that takes longer than a lease. Raises: LeaseLost, Stopped."""
        self._require_going_on()
        self._renew(0)

    def _require_going_on(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _do(self, key: str, work: Callable[[str], Mapping[str, Any]]) -> None:
        try:
            self._patiently(lambda: run_unit(lambda: self._part(key, work, refused=False)))
        except (LeaseLost, Stopped):
            raise
        except Exception as error:
            refusal = refusal_of(error, f"{self.job}, {key}")
            run_unit(lambda: self._part(key, lambda _: refusal, refused=True))

    def _part(self, key: str, work: Callable[[str], Mapping[str, Any]], *, refused: bool) -> None:
        """Do one part and keep its result, in the transaction that is open.

        1. Lock the job, if it is still ours: whoever looks for work passes by a locked job, so nobody takes it from
           us within a part, however long that takes. 2. Do the work. 3. Keep the result, renew the lease.
        """
        self._hold()
        outcome = {"no": key, **work(key)}
        JobResult.objects.create(job=self.job, key=key, outcome=outcome, refused=refused)
        self._renew(1)

    def _patiently(self, unit: Callable[[], None]) -> None:
        """Run the unit again after a moment where a lock stood in its way."""
        for attempt in range(1, TRIES_OF_A_PART + 1):
            try:
                return unit()
            except NotNow as later:
                if attempt == TRIES_OF_A_PART:
                    raise
                self._stopping.wait(later.retry_after)
                self._require_going_on()
        return None

    def _hold(self) -> None:
        """Lock the job. Raises: LeaseLost where another worker took it meanwhile."""
        if not list(self._ours().select_for_update(no_key=True).values_list("pk", flat=True)):
            raise LeaseLost

    def _renew(self, parts: int) -> None:
        if not self._ours().update(done=F("done") + parts, claimable_at=in_a_while(LEASE)):
            raise LeaseLost

    def _ours(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, worker=self._worker, state=JobState.RUNNING)


def refusal_of(error: Exception, of: str) -> dict[str, Any]:
    """Return why something was refused, as a result says it: figures, code and words. A fault is logged."""
    match error:
        case Refusals():
            return refusal_of(error.errors[0], of)
        case DomainError():
            return {**error.figures, "code": error.code, "detail": error.detail}
        case Http404():
            return {"code": "not_found", "detail": str(error) or "It does not exist."}
    _log.error("%s failed", of, exc_info=error)
    return {"code": "internal_error", "detail": f"Something went wrong on our side. The log tells what, under {of}."}
