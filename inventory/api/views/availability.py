"""Questions about an item: `/items/{no}/availability/` and what lies below it."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import quote

from django.http import Http404, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api import parameters
from backoffice.api.edge import ContractView
from backoffice.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from backoffice.exceptions import Invalid, NotFound
from backoffice.middleware import key_of, raw_path
from backoffice.rights import Right
from inventory.api.serializers.availability import AvailabilityByLocationOut, AvailabilityOut, EventOut, EventsOut
from inventory.availability.outlook import Figures
from inventory.availability.questions import Event, Mark, Place, events, figures_at, figures_by_location
from inventory.lookups import current_setup
from inventory.models import Item, Location

LOCATION = OpenApiParameter("location", str, description="One location's figures; all locations' without it.")
VARIANT = OpenApiParameter("variant", str, description='One variant\'s; "" of none; all together without it.')
DATE = OpenApiParameter("date", OpenApiTypes.DATE, description="As of this day; all that is known without it.")
_FROM = OpenApiParameter("from", OpenApiTypes.DATE, description="The first day; what is before is in the balance.")
_TO = OpenApiParameter("to", OpenApiTypes.DATE, description="The last day.")
_LIMIT = OpenApiParameter("limit", int)
_CURSOR = OpenApiParameter("cursor", str)


class ItemQuestionView(ContractView):
    """A question about the item in the address."""

    rights: ClassVar = {"get": Right.VIEW_STOCK}
    known: ClassVar[Collection[str]] = ()

    def item_no(self) -> str:
        """Return the number of the item. Raises Http404, and UnknownFilter for a parameter that is not known."""
        parameters.known_only(self.request.query_params, self.known)
        no = key_of(self.request._request, str(self.kwargs["no"]))
        if not Item.objects.filter(no=no).exists():
            raise Http404
        return no

    @property
    def params(self) -> QueryDict:
        """Return the query parameters."""
        return self.request.query_params

    def location(self) -> str | None:
        """Return the location asked for, None where none is. Raises NotFound for one that does not exist."""
        code = parameters.parameter(self.params, "location") or None
        if code is not None and not Location.objects.filter(code=code).exists():
            raise NotFound(field="location", what="Location", key=code)
        return code

    def place(self) -> Place:
        """Return what the question is about."""
        return Place(
            item=self.item_no(),
            location=self.location(),
            variant=parameters.parameter(self.params, "variant"),
        )


class AvailabilityView(ItemQuestionView):
    """How much of the item there is, as of a date."""

    known = ("location", "variant", "date")

    @extend_schema(parameters=[LOCATION, VARIANT, DATE], responses=AvailabilityOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with the figures."""
        _ = request, no
        date = parameters.day(self.params, "date")
        figures = figures_at(self.place(), date=date, look_ahead_days=current_setup().check_avail_period_days)
        return Response(AvailabilityOut(figures).data)


class AvailabilityByLocationView(ItemQuestionView):
    """How much of the item there is at each location."""

    known = ("variant", "date")

    @extend_schema(parameters=[VARIANT, DATE], responses=AvailabilityByLocationOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with the figures of every location."""
        _ = request, no
        rows = figures_by_location(
            self.item_no(),
            variant=parameters.parameter(self.params, "variant"),
            date=parameters.day(self.params, "date"),
            look_ahead_days=current_setup().check_avail_period_days,
        )
        return Response({"results": [_with_location(code, figures) for code, figures in rows]})


class AvailabilityEventsView(ItemQuestionView):
    """What will come and go of the item, and what there is after each event."""

    known = ("location", "variant", "from", "to", "limit", "cursor")

    @extend_schema(parameters=[LOCATION, VARIANT, _FROM, _TO, _LIMIT, _CURSOR], responses=EventsOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with a page of events."""
        _ = request, no
        limit = parameters.whole_number(self.params, "limit", default=DEFAULT_LIMIT, lowest=1, highest=MAX_LIMIT)
        found = events(
            self.place(),
            first=parameters.day(self.params, "from"),
            last=parameters.day(self.params, "to"),
            after=_read_mark(parameters.parameter(self.params, "cursor")),
            limit=limit + 1,
        )
        page = found[:limit]
        shown = EventOut(page, many=True).data
        return Response({"results": shown, "next": self._next(page[-1]) if len(found) > limit else None})

    def _next(self, event: Event) -> str:
        params = self.params.copy()
        params["cursor"] = _write_mark(event)
        path = raw_path(self.request._request) or quote(self.request.path)
        return self.request._request.build_absolute_uri(f"{path}?{params.urlencode()}")


def _with_location(code: str, figures: Figures) -> dict[str, Any]:
    return {"location": code, **AvailabilityOut(figures).data}


def _write_mark(event: Event) -> str:
    movement = event.movement
    text = json.dumps([movement.due_date.isoformat(), str(movement.quantity), movement.pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_mark(cursor: str | None) -> Mark | None:
    if cursor is None:
        return None
    try:
        date, quantity, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        mark = Mark(date=dt.date.fromisoformat(date), quantity=Decimal(quantity), movement_id=int(pk))
    except (ValueError, TypeError, InvalidOperation, binascii.Error) as error:
        raise Invalid(field="cursor", detail="The cursor cannot be read.") from error
    if not mark.quantity.is_finite():
        raise Invalid(field="cursor", detail="The cursor cannot be read.")
    return mark
