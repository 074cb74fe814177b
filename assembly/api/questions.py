"""Questions about an item that its bill of materials answers: `/items/{no}/able-to-make/`, `/items/{no}/promise/`.

And `/items/{no}/assembly-availability/`, for lines that are not stored yet.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.able_to_make import Node, able_to_make
from assembly.api.availability import component_figures, figures_in
from assembly.api.figures import ComponentFiguresOut, FiguresOut
from assembly.asked_availability import AskedAvailability, asked_availability
from assembly.promise import Alternative, Part, Promise, promise, reason
from backoffice.api import fields, parameters
from backoffice.decimals import plain
from backoffice.exceptions import Required
from inventory.api.views.availability import DATE, LOCATION, VARIANT, ItemQuestionView
from inventory.availability.outlook import Outlook
from inventory.availability.reading import load_items
from inventory.bom_graph import ItemKey, load_bom_graph
from inventory.lookups import current_setup

_QUANTITY = OpenApiParameter("quantity", str, required=True, description="In the base unit, above zero.")
_QUANTITY_IN_UNIT = OpenApiParameter("quantity", str, required=True, description="In the unit of measure, above zero.")
_UNIT = OpenApiParameter("unit_of_measure", str, description="One of the item's; its base unit without it.")


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


class AskedAvailabilityOut(FiguresOut):
    """What an assembly order for the quantity would find, in the unit that was asked in (AVL-11 to AVL-15)."""

    quantity = fields.QuantityField()
    unit_of_measure = fields.CodeField()
    location = fields.CodeField()
    due_date = fields.DateField()
    expected_available_inventory = fields.QuantityField()
    lines = ComponentFiguresOut(many=True)


class AssemblyAvailabilityView(ItemQuestionView):
    """What there would be for a quantity of the item that no document asks for yet. Nothing is stored or reserved."""

    known = ("quantity", "location", "variant", "unit_of_measure", "date")

    @extend_schema(parameters=[_QUANTITY_IN_UNIT, LOCATION, VARIANT, _UNIT, DATE], responses=AskedAvailabilityOut)
    def get(self, request: Request, no: str) -> Response:
        """Answer with the figures. Without a location the default one counts, without a date today."""
        _ = request, no
        asked = asked_availability(
            {
                "item": self.item_no(),
                "quantity": parameters.positive_quantity(self.params, "quantity"),
                "variant": parameters.parameter(self.params, "variant"),
                "location": self.location(),
                "unit_of_measure": parameters.parameter(self.params, "unit_of_measure"),
                "due_date": parameters.day(self.params, "date"),
            }
        )
        return Response(_asked(asked))


def _asked(asked: AskedAvailability) -> dict[str, Any]:
    document, ability, unit = asked.document, asked.ability, asked.in_unit
    return {
        "quantity": plain(document.quantity),
        "unit_of_measure": document.unit_of_measure_id,
        "location": document.location_id,
        "due_date": document.due_date,
        "able_to_assemble": plain(ability.able_to_assemble),
        "earliest_date": ability.earliest_date,
        **figures_in(unit, asked.figures),
        "expected_available_inventory": plain(unit(asked.figures.available)),
        "lines": [
            {
                **component_figures(asked.components[able.need.line_no], able),
                "bottleneck": ability.is_bottleneck(able),
            }
            for able in ability.lines
        ],
    }


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
