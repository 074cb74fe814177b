"""Several clients at once, each in a process of its own, as the web server's workers are."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connections

from benchmarks import stage
from benchmarks.measuring import WARM_UP

_LINES = 10


def measure_clients(token: str, *, clients: int, orders_each: int) -> str:
    """Let so many clients enter orders of ten lines at the same time; return what they managed, in words."""
    # No connection is shared with a child; children start from nothing, as a server's workers do.
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(target=_client, args=(number, token, orders_each, barrier, answers))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    spans = [answers.get() for _ in processes]
    for process in processes:
        process.join()
    faults = [span for span in spans if isinstance(span, str)]
    if faults:
        raise RuntimeError(faults[0])
    seconds = max(end for _, end, _ in spans) - min(start for start, _, _ in spans)
    computed = sum(python for _, _, python in spans) * 1000 / (clients * orders_each)
    return (
        f"W1 with {clients} clients: {clients * orders_each / seconds:.1f} orders of {_LINES} lines a second, "
        f"{computed:.1f} ms of Python CPU each"
    )


def _client(number: int, token: str, orders: int, barrier: Barrier, answers: Any) -> None:
    """Enter orders; tell when the first began, when the last was done, and the processor time in between."""
    try:
        stage.enter()
        from benchmarks import company
        from benchmarks.caller import Caller

        caller, kits = Caller(token), company.kits_in_stock()
        for _ in range(number * 7):
            next(kits)  # the clients do not march in step over the same kits
        bodies = [company.order(kits, lines=_LINES) for _ in range(orders + WARM_UP)]
        for body in bodies[:WARM_UP]:
            caller.post("sales-orders/", body)
        barrier.wait(120)
        start, python = time.monotonic(), time.process_time()
        for body in bodies[WARM_UP:]:
            caller.post("sales-orders/", body)
        answers.put((start, time.monotonic(), time.process_time() - python))
    except BaseException as fault:
        barrier.abort()
        answers.put(repr(fault))
        raise
