"""Where the promises of sales lines are told."""

from __future__ import annotations

from django.urls import reverse

from sales.models import SalesDocument


def url_of(document: SalesDocument, line_no: int | None) -> str:
    """Return the address of a line's promise, or of one that is not entered yet."""
    place = [document.document_type, document.no]
    return (
        reverse("new-line-promise", args=place) if line_no is None else reverse("line-promise", args=[*place, line_no])
    )
