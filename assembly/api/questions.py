"""Questions about an item that its bill of materials answers: `/items/{no}/able-to-make/`, `/items/{no}/promise/`."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.able_to_make import Node, able_to_make
from assembly.promise import Alternative, Part, Promise, promise, reason
from backoffice.api import fields, parameters
from backoffice.exceptions import Required
from inventory.api.views.availability import DATE, LOCATION, VARIANT, ItemQuestionView
from inventory.availability.outlook import Outlook
from inventory.availability.reading import load_items
from inventory.bom_graph import ItemKey, load_bom_graph
from inventory.lookups import current_setup

_QUANTITY = OpenApiParameter("quantity", str, required=True, description="In the base unit, above zero.")


class NodeOut(serializers.Serializer[Node]):
    """A row of the tree; quantities are in base units but `quantity_per_parent`, which is in the BOM line's."""

    level = fields.WholeNumberField()
    no = fields.CodeField(source="key.item_id")
    variant = fields.CodeField(source="key.variant_code")
    quantity_per_parent = fields.QuantityField()
    quantity_per_top_item = fields.QuantityField()
    able_to_make_parent = fields.QuantityField()
    able_to_make_top_item = fields.QuantityField()
    available = fields.QuantityField()
    needed_by_date = fields.DateField()
    bottleneck = fields.FlagField()


class AbleToMakeOut(serializers.Serializer):  # type: ignore[type-arg]
    """The tree, depth first."""

    nodes = NodeOut(many=True)


class PromisePartOut(serializers.Serializer[Part]):
    """A part of the quantity and when it can leave."""

    quantity = fields.QuantityField()
    earliest_date = fields.DateField(allow_null=True)


class AlternativeOut(serializers.Serializer[Alternative]):
    """A way to be earlier: `type` is `split` (with `parts`), `location`, or `substitute` (which for which)."""

    type = fields.ChoiceField(choices=["split", "location", "substitute"], source="kind")
    earliest_date = fields.DateField()
    parts = PromisePartOut(many=True)
    location = fields.CodeField(allow_null=True)
    component = fields.CodeField(source="component.item_id", default=None, allow_null=True)
    substitute = fields.CodeField(source="substitute.item_id", default=None, allow_null=True)
    substitute_variant = fields.CodeField(source="substitute.variant_code", default=None, allow_null=True)


class PromiseOut(serializers.Serializer[Promise]):
    """When the quantity can leave, and why not earlier. Quantities are in the item's base unit."""

    quantity = fields.QuantityField()
    location = fields.CodeField()
    earliest_date = fields.DateField(allow_null=True)
    from_inventory = fields.QuantityField()
    to_assemble = fields.QuantityField()
    bottleneck = fields.CodeField(source="bottleneck.item_id", default=None, allow_null=True)
    bottleneck_date = fields.DateField(allow_null=True)
    reason = serializers.SerializerMethodField()
    alternatives = AlternativeOut(many=True)

    def get_reason(self, found: Promise) -> str:
        """Why, in words."""
        return reason(found)


class PromiseView(ItemQuestionView):
    """When a quantity of the item can leave."""

    known = ("quantity", "location", "variant")

    @extend_schema(parameters=[_QUANTITY, LOCATION, VARIANT], responses=PromiseOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with the promise. Without a location it leaves from the default location."""
        _ = request, no
        quantity = parameters.positive_quantity(self.params, "quantity")
        item, location, setup = self.item_no(), self.location(), current_setup()
        variant = parameters.parameter(self.params, "variant") or ""
        location = location or setup.default_location_id
        if location is None:
            raise Required(field="location")
        found = promise(item=ItemKey(item, variant), location=location, quantity=quantity, setup=setup)
        return Response(PromiseOut(found).data)


class AbleToMakeView(ItemQuestionView):
    """How many of the item its components allow by a date."""

    known = ("location", "date")

    @extend_schema(parameters=[LOCATION, DATE], responses=AbleToMakeOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with the tree: what each level allows, and what stands in the way. Without a date: today."""
        _ = request, no
        date = parameters.day(self.params, "date")
        item, location = self.item_no(), self.location()
        setup, graph = current_setup(), load_bom_graph([item])
        outlooks = load_items(graph.articles, location=location)
        top = able_to_make(
            graph,
            item,
            date=date or setup.today,
            default_safety_days=setup.default_safety_lead_time_days,
            available_until=lambda key, until: outlooks.get(key, Outlook()).figures(until).available,
        )
        return Response(AbleToMakeOut({"nodes": list(top.walk())}).data)
