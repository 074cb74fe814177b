"""The filter of documents by status: what is closed stays out of sight until it is asked for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import ChoiceFilter

ALL = "all"


class StatusFilter(ChoiceFilter):  # type: ignore[misc]  # django-filter has no types
    """Nothing chosen: every document that is not closed. `choices`: the statuses, "closed" among them."""

    def __init__(self, *, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(
            field_name="status",
            label="Status",
            choices=[*choices, (ALL, "All")],
            empty_label="Not closed",
            **options,
        )
        self._at_work = [value for value, _ in choices if value != "closed"]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the documents of the status."""
        if value == ALL:
            return qs
        return qs.filter(status=value) if value else qs.filter(status__in=self._at_work)
