"""The unit of work: committed whole or not at all, retried when PostgreSQL asks for it, busy in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from backoffice import sqlstates
from backoffice.exceptions import AlreadyExists, Busy, InUse, OutOfRange, StaleRevision, Unavailable, Vanished
from backoffice.models import ApiToken, NumberSeries, User
from backoffice.rights import Role
from backoffice.transactions import act, check_revision, run_unit, settle_deletion
from tests.backoffice.conftest import Api, person
from tests.backoffice.example import Paper
from tests.backoffice.test_idempotency import together


def failing_with(sqlstate: str) -> None:
    """Raise what the server raises with that code."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{sqlstate}'; END $$")


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_unit_is_run_again_when_the_server_asks_for_it(db: None, sqlstate: str) -> None:
    attempts = []

    def unit() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            failing_with(sqlstate)
        return "done"

    assert run_unit(unit) == "done"
    assert len(attempts) == 2


@pytest.mark.parametrize(("sqlstate", "attempts"), [("40001", 2), ("40P01", 2), ("55P03", 1)])
def test_a_unit_that_cannot_get_through_is_busy(db: None, sqlstate: str, attempts: int) -> None:
    made = []

    def unit() -> None:
        made.append(1)
        failing_with(sqlstate)

    with pytest.raises(Busy) as refusal:
        run_unit(unit)

    assert (len(made), refusal.value.http_status, refusal.value.retry_after) == (attempts, 503, 1)


@pytest.mark.parametrize("sqlstate", ["57014", "53100", "53300", "57P01", "57P03", "25006"])
def test_a_server_that_gives_up_is_unavailable(db: None, sqlstate: str) -> None:
    with pytest.raises(Unavailable):
        run_unit(lambda: failing_with(sqlstate))


@pytest.mark.parametrize("sqlstate", ["23514", "23502", "42P01", "23001", "P0001"])
def test_a_bug_stays_a_bug(db: None, sqlstate: str) -> None:
    with pytest.raises(DatabaseError):
        run_unit(lambda: failing_with(sqlstate))


def test_a_lost_connection_is_unavailable() -> None:
    assert isinstance(sqlstates.refusal_of(OperationalError("server closed the connection")), Unavailable)


def test_a_number_too_large_is_a_refusal(db: None) -> None:
    with pytest.raises(OutOfRange):
        run_unit(lambda: NumberSeries.objects.filter(code="sales_order").update(digits=40_000_000))


def test_a_taken_key_that_a_race_hid_is_a_refusal_where_it_was_named(clerk: User) -> None:
    with pytest.raises(AlreadyExists):
        run_unit(lambda: User.objects.create(username="clara"))


def test_a_unique_constraint_without_a_name_of_ours_is_a_bug(clerk: User) -> None:
    digest = "x" * 64
    ApiToken.objects.create(user=clerk, digest=digest, prefix="x")

    with pytest.raises(IntegrityError):
        run_unit(lambda: ApiToken.objects.create(user=clerk, digest=digest, prefix="x"))


def test_every_constraint_with_a_refusal_exists(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION "
            "SELECT c.relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid"
        )
        existing = {name for (name,) in cursor.fetchall()}

    assert set(sqlstates.constraint_messages) - existing == set()
    for refusal in sqlstates.constraint_messages.values():
        assert refusal().detail


@pytest.fixture
def token(clerk: User) -> ApiToken:
    """Return a token that refers to the clerk."""
    return ApiToken.objects.create(user=clerk, digest="x" * 64, prefix="x")


def test_a_row_that_is_referred_to_is_in_use(token: ApiToken) -> None:
    def unit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM backoffice_user WHERE id = %s", [token.user_id])
        settle_deletion()

    with pytest.raises(InUse) as refusal:
        run_unit(unit)

    assert refusal.value.detail == "This record is used by API tokens and cannot be deleted."


def test_a_row_that_vanished_is_told_so(clerk: User) -> None:
    def unit() -> None:
        ApiToken.objects.create(user_id=clerk.pk + 1, digest="y" * 64, prefix="y")

    with pytest.raises(Vanished):
        run_unit(unit, rollback=True)


def test_a_unit_may_not_stand_in_another(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="durable"):
        run_unit(lambda: run_unit(lambda: None))


def test_a_service_joins_the_unit_and_leaves_no_savepoint(transactional_db: None) -> None:
    @act
    def enter(name: str) -> None:
        User.objects.create(username=name)

    def unit() -> None:
        enter("anna")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_unit(unit)
    assert not User.objects.exists()

    enter("berta")
    assert User.objects.get().username == "berta"


def test_a_revision_is_checked_under_the_lock(transactional_db: None) -> None:
    row = Paper(rev=3)
    with pytest.raises(AssertionError):
        check_revision(row, 3)

    with transaction.atomic():
        check_revision(row, 3)
        check_revision(row, None)
        with pytest.raises(StaleRevision) as refusal:
            check_revision(row, 2)
    assert refusal.value.params == {"expected": 2, "current": 3}


@pytest.fixture
def locked_paper(committed_api: Api) -> Iterator[Api]:
    """Hold the row of paper P1 from another connection."""
    committed_api.post("papers/", {"no": "P1"})
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Paper.objects.select_for_update().get(no="P1")
                held.set()
                release.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    yield committed_api
    release.set()
    holder.join()


@pytest.mark.concurrency
def test_a_lock_that_is_not_had_in_time_gets_503(locked_paper: Api) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")

    answer = locked_paper.patch("papers/P1/", {"note": "x"})

    assert (answer.status_code, answer.body["code"], answer["Retry-After"]) == (503, "busy", "1")


@pytest.mark.concurrency
def test_a_real_deadlock_is_survived(transactional_db: None) -> None:
    people = [person(name, Role.CLERK).pk for name in ("anna", "berta")]
    meet = threading.Barrier(2)
    attempts: list[int] = []

    def cross(i: int) -> str:
        def unit() -> str:
            attempts.append(i)
            mine, other = people[i], people[1 - i]
            User.objects.select_for_update().get(pk=mine)
            if attempts.count(i) == 1:
                meet.wait(5)
            User.objects.select_for_update().get(pk=other)
            return "done"

        return run_unit(unit)

    assert together(2, cross) == ["done", "done"]
    assert len(attempts) == 3
