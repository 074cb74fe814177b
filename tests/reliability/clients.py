"""People who enter and post through the API without a pause, and who never give a request up.

Every request carries an Idempotency-Key, and is sent with the same key until it is answered for good. Now and then
somebody hangs up before the answer comes, and asks again: what was done meanwhile must not be done twice.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_PAUSE_SECONDS = 0.05
#: One request of so many is sent by somebody who hangs up.
_PATIENT_REQUESTS = 8
#: Longer than any recovery takes.
_PATIENCE_SECONDS = 120.0


@dataclass
class Ledger:
    """What the clients know for certain, and what came in between. Shared by all of them; kept under its lock."""

    #: Numbers of what was acknowledged, by kind.
    acknowledged: dict[str, list[str]] = field(default_factory=lambda: {"shipment": [], "assembly": [], "entry": []})
    #: Requests that were left without an answer: how often, and what became of them when they were asked for again.
    unanswered: int = 0
    found_done: int = 0
    done_anew: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, kind: str, no: str) -> None:
        """Note that the server has said it is done."""
        with self.lock:
            self.acknowledged[kind].append(no)

    def seen(self) -> dict[str, set[str]]:
        """Return what has been acknowledged so far."""
        with self.lock:
            return {kind: set(nos) for kind, nos in self.acknowledged.items()}


class Client:
    """One person with one connection. `may_ask`: cleared while nobody is to bother the server."""

    def __init__(self, port: int, token: str, ledger: Ledger, may_ask: threading.Event) -> None:
        self.port, self.token, self.ledger, self.may_ask = port, token, ledger, may_ask
        self.connection = self._connect()
        self.chance = random.Random(id(self))

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, path: str, body: Any) -> Any:
        """Post until there is an answer; return it. Raises AssertionError for a refusal, or where patience ends."""
        key = str(uuid.uuid4())
        deadline, is_open = time.monotonic() + _PATIENCE_SECONDS, False
        hangs_up = not self.chance.randrange(_PATIENT_REQUESTS)
        while time.monotonic() < deadline:
            self.may_ask.wait(_PATIENCE_SECONDS)
            status, headers, answer = self._once(path, body, key, hangs_up=hangs_up and not is_open)
            if status in (200, 201):
                self._count(is_open, headers.get("Idempotent-Replayed") == "true")
                return answer
            assert status in (0, 503), f"{path}: {status} {answer}"
            is_open = True
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError(f"{path} has not been answered within {_PATIENCE_SECONDS} seconds")

    def _once(self, path: str, body: Any, key: str, *, hangs_up: bool) -> tuple[int, dict[str, str], Any]:
        """Return status, headers and answer; 0 where there was none."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            self.connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
            if hangs_up:
                raise ConnectionAbortedError
            response = self.connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = self._connect()
            return 0, {}, None
        with self.ledger.lock:
            self.ledger.statuses[response.status] += 1
        return response.status, dict(response.headers), json.loads(raw) if raw else None

    def _count(self, was_unanswered: bool, is_replayed: bool) -> None:
        assert was_unanswered or not is_replayed, "a key that was never used has been answered before"
        with self.ledger.lock:
            self.ledger.unanswered += was_unanswered
            self.ledger.found_done += is_replayed
            self.ledger.done_anew += was_unanswered and not is_replayed


Work = Callable[[Client], None]


def sell(client: Client) -> None:
    """Enter an order of two kits, and ship and invoice it."""
    lines = [{"type": "item", "no": "K", "quantity": "2"}]
    no = client.post("sales-orders/", {"customer": "CUST", "lines": lines})["no"]
    posted = client.post(f"sales-orders/{no}/post/", {"ship": True, "invoice": True})
    client.ledger.acknowledge("shipment", posted["shipment"])
    for number in posted["posted_assembly_orders"]:
        client.ledger.acknowledge("assembly", number)


def assemble(client: Client) -> None:
    """Enter an order of three kits to stock, and post it."""
    no = client.post("assembly-orders/", {"item": "STK", "quantity": "3"})["no"]
    posted = client.post(f"assembly-orders/{no}/post/", {})
    client.ledger.acknowledge("assembly", posted["posted_assembly_order"])


def find(client: Client) -> None:
    """Put one piece in stock: what nothing but the key keeps from being put there twice."""
    row = {"entry_type": "positive_adjustment", "item": "LOOSE", "quantity": "1", "unit_cost": "1"}
    client.ledger.acknowledge("entry", str(client.post("inventory-adjustments/", row)["entry_no"]))


class Crowd:
    """Clients at work, each in a thread, until they are asked to stop; they finish what they are at."""

    def __init__(self, works: list[Work], *, port: int, token: str) -> None:
        self.ledger, self.may_ask = Ledger(), threading.Event()
        self.may_ask.set()
        self._ends = threading.Event()
        clients = [(Client(port, token, self.ledger, self.may_ask), work) for work in works]
        self._threads = [threading.Thread(target=self._work, args=pair, daemon=True) for pair in clients]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Let everybody finish, and raise what went wrong."""
        self._ends.set()
        for thread in self._threads:
            thread.join(_PATIENCE_SECONDS)
            assert not thread.is_alive(), "somebody still waits for an answer"
        assert self.ledger.faults == [], "\n".join(self.ledger.faults)

    def _work(self, client: Client, work: Work) -> None:
        try:
            while not self._ends.is_set():
                work(client)
        except BaseException as fault:
            self.ledger.faults.append(repr(fault))
        finally:
            client.connection.close()
