"""PostgreSQL is killed in the middle of postings: what was acknowledged is there, and nothing is there by half.

Real clients talk to a real web server; the database keeps what it commits (fsync, synchronous commit) and is killed
with all its processes at a random moment. `KITWRIGHT_KILLS=50` kills it fifty times.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest

from tests.reliability.clients import Crowd, Ledger, assemble, find, sell
from tests.reliability.server import Server, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.concurrency,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the server's processes in /proc"),
]

KILLS = int(os.environ.get("KITWRIGHT_KILLS", "2"))
#: The server is killed so many seconds after the clients have begun.
SOONEST, LATEST = 0.3, 1.5

_WHAT_IS_THERE = {
    "shipment": "SELECT no FROM sales_salesshipment",
    "assembly": "SELECT no FROM assembly_postedassembly",
    "entry": "SELECT entry_no::text FROM inventory_itemledgerentry WHERE item_id = 'LOOSE'",
}


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="kitwright-kill-", ignore_cleanup_errors=True) as place:
        # The server may be another user, who must be let through.
        Path(place).chmod(0o711)
        with running(Path(place)) as server:
            yield server


def test_killed_in_the_middle_of_postings(server: Server) -> None:
    token = server.run("-m", "tests.reliability.world")
    assert _asked(server, "SHOW fsync") == [("on",)]
    assert _asked(server, "SHOW synchronous_commit") == [("on",)]
    draw = random.Random(os.environ.get("KITWRIGHT_KILLS_SEED", "2031"))
    known = Ledger()

    for _ in range(KILLS):
        crowd = Crowd([sell, sell, sell, assemble, find, find], port=server.port, token=token)
        crowd.start()
        time.sleep(draw.uniform(SOONEST, LATEST))
        crowd.may_ask.clear()
        server.kill_postgres()
        server.restart_postgres()

        _assert_nothing_acknowledged_is_lost(server, crowd.ledger)
        server.manage("check_integrity")

        crowd.may_ask.set()
        crowd.finish()
        _add(known, crowd.ledger)
        _assert_everything_is_there_once(server, known)

    server.manage("check_integrity")
    assert set(known.statuses) <= {200, 201, 503}
    assert known.unanswered == known.found_done + known.done_anew
    print(_figures(known))  # noqa: T201 - shown with -s, and when it fails


def _assert_nothing_acknowledged_is_lost(server: Server, ledger: Ledger) -> None:
    for kind, nos in ledger.seen().items():
        assert nos <= _there(server, kind), f"lost: {nos - _there(server, kind)}"


def _assert_everything_is_there_once(server: Server, ledger: Ledger) -> None:
    """Everybody has finished: what is there is what was acknowledged, and all of it was acknowledged once."""
    for kind, nos in ledger.acknowledged.items():
        assert len(nos) == len(set(nos))
        assert set(nos) == _there(server, kind), kind
    orders = _asked(server, "SELECT status, count(*) FROM sales_salesdocument GROUP BY status")
    assert orders == [("closed", len(ledger.acknowledged["shipment"]))]
    found = _asked(server, "SELECT sum(quantity) FROM inventory_stockbalance WHERE item_id = 'LOOSE'")
    assert (found[0][0] or 0) == len(ledger.acknowledged["entry"])
    assert _asked(server, "SELECT count(*) FROM backoffice_idempotencyrecord WHERE status IS NULL") == [(0,)]


def _there(server: Server, kind: str) -> set[str]:
    return {str(no) for (no,) in _asked(server, _WHAT_IS_THERE[kind])}


def _asked(server: Server, query: str) -> list[tuple[Any, ...]]:
    url = urlsplit(server.environment["DATABASE_URL"])
    connection = psycopg2.connect(host=unquote(url.netloc.rpartition("@")[2]), user=url.username, dbname=url.path[1:])
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


def _add(known: Ledger, ledger: Ledger) -> None:
    for kind, nos in ledger.acknowledged.items():
        known.acknowledged[kind] += nos
    known.unanswered += ledger.unanswered
    known.found_done += ledger.found_done
    known.done_anew += ledger.done_anew
    known.statuses += ledger.statuses


def _figures(known: Ledger) -> str:
    counts = ", ".join(f"{len(nos)} x {kind}" for kind, nos in known.acknowledged.items())
    return (
        f"killed {KILLS} times; acknowledged: {counts}; cut off: {known.unanswered} requests, of which "
        f"{known.found_done} had been done and {known.done_anew} were done anew; answers: {dict(known.statuses)}"
    )
