"""The company's settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from backoffice.pages.attempts import NO_ATTEMPT, attempt
from backoffice.pages.decorators import by_script, page
from backoffice.pages.entries import Entry
from backoffice.pages.history import history_of, labels_of
from backoffice.rights import Right, has_right
from inventory.locks import lock_setup
from inventory.lookups import current_setup
from inventory.models import Setup
from inventory.services import masters
from inventory.views import sheets

GROUPS = [
    ("Documents", ["work_date", "default_location", "default_quantity_to_ship", "copy_comments"]),
    (
        "Availability",
        [
            "default_safety_lead_time_days",
            "check_avail_period_days",
            "stockout_warning",
            "create_movements_automatically",
        ],
    ),
]


@page(right=Right.VIEW_SETUP)
def setup(request: HttpRequest) -> HttpResponse:
    """GET the settings; POST changes some."""
    tried = NO_ATTEMPT
    if request.method == "POST":
        tried = attempt(request, Right.EDIT_SETUP, lambda: _change(request), key="setup")
        if tried.done and not by_script(request):
            return redirect("setup")
    row = current_setup()
    may_edit = has_right(request.user, Right.EDIT_SETUP)
    url = reverse("setup") if may_edit else ""
    context = {
        "title": "Setup",
        "entry": Entry(sheet=sheets.SETUP, key="setup", row=row, url=url, **tried.state_of("setup")),
        "groups": GROUPS,
        "label": "Setup",
    }
    if by_script(request):
        return render(request, "partials/entry_section.html", context, status=tried.status)
    context["history"] = history_of("setup", row.pk, labels_of(Setup))
    return render(request, "inventory/master.html", context, status=tried.status)


def _change(request: HttpRequest) -> Setup:
    return masters.change_setup(sheets.SETUP.changes(request.POST, lock_setup()))
