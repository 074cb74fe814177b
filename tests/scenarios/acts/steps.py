"""How a step is taken: done and sound, or refused by a named rule and nothing moved; and what there is to pick from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from assembly.models import AssemblyDocument, AssemblyStatus
from backoffice import integrity
from backoffice.exceptions import DomainError, Refusals
from backoffice.transactions import settle
from sales.models import SalesDocument, SalesDocumentType, SalesLine, SalesStatus
from tests.support import state

T = TypeVar("T")
M = TypeVar("M", bound=Model)

numbers = st.sampled_from(["0", "1", "2", "2.5", "3", "4.33333", "7", "10", "12"])
picks = st.integers(min_value=0, max_value=99)
places = st.sampled_from(["MAIN", "MAIN", "BLUE"])

#: No more of a kind than this: a crowd takes time and shows nothing new.
MOST_DOCUMENTS, MOST_LINES, MOST_ORDERS_TO_STOCK, MOST_PURCHASES = 9, 4, 4, 4


class Steps(RuleBasedStateMachine):
    """One example: a transaction that is rolled back at its end."""

    #: How often each kind of step was taken, and what refused it how often; over all examples of a process.
    taken: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def take(self, name: str, act: Callable[[], T]) -> T | None:
        """Take a step; return what it returned, None where a rule refused it. A refused one moves nothing.

        What fails otherwise, a constraint of the database among it, fails the test.
        """
        before = state()
        try:
            with transaction.atomic():
                outcome = act()
                settle()
        except (DomainError, Refusals) as refusal:
            assert state() == before
            self.refused[f"{name}: {_codes(refusal)}"] += 1
            return None
        self.taken[name] += 1
        return outcome

    @invariant()
    def everything_holds(self) -> None:
        found = [str(violation) for violation in integrity.violations()]
        assert found == [], "\n".join(found)

    # -- what there is ----------------------------------------------------------------------------------------

    def one_of(self, rows: QuerySet[M], pick: int) -> M | None:
        """Return one of the rows, None where there is none."""
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def mostly(self, likely: QuerySet[M], rows: QuerySet[M], pick: int) -> M | None:
        """Return one of the likely rows, None where there is none; now and then any row."""
        return self.one_of(likely if pick % 8 else rows, pick)

    def document(self, pick: int) -> SalesDocument:
        """Return a sales document; orders are the most of them before long."""
        documents = SalesDocument.objects.all()
        found = self.mostly(documents.exclude(status=SalesStatus.CLOSED), documents, pick) or documents.first()
        assert found is not None, "documents are entered first and never deleted"
        return found

    def order(self, pick: int) -> SalesDocument:
        """Return a sales order."""
        orders = SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER)
        found = self.mostly(orders.exclude(status=SalesStatus.CLOSED), orders, pick) or self.one_of(orders, pick)
        assert found is not None, "an order is entered first and never deleted"
        return found

    def line(self, pick: int) -> SalesLine | None:
        """Return a line of any sales document."""
        lines = SalesLine.objects.select_related("document", "item")
        return self.mostly(lines.exclude(document__status=SalesStatus.CLOSED), lines, pick)

    def assembly(self, pick: int) -> AssemblyDocument | None:
        """Return an assembly document."""
        return self.mostly(
            AssemblyDocument.objects.exclude(status=AssemblyStatus.CLOSED), AssemblyDocument.objects.all(), pick
        )

    def order_to_stock(self, pick: int) -> AssemblyDocument | None:
        """Return an assembly order that no sales line is linked to."""
        rows = AssemblyDocument.objects.filter(link=None)
        return self.mostly(rows.exclude(status=AssemblyStatus.CLOSED), rows, pick)


def _codes(refusal: DomainError | Refusals) -> str:
    errors: Sequence[DomainError] = refusal.errors if isinstance(refusal, Refusals) else [refusal]
    return ", ".join(sorted({error.code for error in errors}))


def sweep() -> None:
    """Clear away what rolled back examples have left: no vacuum runs by itself on the servers of tests."""
    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM")
        cursor.execute("RESET statement_timeout")


def report() -> str:
    """Return how often each kind of step was taken and refused."""
    lines = [f"{count:7} {name}" for name, count in sorted(Steps.taken.items())]
    lines += [f"{count:7} refused {name}" for name, count in sorted(Steps.refused.items())]
    return "\n".join([f"process {os.getpid()}", *lines])
