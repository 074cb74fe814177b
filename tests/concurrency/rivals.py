"""Threads that work on the database at the same time, each with its own connection."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.http import Http404

from backoffice.exceptions import DomainError

Work = Callable[[int], object]

#: Longer than any test takes: a round that hangs fails instead of hanging the suite.
_PATIENCE_SECONDS = 60


@dataclass
class Outcome:
    """What the rivals did: how often each succeeded, what was refused, and what went wrong."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[BaseException] = field(default_factory=list)


def compete(rivals: dict[str, Work], *, rounds: int, after_round: Callable[[int], None] | None = None) -> Outcome:
    """Let the rivals do each round at the same time; return what came of it. Refusals are fair, faults are not."""
    outcome = Outcome()
    barrier = threading.Barrier(len(rivals), action=_counted(after_round))

    def work(name: str, act: Work) -> None:
        try:
            for number in range(rounds):
                barrier.wait(_PATIENCE_SECONDS)
                _attempt(name, act, number, outcome)
        except BaseException as fault:
            outcome.faults.append(fault)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=rival, daemon=True) for rival in rivals.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome


def _attempt(name: str, act: Work, number: int, outcome: Outcome) -> None:
    try:
        act(number)
    except (DomainError, Http404) as refusal:
        outcome.refused[f"{name}: {type(refusal).__name__}"] += 1
    else:
        outcome.done[name] += 1


def _counted(after_round: Callable[[int], None] | None) -> Callable[[], None] | None:
    if after_round is None:
        return None
    finished = iter(range(-1, 10**9))

    def action() -> None:
        # Called by the last rival to arrive, so before the round that is about to start.
        number = next(finished)
        if number >= 0:
            after_round(number)

    return action


@contextmanager
def in_another_session(*acts: Callable[[], object]) -> Iterator[None]:
    """Do these acts by another connection, committed, before the block."""
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for act in acts:
                act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_PATIENCE_SECONDS)
    assert not thread.is_alive(), "the other session waits for us"
    assert faults == []
    yield


@contextmanager
def no_deadlock() -> Iterator[None]:
    """Assert that PostgreSQL found no deadlock in this database meanwhile."""
    before = _deadlocks()
    yield
    assert _deadlocks() == before


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)


def locked_tables(statements: Sequence[str]) -> list[str]:
    """Return the tables in the order in which their rows were first locked."""
    tables: list[str] = []
    for sql in statements:
        _, locks, of = sql.partition(" FOR NO KEY UPDATE OF ")
        if locks:
            tables += [name.strip(' "') for name in of.split(",") if name.strip(' "') not in tables]
    return tables
