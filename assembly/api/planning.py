"""Planning: `/planning/suggestions/` and `/planning/suggestions/accept/`."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.netting import Suggestion
from assembly.services import planning
from backoffice.api import fields
from backoffice.api.edge import ContractView
from backoffice.api.serializers import StrictSerializer
from backoffice.rights import Right
from inventory.models import Item, ReplenishmentSystem

_NO_MAX_LENGTH = Item._meta.get_field("no").max_length or 0
#: As many items or suggestions as one request may name.
_MAX_NAMED = 1000


class SuggestIn(StrictSerializer):
    """For what to look: these items, or all that have a policy; one location, or each."""

    items = serializers.ListField(
        child=fields.CodeField(max_length=_NO_MAX_LENGTH), required=False, max_length=_MAX_NAMED
    )
    location = fields.CodeField(required=False, allow_null=True)
    ending_date = fields.DateField(required=False, allow_null=True)


class SuggestionOut(serializers.Serializer[Suggestion]):
    """Supply that would cover demand, in the item's base unit."""

    item = fields.CodeField(source="key.item_id")
    variant = fields.CodeField(source="key.variant_code")
    location = fields.CodeField(source="key.location_id")
    quantity = fields.QuantityField()
    due_date = fields.DateField()
    replenishment_system = fields.ChoiceField(choices=ReplenishmentSystem.choices)


class SuggestionsOut(serializers.Serializer):  # type: ignore[type-arg]
    """What to do, from the finished items down."""

    results = SuggestionOut(many=True)


class SuggestionIn(StrictSerializer):
    """A suggestion that is accepted, perhaps changed."""

    item = fields.CodeField(max_length=_NO_MAX_LENGTH)
    variant = fields.CodeField(required=False, allow_blank=True)
    location = fields.CodeField(required=False)
    quantity = fields.QuantityField()
    due_date = fields.DateField(required=False)
    replenishment_system = fields.ChoiceField(choices=ReplenishmentSystem.choices, required=False)


class AcceptIn(StrictSerializer):
    """What to make orders of."""

    suggestions = serializers.ListField(child=SuggestionIn(), allow_empty=False, max_length=_MAX_NAMED)


class AcceptedOut(serializers.Serializer):  # type: ignore[type-arg]
    """The numbers of the orders that were made."""

    assembly_orders = serializers.ListField(child=fields.CodeField())
    purchase_orders = serializers.ListField(child=fields.CodeField())


class SuggestionsView(ContractView):
    """What demand finds uncovered. Nothing is saved."""

    rights: ClassVar = {"post": Right.PLAN}
    input_class = SuggestIn

    @extend_schema(request=SuggestIn, responses=SuggestionsOut)
    def post(self, request: Request) -> Response:
        """Answer with suggestions, level by level."""
        asked = SuggestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        found = planning.suggest(
            items=values.get("items"), location=values.get("location"), ending_date=values.get("ending_date")
        )
        return Response(SuggestionsOut({"results": found}).data)


class AcceptSuggestionsView(ContractView):
    """Making the orders of suggestions."""

    rights: ClassVar = {"post": Right.PLAN}
    input_class = AcceptIn

    @extend_schema(request=AcceptIn, responses=AcceptedOut)
    def post(self, request: Request) -> Response:
        """Make the orders and answer with their numbers."""
        asked = AcceptIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = planning.accept(asked.validated_data["suggestions"])
        return Response({"assembly_orders": made.assembly_orders, "purchase_orders": made.purchase_orders}, status=201)
