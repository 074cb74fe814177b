"""Lots and serial numbers on document rows, in and out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer

TRACKING_LENGTH = 50


class TrackingOut(serializers.Serializer[Any]):
    """A lot or serial number as `inventory.querysets.tracking_of` reads it. Quantities are in base units."""

    lot_no = fields.CodeField()
    serial_no = fields.CodeField()
    quantity = fields.QuantityField()
    quantity_to_handle = fields.QuantityField()
    quantity_handled = fields.QuantityField()


class TrackingIn(StrictSerializer):
    """A lot or serial number to assign. Quantities are in base units."""

    answer = TrackingOut
    lot_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)
    serial_no = fields.CodeField(required=False, allow_blank=True, max_length=TRACKING_LENGTH)
    quantity = fields.QuantityField()
    quantity_to_handle = fields.QuantityField(required=False, allow_null=True)
