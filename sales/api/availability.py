"""What there is for sales lines, on the detail views of documents and lines, and the warnings of a write."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from backoffice.api import fields
from backoffice.api.views import LineViewSet, ResourceViewSet
from sales import availability, late_dates, reading


class LineAvailabilityOut(serializers.Serializer):  # type: ignore[type-arg]
    """What there is on the shipment date, in the line's unit."""

    available = fields.QuantityField()
    on_hand = fields.QuantityField()
    able_to_assemble = fields.QuantityField(allow_null=True)
    earliest_date = fields.DateField(allow_null=True)
    warning = fields.FlagField()


class ShowsLineAvailability(ResourceViewSet):
    """Shows with a document what there is for its lines, and warns after an edit that looks at it."""

    #: Whether this request's edit looks at what there is.
    looks = False

    def read_one(self, key: object) -> Any:
        """Return the document."""
        document = super().read_one(key)
        if self.shows("lines"):
            availability.attach(document, document.lines.all())
        return document

    def values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parsed values; see whether they are such that the edit looks at what there is."""
        values = super().values(*args, **kwargs)
        self.looks = self.looks or "lines" in values or "shipment_date" in values
        return values

    def show(self, found: Any, **kwargs: Any) -> Response:
        """Answer with the document, and with the warnings that the edit deserves."""
        if self.looks:
            lines = self._lines_of(found)
            if found.is_order:
                self.warn(availability.notices(lines))
            self.warn(late_dates.document_notices(found, lines))
        return super().show(found, **kwargs)

    def _lines_of(self, document: Any) -> Any:
        if self.shows("lines"):
            return document.lines.all()
        lines = list(reading.shown_lines().filter(document=document.pk))
        availability.attach(document, lines)
        return lines


class ShowsAvailability(LineViewSet):
    """Shows with a line what there is for it, and warns after an edit that looks at it."""

    looks = False
    #: Whether it sets the date.
    dates = False

    def read_one(self, key: object) -> Any:
        """Return the line."""
        line = super().read_one(key)
        if self.looks or self.shows("availability"):
            availability.attach(self.document, [line])
        return line

    def values(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parsed values; see whether they are such that the edit looks at what there is."""
        values = super().values(*args, **kwargs)
        self.looks = self.looks or bool(availability.LOOKS & values.keys())
        self.dates = self.dates or bool(late_dates.DATES & values.keys())
        return values

    def show(self, found: Any, **kwargs: Any) -> Response:
        """Answer with the line, and with the warnings that the edit deserves."""
        if self.looks:
            self.warn(availability.notices([found]))
        if self.dates:
            self.warn(late_dates.line_notices([found]))
        return super().show(found, **kwargs)
