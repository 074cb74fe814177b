"""A list of records as a page: filters in the address, keyset paging, sorted columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django_filters import FilterSet

from backoffice.pages.decorators import by_script
from backoffice.pages.listing import list_page

M = TypeVar("M", bound=Model)

LIST_TEMPLATE = "partials/list_page.html"


def answer_list(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    filters: type[FilterSet],
    sorts: Mapping[str, Sequence[str]],
    rows_template: str,
    context: Mapping[str, Any],
    complete: Callable[[Sequence[M]], None] | None = None,
) -> HttpResponse:
    """Answer with the list, or to a script with its rows alone. One statement, and those of `complete`.

    complete: adds to the rows of the page what is not read with them.
    context: title, search_label; new_url, new_label, empty_text (optional). Raises Http404 for a filter's value
    that there is not.
    """
    chosen = filters(request.GET, queryset=rows)
    if not chosen.is_valid():
        raise Http404("The list cannot be filtered like this.")
    listing = list_page(request, chosen.qs, sorts=sorts)
    if complete is not None:
        complete(listing.rows)
    values = {
        "listing": listing,
        "filters": chosen.form,
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
        "rows_template": rows_template,
        **context,
    }
    return render(request, rows_template if by_script(request) else LIST_TEMPLATE, values)
