"""How a page writes: one unit of work, whose refusals come back as values to be shown beside what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

from backoffice.exceptions import DomainError, Forbidden, Refusals
from backoffice.transactions import run_unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What came of a write: its result, or why it was refused. Of a refused write nothing is in the database."""

    result: T | None = None
    refusals: Sequence[DomainError] = ()

    @property
    def done(self) -> bool:
        return not self.refusals

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this outcome: 200, or that of the first refusal."""
        return self.refusals[0].http_status if self.refusals else 200

    def unwrap(self) -> T:
        """Return the result of a write that was done."""
        assert self.done, "a refused write has no result"
        return self.result  # type: ignore[return-value]  # T may itself be None


def page_write(write: Callable[[], T], *, rollback: bool = False) -> Outcome[T]:
    """Run the write as one unit of work; a named refusal becomes an outcome, anything else is a fault and rises.

    Forbidden rises too: the page decorator answers it. rollback: keep nothing of it, to show what it would do.
    """
    try:
        return Outcome(result=run_unit(write, rollback=rollback))
    except Refusals as several:
        return Outcome(refusals=tuple(several.errors))
    except Forbidden:
        raise
    except DomainError as refusal:
        return Outcome(refusals=(refusal,))


def with_notice(response: HttpResponse, text: str, *, tone: str = "success", url: str = "") -> HttpResponse:
    """Let the page that receives this answer to a script show a notice; `url` makes it a link."""
    return trigger_client_event(response, "notice", {"text": text, "tone": tone, "url": url})
