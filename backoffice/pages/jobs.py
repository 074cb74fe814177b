"""The page of a background job: how far it is, and what came of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from backoffice import jobs
from backoffice.models import JobResult, User
from backoffice.pages.decorators import by_script, page

#: Results that are shown while the job runs: the page is drawn anew every second.
SHOWN_MEANWHILE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One result as the page shows it."""

    key: str
    url: str
    refused: bool
    told: jobs.Told


@page(methods=("GET",))
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A job: one's own, or of a kind that one may queue. To a script, which asks every second, the part alone."""
    job = get_object_or_404(jobs.visible_to(cast(User, request.user)).select_related("created_by"), pk=pk)
    kind = jobs.kind_of(job.kind)
    results = job.results.order_by("-refused", "pk")
    if not job.state_choice.is_end:
        results = job.results.order_by("-pk")[:SHOWN_MEANWHILE]
    rows = [_row(kind, result) for result in results]
    context = {
        "title": f"{kind.label if kind else job.kind}, job {job.pk}",
        "job": job,
        "rows": rows,
        "refused": sum(row.refused for row in rows),
        "is_end": job.state_choice.is_end,
    }
    return render(request, "backoffice/_job.html" if by_script(request) else "backoffice/job.html", context)


def _row(kind: jobs.Kind | None, result: JobResult) -> Row:
    told = kind.tell(result) if kind else jobs.Told(text=str(result.outcome))
    return Row(key=result.key, url=kind.key_url(result.key) if kind else "", refused=result.refused, told=told)
