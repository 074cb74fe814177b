"""The papers of an assembly order, open or posted, as PDF."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from assembly.printing import papers, posted
from backoffice.pages.decorators import page
from backoffice.printing import Paper, answer_paper
from backoffice.rights import Right


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def pick_list(request: HttpRequest, no: str) -> HttpResponse:
    """What to fetch for the order."""
    return _answer(papers.pick_list, no, "pick-list")


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def assembly_order(request: HttpRequest, no: str) -> HttpResponse:
    """The order with its components."""
    return _answer(papers.assembly_order, no, "assembly-order")


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def posted_assembly(request: HttpRequest, no: str) -> HttpResponse:
    """What one posting made, and of what."""
    return _answer(posted.posted_assembly, no, "posted-assembly")


def _answer(paper_of: Callable[[str], Paper | None], no: str, name: str) -> HttpResponse:
    paper = paper_of(no)
    if paper is None:
        raise Http404(f"There is no such document: {no}.")
    return answer_paper(paper, name=name)
