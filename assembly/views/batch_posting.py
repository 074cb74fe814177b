"""Posting the chosen orders of the list, in the background."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from assembly.services.batch_posting import queue_batch
from assembly.views.document_kinds import ORDERS
from backoffice.exceptions import Invalid
from backoffice.models import Job
from backoffice.pages import kinds
from backoffice.pages.decorators import page
from backoffice.pages.writing import page_write
from backoffice.rights import Right


@page(right=Right.POST_ASSEMBLY, methods=("POST",))
def queue(request: HttpRequest) -> HttpResponse:
    """Queue the posting of `nos` on `posting_date` (blank: each order's own) and lead to the job's page."""

    def write() -> Job:
        try:
            posting_date = kinds.DAY.read(request.POST.get("posting_date", ""))
        except Invalid as refusal:
            raise refusal.at("posting_date") from refusal
        return queue_batch(nos=request.POST.getlist("nos"), posting_date=posting_date)

    outcome = page_write(write)
    if outcome.done:
        return HttpResponseRedirect(reverse("job", args=[outcome.unwrap().pk]))
    for refusal in outcome.refusals:
        words = "Choose the orders to post." if refusal.code == "required" else refusal.detail
        messages.error(request, words)
    return HttpResponseRedirect(ORDERS.list_url)
