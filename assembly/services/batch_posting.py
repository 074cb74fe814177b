"""Post many assembly orders to stock in the background, each by itself: one that is refused stops no other (PST-09)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from assembly.services.posting import post_assembly_order
from backoffice import jobs
from backoffice.exceptions import Invalid, Required
from backoffice.models import Job, JobResult
from backoffice.pages import links
from backoffice.rights import Right
from backoffice.transactions import act

KIND = "post_assembly_orders"
#: As many orders as one job may post.
MAX_ORDERS = 1000


@act
def queue_batch(*, nos: Sequence[str], posting_date: dt.date | None = None) -> Job:
    """Queue the posting of these orders, in the order given. Date: each order's own unless given.

    Whether an order can be posted is asked when its turn comes. Raises: Required, Invalid.
    """
    check_batch(nos)
    payload = {"nos": list(nos), "posting_date": posting_date and posting_date.isoformat()}
    return jobs.enqueue(KIND, payload, total=len(nos))


def check_batch(nos: Sequence[str]) -> None:
    """Refuse a batch that names no order, too many, or one twice. Raises: Required, Invalid."""
    if not nos:
        raise Required(field="nos")
    if len(nos) > MAX_ORDERS:
        raise Invalid(field="nos", detail=f"At most {MAX_ORDERS} orders can be posted at once.")
    if len(set(nos)) != len(nos):
        raise Invalid(field="nos", detail="An order can be named once only.")


def register() -> None:
    """Make the job known."""
    jobs.register(
        jobs.Kind(
            name=KIND,
            label="Post assembly orders",
            right=Right.POST_ASSEMBLY,
            handle=_post_batch,
            tell=_tell,
            key_url=lambda no: links.url_of("assembly_order", no),
        )
    )


def _post_batch(run: jobs.Run) -> None:
    given = run.payload["posting_date"]
    posting_date = dt.date.fromisoformat(given) if given else None

    def post(no: str) -> Mapping[str, Any]:
        return {"posted_assembly_order": post_assembly_order(no=no, posting_date=posting_date).document.no}

    run.each(run.payload["nos"], post)


def _tell(result: JobResult) -> jobs.Told:
    if result.refused:
        return jobs.Told(text=result.outcome["detail"])
    posted = result.outcome["posted_assembly_order"]
    return jobs.Told(text=f"Posted as {posted}", url=links.url_of("posted_assembly", posted))
