"""What a reservation looks like."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer
from inventory.models import MovementSource, PlannedMovement, Reservation
from inventory.services.reservations import STOCK

_SIDE = {
    "type": "object",
    "required": ["type", "document_no", "line_no"],
    "properties": {
        "type": {"type": "string"},
        "document_no": {"type": "string"},
        "line_no": {"type": ["integer", "null"]},
    },
}


#: The types of what can be reserved from and for.
SIDE_TYPES = [*MovementSource.choices, (STOCK, "Item ledger entry")]


class SideIn(StrictSerializer):
    """A side of a reservation: a document's row, or an entry of the item ledger by its number as the line number."""

    type = fields.ChoiceField(choices=SIDE_TYPES)
    document_no = fields.CodeField(required=False, allow_blank=True)
    line_no = fields.WholeNumberField(required=False, allow_null=True)


class ReservationIn(StrictSerializer):
    """A reservation by hand. The quantity is in base units, and > 0."""

    demand = SideIn()
    supply = SideIn()
    quantity = fields.QuantityField()


class AutomaticReservationIn(StrictSerializer):
    """The demand to reserve for, from whatever there is."""

    demand = SideIn()


class ReservationOut(serializers.Serializer[Reservation]):
    """A reservation with its `demand` and `supply` loaded. The quantity is in base units."""

    entry_no = fields.WholeNumberField()
    item = fields.CodeField(source="demand.item_id")
    variant = fields.CodeField(source="demand.variant_code")
    location = fields.CodeField(source="demand.location_id")
    quantity = fields.QuantityField()
    demand = serializers.SerializerMethodField()
    supply = serializers.SerializerMethodField()
    date = fields.DateField(source="demand.due_date")

    @extend_schema_field(_SIDE)
    def get_demand(self, reservation: Reservation) -> dict[str, Any]:
        """What it is reserved for."""
        return _side(reservation.demand)

    @extend_schema_field(_SIDE)
    def get_supply(self, reservation: Reservation) -> dict[str, Any]:
        """What is reserved: a document's row, or an entry of the item ledger."""
        if reservation.supply is None:
            return {"type": STOCK, "document_no": "", "line_no": reservation.supply_entry_id}
        return _side(reservation.supply)


def _side(movement: PlannedMovement) -> dict[str, Any]:
    return {
        "type": movement.source_kind,
        "document_no": movement.document_no,
        "line_no": movement.line_no,
    }
