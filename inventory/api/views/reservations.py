"""Reservations: `/reservations/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404

from backoffice.api.filters import Filter, Kind
from backoffice.api.views import Deletes
from backoffice.rights import Right
from inventory.api.serializers.reservations import ReservationOut
from inventory.models import Reservation
from inventory.services import reserving


def _of_document(reservations: QuerySet[Reservation], no: str) -> QuerySet[Reservation]:
    return reservations.filter(Q(demand__document_no=no) | Q(supply__document_no=no))


class ReservationViewSet(Deletes):
    """What supply is set aside for which demand."""

    rights: ClassVar = {"read": Right.VIEW_RESERVATIONS, "write": Right.RESERVE}
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

    def delete_one(self, key: str) -> None:
        """Cancel a reservation; that of an assemble-to-order link refuses."""
        try:
            reserving.cancel(int(key))
        except Reservation.DoesNotExist as error:
            raise Http404 from error
