"""Calculations of an item: `/items/{no}/calculate-standard-cost/` and `/items/{no}/calculate-unit-price/`."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api import fields
from backoffice.api.edge import ContractView
from backoffice.api.serializers import StrictSerializer
from backoffice.middleware import key_of
from backoffice.rights import Right
from inventory.services.standard_cost import calculate_standard_cost, calculate_unit_price

ALL_LEVELS = "all"
LEVELS = [("single", "The item's own bill of materials"), (ALL_LEVELS, "All levels, the lowest first")]


class LevelIn(StrictSerializer):
    """How deep to go."""

    level = fields.ChoiceField(choices=LEVELS, required=False, default="single")


class CostSharesOut(serializers.Serializer):  # type: ignore[type-arg]
    """The cost of one base unit by where it comes from."""

    material = fields.UnitAmountField()
    capacity = fields.UnitAmountField()
    capacity_overhead = fields.UnitAmountField()
    overhead = fields.UnitAmountField()


class StandardCostOut(serializers.Serializer):  # type: ignore[type-arg]
    """A standard cost and its shares."""

    standard_cost = fields.UnitAmountField()
    material = fields.UnitAmountField(source="shares.material")
    capacity = fields.UnitAmountField(source="shares.capacity")
    capacity_overhead = fields.UnitAmountField(source="shares.capacity_overhead")
    overhead = fields.UnitAmountField(source="shares.overhead")
    rolled_up = CostSharesOut()


class UnitPriceOut(serializers.Serializer):  # type: ignore[type-arg]
    """A unit price."""

    unit_price = fields.UnitAmountField()


class _CalculationView(ContractView):
    """Takes the level, works something out, stores it."""

    rights: ClassVar = {"post": Right.EDIT_ITEMS}

    def asked(self) -> dict[str, Any]:
        """Return the item's number and whether all levels are wanted."""
        body = LevelIn(data=self.request.data, context={"view": self})
        body.is_valid(raise_exception=True)
        no = key_of(self.request._request, str(self.kwargs["no"]))
        return {"no": no, "all_levels": body.validated_data["level"] == ALL_LEVELS}


class StandardCostView(_CalculationView):
    """The standard cost."""

    @extend_schema(request=LevelIn, responses=StandardCostOut)
    def post(self, request: Request, no: str) -> Response:
        """Work out the standard cost from the bill of materials and store it on the item."""
        return Response(StandardCostOut(calculate_standard_cost(**self.asked())).data)


class UnitPriceView(_CalculationView):
    """The unit price."""

    @extend_schema(request=LevelIn, responses=UnitPriceOut)
    def post(self, request: Request, no: str) -> Response:
        """Work out the unit price from the components' prices and store it on the item."""
        return Response(UnitPriceOut({"unit_price": calculate_unit_price(**self.asked())}).data)
