"""Questions about an item that its bill of materials answers: `/items/{no}/able-to-make/`, `/items/{no}/promise/`."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.able_to_make import Node, able_to_make
from backoffice.api import fields, parameters
from inventory.api.views.availability import DATE, LOCATION, ItemQuestionView
from inventory.availability.outlook import Outlook
from inventory.availability.reading import load_items
from inventory.bom_graph import load_bom_graph
from inventory.lookups import current_setup


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
