"""Reservations: `/reservations/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.filters import Filter, Kind
from backoffice.api.views import Creates, Deletes
from backoffice.rights import Right
from inventory.api.serializers.reservations import AutomaticReservationIn, ReservationIn, ReservationOut
from inventory.models import Reservation
from inventory.services import reserving
from inventory.services.reservations import Side, reserve_automatically, reserve_by_hand


def _of_document(reservations: QuerySet[Reservation], no: str) -> QuerySet[Reservation]:
    return reservations.filter(Q(demand__document_no=no) | Q(supply__document_no=no))


def _side(values: dict[str, Any]) -> Side:
    return Side(type=values["type"], document_no=values.get("document_no", ""), line_no=values.get("line_no"))


class ReservationViewSet(Creates, Deletes):
    """What supply is set aside for which demand."""

    rights: ClassVar = {"read": Right.VIEW_RESERVATIONS, "write": Right.RESERVE, "auto": Right.RESERVE}
    input_class = ReservationIn
    lookup_field = "entry_no"
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = ReservationOut
    filters: ClassVar = {
        "entry_no": "entry_no",
        "item": "demand__item_id",
        "variant": "demand__variant_code",
        "location": "demand__location_id",
        "quantity": "quantity",
        "date": "demand__due_date",
        "document_no": Filter(kind=Kind.TEXT, apply=_of_document),
    }
    default_ordering = ("entry_no",)

    def get_queryset(self) -> QuerySet[Reservation]:
        """Return all reservations with both their sides."""
        return Reservation.objects.select_related("demand", "supply")

    def tag_of(self, found: Any) -> None:
        """Return None: a reservation is never changed through the interface."""

    def create_one(self, values: dict[str, Any]) -> Reservation:
        """Reserve by hand."""
        return reserve_by_hand(
            demand=_side(values["demand"]), supply=_side(values["supply"]), quantity=values["quantity"]
        )

    @extend_schema(request=AutomaticReservationIn, responses=ReservationOut(many=True))
    @action(detail=False, methods=["post"], input_class=AutomaticReservationIn, pagination_class=None)
    def auto(self, request: Request) -> Response:
        """Reserve what there is for a demand, first from stock; answer with all its reservations."""
        demand = _side(self.values()["demand"])
        reserve_automatically(demand=demand)
        rows = self.get_queryset().filter(
            demand__source_kind=demand.type, demand__document_no=demand.document_no, demand__line_no=demand.line_no
        )
        shown = self.get_serializer(rows.order_by("entry_no"), many=True).data
        return Response({"results": shown, "next": None})

    def delete_one(self, key: str) -> None:
        """Cancel a reservation; that of an assemble-to-order link refuses."""
        try:
            reserving.cancel(int(key))
        except Reservation.DoesNotExist as error:
            raise Http404 from error
