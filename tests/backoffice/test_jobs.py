"""Background jobs: queued in a transaction, taken by one worker, done once, whatever happens to the worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone

from backoffice import acting, jobs
from backoffice.exceptions import AlreadyExists, Busy
from backoffice.models import Job, JobResult, JobState, NumberSeries, User
from backoffice.rights import Right, Role
from backoffice.worker import Worker
from tests.rest import counted, person

KIND = "count_letters"


class Handler:
    """A handler whose parts do what a test says; it remembers what it was asked to do."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.parts: dict[str, Callable[[], None]] = {}
        self.before: Callable[[], None] = lambda: None

    def __call__(self, run: jobs.Run) -> None:
        self.before()
        run.each(run.payload["words"], self.part)

    def part(self, word: str) -> Mapping[str, Any]:
        self.did.append(word)
        self.parts.get(word, lambda: None)()
        return {"letters": len(word)}


@pytest.fixture
def handler() -> Iterator[Handler]:
    """The handler of the kind, for one test."""
    handler = Handler()
    jobs.register(
        jobs.Kind(
            name=KIND,
            label="Count letters",
            right=Right.POST_ASSEMBLY,
            handle=handler,
            tell=lambda result: jobs.Told(text=str(result.outcome.get("letters", result.outcome.get("detail")))),
        )
    )
    yield handler
    del jobs._kinds[KIND]


@pytest.fixture
def amir(db: None) -> User:
    """Somebody who may queue it."""
    return person("amir", Role.ASSEMBLY_WORKER)


def queue(user: User, *words: str) -> Job:
    with acting.acting_as(user, acting.PAGE):
        return jobs.enqueue(KIND, {"words": words}, total=len(words))


def state_of(job: Job) -> tuple[str, int, int]:
    """State, parts done, attempts."""
    job.refresh_from_db()
    return job.state, job.done, job.attempts


def results_of(job: Job) -> list[dict[str, Any]]:
    return [result.outcome for result in job.results.order_by("pk")]


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(claimable_at=timezone.now() - timedelta(seconds=1))


pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def test_a_job_is_done_part_by_part(handler: Handler, amir: User) -> None:
    job = queue(amir, "one", "three")
    assert state_of(job) == ("queued", 0, 0)

    assert Worker().work_off() == 1

    assert state_of(job) == ("done", 2, 1)
    assert results_of(job) == [{"no": "one", "letters": 3}, {"no": "three", "letters": 5}]
    assert job.ended_at is not None
    assert job.worker == ""


def test_a_job_of_a_transaction_that_is_rolled_back_was_never_there(handler: Handler, amir: User) -> None:
    with transaction.atomic():
        queue(amir, "one")
        transaction.set_rollback(True)

    assert Worker().work_off() == 0
    assert not Job.objects.exists()


def test_it_is_done_in_the_name_of_who_asked(handler: Handler, amir: User) -> None:
    seen: list[tuple[int | None, str, str]] = []

    def look() -> None:
        who = acting.current()
        seen.append((who.actor_id, who.channel, who.reason))

    handler.parts["one"] = look
    job = queue(amir, "one")

    Worker().work_off()

    assert seen == [(amir.pk, "page", f"Job {job.pk}")]


def test_a_right_that_was_taken_away_meanwhile_stops_it(handler: Handler, amir: User) -> None:
    job = queue(amir, "one")
    User.objects.filter(pk=amir.pk).update(roles=[])

    Worker().work_off()

    assert state_of(job) == ("failed", 0, 1)
    assert job.error_code == "forbidden"
    assert handler.did == []


def test_a_refusal_stops_no_other_and_leaves_nothing(handler: Handler, amir: User) -> None:
    def refuse() -> None:
        NumberSeries.objects.filter(code="sales_order").update(description="changed")
        raise AlreadyExists(what="Word", key="two")

    def miss() -> None:
        raise Http404("There is no four.")

    handler.parts = {"two": refuse, "four": miss}
    job = queue(amir, "one", "two", "three", "four")

    Worker().work_off()

    assert state_of(job) == ("done", 4, 1)
    assert results_of(job)[1] == {
        "no": "two",
        "what": "Word",
        "key": "two",
        "code": "already_exists",
        "detail": "Word two already exists.",
    }
    assert results_of(job)[3] == {"no": "four", "code": "not_found", "detail": "There is no four."}
    assert [result.refused for result in job.results.order_by("pk")] == [False, True, False, True]
    assert not NumberSeries.objects.filter(description="changed").exists()


def test_a_fault_in_a_part_stops_no_other_and_is_logged(
    handler: Handler, amir: User, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    handler.parts["two"] = fail
    job = queue(amir, "one", "two", "three")

    Worker().work_off()

    assert state_of(job) == ("done", 3, 1)
    assert results_of(job)[1]["code"] == "internal_error"
    assert [record.message for record in caplog.records] == [f"Job {job.pk}, two failed"]


def test_a_part_waits_its_turn_where_somebody_else_has_the_lock(
    handler: Handler, amir: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Busy, "retry_after", 0)
    tries = iter([True, True, False])

    def busy() -> None:
        if next(tries):
            raise Busy

    def always_busy() -> None:
        raise Busy

    handler.parts = {"one": busy, "two": always_busy}
    job = queue(amir, "one", "two")

    Worker().work_off()

    assert handler.did == ["one"] * 3 + ["two"] * jobs.TRIES_OF_A_PART
    assert [outcome.get("code") for outcome in results_of(job)] == [None, "busy"]


def test_a_fault_of_the_handler_is_tried_again_so_often(
    handler: Handler, amir: User, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    handler.before = fail
    job = queue(amir, "one")

    for attempt in (1, 2):
        assert Worker().work_off() == 1
        assert state_of(job) == ("queued", 0, attempt)
        assert job.error_code == "internal_error"
        # After a pause only.
        assert Worker().work_off() == 0
        let_lease_run_out(job)
    Worker().work_off()

    assert state_of(job) == ("failed", 0, 3)


def test_a_kind_that_nobody_knows_fails_in_the_end(amir: User, handler: Handler) -> None:
    job = queue(amir, "one")
    Job.objects.update(kind="forgotten")

    for _ in range(jobs.ATTEMPTS):
        Worker().work_off()
        Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(claimable_at=timezone.now())

    assert state_of(job) == ("failed", 0, 3)


@committed
def test_several_workers_share_the_queue_and_do_each_job_once(handler: Handler, amir: User) -> None:
    queued = [queue(amir, f"{number}a", f"{number}b") for number in range(12)]
    faults: list[BaseException] = []

    def work() -> None:
        try:
            Worker().work_off()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    in_threads(*[work] * 4)

    assert faults == []
    assert sorted(handler.did) == sorted(f"{number}{letter}" for number in range(12) for letter in "ab")
    assert {state_of(job) for job in queued} == {("done", 2, 1)}


class Killed(BaseException):
    """The process is gone: nothing after it happens."""


def test_a_killed_worker_is_followed_when_its_lease_has_run_out(handler: Handler, amir: User) -> None:
    def die() -> None:
        raise Killed

    handler.parts["two"] = die
    job = queue(amir, "one", "two", "three")
    with pytest.raises(Killed):
        Worker().work_off()
    assert state_of(job) == ("running", 1, 1)
    assert Worker().work_off() == 0

    let_lease_run_out(job)
    del handler.parts["two"]
    assert Worker().work_off() == 1

    assert state_of(job) == ("done", 3, 2)
    assert handler.did == ["one", "two", "two", "three"]
    assert [outcome["no"] for outcome in results_of(job)] == ["one", "two", "three"]


def test_a_job_that_kills_every_worker_is_given_up(handler: Handler, amir: User) -> None:
    def die() -> None:
        raise Killed

    handler.parts["one"] = die
    job = queue(amir, "one")

    for _ in range(jobs.ATTEMPTS):
        with pytest.raises(Killed):
            Worker().work_off()
        let_lease_run_out(job)
    Worker().work_off()

    assert state_of(job)[0] == "failed"
    assert job.error_code == "gave_up"
    assert len(handler.did) == jobs.ATTEMPTS


def test_a_worker_that_woke_up_too_late_keeps_nothing(handler: Handler, amir: User) -> None:
    """It is silent for longer than a lease between two parts; somebody else has done the job meanwhile."""
    job = queue(amir, "one", "two")
    late, quick = Worker(), Worker()
    run = jobs.Run(late._claim() or job, worker=late.name, stopping=threading.Event())
    let_lease_run_out(job)
    quick.work_off()
    handler.did.clear()

    with pytest.raises(jobs.LeaseLost):
        run.keep_lease()
    with pytest.raises(jobs.LeaseLost):
        run._do("one", handler.part)

    assert handler.did == []
    assert state_of(job) == ("done", 2, 2)
    late._end(job, JobState.FAILED)
    assert state_of(job) == ("done", 2, 2)


@committed
def test_nobody_takes_a_job_within_a_part_however_long_it_takes(handler: Handler, amir: User) -> None:
    found: list[int] = []

    def take_long() -> None:
        def others() -> None:
            found.append(Worker().work_off())
            connection.close()

        in_threads(others)

    handler.parts["one"] = take_long
    job = queue(amir, "one")
    worker = Worker()
    claimed = worker._claim()
    assert claimed is not None
    let_lease_run_out(job)

    worker._work_at(claimed)

    assert found == [0]
    assert state_of(job) == ("done", 1, 1)


@committed
def test_a_stopped_worker_finishes_the_part_and_hands_the_job_back(handler: Handler, amir: User) -> None:
    worker = Worker()
    handler.parts["one"] = worker.stop
    job = queue(amir, "one", "two")

    worker.run()

    # No attempt was used up: nothing went wrong.
    assert state_of(job) == ("queued", 1, 0)
    Worker().work_off()
    assert state_of(job) == ("done", 2, 1)
    assert handler.did == ["one", "two"]


@committed
def test_an_idle_worker_ends_at_once(handler: Handler, amir: User) -> None:
    worker = Worker()

    def work() -> None:
        worker.run(poll_seconds=60)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()

    worker.stop()
    thread.join(10)

    assert not thread.is_alive()


def test_a_part_costs_the_same_in_a_long_job(handler: Handler, amir: User) -> None:
    def statements(parts: int) -> int:
        queue(amir, *(f"{parts}-{number}" for number in range(parts)))
        with counted() as found:
            Worker().work_off()
        return len(found)

    few, many = statements(2), statements(12)

    assert (many - few) / 10 == 6  # BEGIN and COMMIT, who acts, the lock, the result, the lease


def test_the_database_refuses_what_cannot_be(handler: Handler, amir: User) -> None:
    job = queue(amir, "one")
    JobResult.objects.create(job=job, key="one")

    for wrong in ({"done": 2}, {"state": "running"}, {"state": "done"}, {"worker": "me"}, {"state": "lost"}):
        with pytest.raises(Exception, match="job_"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(**wrong)
    with pytest.raises(Exception, match="job_result_once_a_part"), transaction.atomic():
        JobResult.objects.create(job=job, key="one")


def in_threads(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
