"""What came of a POST to a page: done, or refused with what was typed kept for the page that shows it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from backoffice.exceptions import DomainError
from backoffice.pages.writing import page_write
from backoffice.rights import Right, require_right


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to write the entry with this key. A page that nobody has posted to shows NO_ATTEMPT."""

    key: str = ""
    posted: Mapping[str, str] = field(default_factory=dict)
    refusals: Sequence[DomainError] = ()
    result: Any = None

    @property
    def done(self) -> bool:
        return not self.refusals

    @property
    def status(self) -> int:
        """The HTTP status of the page or part that shows it."""
        return self.refusals[0].http_status if self.refusals else 200

    def state_of(self, key: str) -> dict[str, Any]:
        """Return what the Entry with this key is drawn with: what was typed and refused, if it is the one."""
        return {"posted": self.posted, "refusals": self.refusals} if key == self.key else {}


NO_ATTEMPT = Attempt()


def attempt(
    request: HttpRequest, right: Right, write: Callable[[], object], *, key: str = "", rollback: bool = False
) -> Attempt:
    """Write as one unit of work, in the name of somebody who has the right. rollback: keep nothing of it.

    Raises Forbidden.
    """
    require_right(request.user, right)
    outcome = page_write(write, rollback=rollback)
    return Attempt(key=key, posted=request.POST, refusals=outcome.refusals, result=outcome.result)
