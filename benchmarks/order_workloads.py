"""The order workloads W1 to W4: what is measured and how it is prepared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assembly.models import AssemblyDocument
from benchmarks import company
from benchmarks.ballast import require_integrity, settle
from benchmarks.caller import Caller
from benchmarks.clients import measure_clients
from benchmarks.measuring import Figures, Watch, measure
from benchmarks.report import print_machine, print_table

#: Orders of how many lines are entered.
SIZES = (1, 10, 100)
CLIENTS = 4
_PAGE = 50
#: The largest page that there is.
_MOST = 1000


class _Workloads:
    """The workloads by their short names; each returns what it costs."""

    def __init__(self, token: str, *, runs: int, watch: Watch) -> None:
        self.caller = Caller(token)
        self.runs, self.watch = runs, watch
        self.kits = company.kits_in_stock()

    def enter(self) -> Iterator[Figures]:
        """W1: an order with its lines in one request; each line gets an assembly order of four components."""
        for lines in SIZES:
            bodies = [company.order(self.kits, lines=lines) for _ in range(self._subjects(long=lines > 10))]
            yield self._measure(
                f"W1 enter an order of {lines}", lambda body: self.caller.post("sales-orders/", body), bodies
            )

    def change(self) -> Iterator[Figures]:
        """W2: a clerk changes the quantity of a line."""
        no = self._entered()
        quantities = [str(5 + index % 2) for index in range(1, self._subjects() + 1)]
        yield self._measure(
            "W2 change a line's quantity",
            lambda quantity: self.caller.patch(f"sales-orders/{no}/lines/10000/", {"quantity": quantity}),
            quantities,
        )

    def ship(self) -> Iterator[Figures]:
        """W3: ship an order of ten lines, which posts the ten assembly orders behind it."""
        numbers = [self._entered() for _ in range(self._subjects())]
        settle()
        body = {"ship": True, "invoice": False}
        yield self._measure(
            "W3 finish and ship 10", lambda no: self.caller.post(f"sales-orders/{no}/post/", body), numbers
        )

    def worklist(self) -> Iterator[Figures]:
        """W4: the first page of fifty, and one near the end."""
        open_orders = AssemblyDocument.objects.filter(status="released").count()
        first = f"assembly-worklist/?limit={_PAGE}"
        late = self._late_page(skip=min(open_orders // 4, _MOST))
        for label, path in (("first", first), ("late", late)):
            name = f"W4 worklist, {label} {_PAGE} of {open_orders}"
            yield self._measure(name, self.caller.get, [path] * self._subjects())

    def _late_page(self, *, skip: int) -> str:
        path = f"assembly-worklist/?limit={skip}&fields=no"
        following = self.caller.get(path)["next"]
        while following:
            path, following = following, self.caller.get(following)["next"]
        cursor = parse_qs(urlsplit(path).query)["cursor"][0]
        return f"assembly-worklist/?limit={_PAGE}&cursor={cursor}"

    def _entered(self) -> str:
        return str(self.caller.post("sales-orders/", company.order(self.kits, lines=10))["no"])

    def _subjects(self, *, long: bool = False) -> int:
        return self.watch.subjects + (max(self.runs // 3, 10) if long else self.runs)

    def _measure(self, name: str, act: Callable[[Any], object], subjects: Any) -> Figures:
        return measure(name, act, subjects, watch=self.watch)


def run(*, orders: int, runs: int, only: Collection[str], watch: Watch) -> None:
    """Prepare, measure what is asked for (everything unless named), print."""
    token = company.administrator()
    workloads = _Workloads(token, runs=runs, watch=watch)
    company.found(workloads.caller)
    there = company.take_orders(workloads.caller, orders)
    print(f"{there} open orders of {company.LINES_OF_A_COPY} lines x {company.COMPONENTS} components")
    named = {"W1": workloads.enter, "W2": workloads.change, "W3": workloads.ship, "W4": workloads.worklist}
    rows = []
    for name, workload in named.items():
        if not only or name in only:
            settle()
            rows += list(workload())
    print_machine()
    print_table(rows)
    if not only or "clients" in only:
        settle()
        print(f"\n{measure_clients(token, clients=CLIENTS, orders_each=max(runs // 2, 10))}")
    require_integrity()
