"""How one workload is measured: time, statements, and the processors' time on both sides of the socket.

Wall times of a machine that others use too are upper bounds. Statements and processor time hardly change with what
else runs, which is why they stand beside.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

T = TypeVar("T")

#: How many subjects a measurement uses up before it counts: plans, caches and lazy imports settle.
WARM_UP = 5
_TO_COUNT = 1
_TO_PROFILE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is printed beside the figures; both are for whoever wants to make them better."""

    #: Print the statements of one run.
    statements: bool = False
    #: Print where Python spends its time.
    profile: bool = False

    @property
    def subjects(self) -> int:
        """How many subjects go into what is not timed."""
        return WARM_UP + _TO_COUNT + (_TO_PROFILE if self.profile else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one workload costs. Milliseconds, per run; processor time is that of all runs divided by their number."""

    name: str
    runs: int
    median: float
    p95: float
    statements: int
    python: float
    #: None where the server is out of sight: on another machine.
    database: float | None
    #: The load average of the machine when it was measured.
    load: float


def measure(name: str, act: Callable[[T], object], subjects: Sequence[T], *, watch: Watch) -> Figures:
    """Run the act on each subject and return what it costs.

    The first subjects warm up, one is run with its statements counted, the rest is timed. Statements include those of
    the transaction, not the `SELECT 1` by which a kept connection is tried once a request.
    """
    left = list(subjects)
    assert len(left) > watch.subjects, f"{name}: {len(left)} subjects are too few"
    for subject in _take(left, WARM_UP):
        act(subject)
    with CaptureQueriesContext(connection) as caught:
        act(_take(left, _TO_COUNT)[0])
    # Read at once: the next request empties the log.
    statements = [f"{query['time']} s {query['sql']}" for query in caught.captured_queries]
    if watch.statements:
        _print_statements(name, statements)
    if watch.profile:
        _profile(name, act, _take(left, _TO_PROFILE))
    return _timed(name, act, left, statements=len(statements))


def _take(left: list[T], count: int) -> list[T]:
    taken, left[:] = left[:count], left[count:]
    return taken


def _timed(name: str, act: Callable[[T], object], subjects: Sequence[T], *, statements: int) -> Figures:
    backend, load = _backend(), os.getloadavg()[0]
    python, database = time.process_time(), _processor_time(backend)
    times = []
    for subject in subjects:
        start = time.perf_counter()
        act(subject)
        times.append((time.perf_counter() - start) * 1000)
    python = (time.process_time() - python) * 1000 / len(times)
    after = _processor_time(backend)
    return Figures(
        name=name,
        runs=len(times),
        median=statistics.median(times),
        p95=percentile(times, 95),
        statements=statements,
        python=python,
        database=None if database is None or after is None else (after - database) * 1000 / len(times),
        load=load,
    )


def percentile(times: Sequence[float], percent: int) -> float:
    """Return the smallest time that so many percent of the times do not exceed."""
    ordered = sorted(times)
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def _backend() -> int:
    """Return the process id of the server's end of our connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _processor_time(backend: int) -> float | None:
    """Return the seconds that the backend has computed so far; None where it does not run on this machine."""
    process = Path("/proc") / str(backend)
    try:
        if process.joinpath("comm").read_text().strip() != "postgres":
            return None
        return int(process.joinpath("schedstat").read_text().split()[0]) / 1_000_000_000
    except OSError:
        return None


def _print_statements(name: str, statements: Sequence[str]) -> None:
    print(f"\n{name}: {len(statements)} statements")
    for number, sql in enumerate(statements, start=1):
        print(f"{number:4} {sql[:400]}")


def _profile(name: str, act: Callable[[T], object], subjects: Sequence[T]) -> None:
    # The processor's time: the clock's would show where other programs happened to be let in.
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    for subject in subjects:
        act(subject)
    profiler.disable()
    print(f"\n{name}: where Python spends its time, {len(subjects)} runs")
    statistics_of = pstats.Stats(profiler)
    statistics_of.sort_stats("tottime").print_stats(25)
    statistics_of.sort_stats("cumulative").print_stats(70)
