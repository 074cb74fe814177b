"""Posted assembly orders, read only; those to stock can be undone."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assembly import posted_reading as reading
from assembly.models import AssemblyLineType, PostedAssembly, PostedAssemblyLine
from assembly.services.undo import undo_posted_assembly
from backoffice.api import fields
from backoffice.api.costs import HidesCosts
from backoffice.api.filters import Filter, Kind
from backoffice.api.serializers import StrictSerializer
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right, has_right
from inventory.models import ResourceUsage


class PostedAssemblyLineOut(HidesCosts, serializers.Serializer[PostedAssemblyLine]):
    """What was used of a component or resource; texts and what was left untouched are kept too."""

    cost_fields = frozenset({"unit_cost", "cost_amount"})

    line_no = fields.WholeNumberField()
    type = fields.ChoiceField(choices=AssemblyLineType.choices)
    no = fields.CodeField()
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id", allow_null=True)
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id", allow_null=True)
    quantity_per = fields.QuantityField()
    quantity = fields.QuantityField()
    resource_usage_type = fields.ChoiceField(choices=ResourceUsage.choices)
    position = fields.TextField()
    unit_cost = fields.UnitAmountField()
    cost_amount = fields.AmountField()


class PostedAssemblyOut(HidesCosts, serializers.Serializer[PostedAssembly]):
    """A document as `assembly.posted_reading` reads it. `cost_amount`: what the output cost, corrections included."""

    cost_fields = frozenset({"cost_amount"})

    no = fields.CodeField()
    order_no = fields.CodeField()
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id")
    bin = fields.CodeField(source="bin_code")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id")
    quantity = fields.QuantityField()
    posting_date = fields.DateField()
    due_date = fields.DateField()
    starting_date = fields.DateField()
    ending_date = fields.DateField()
    reversed = fields.FlagField()
    assemble_to_order = fields.FlagField()
    sales_shipment = fields.CodeField(source="sales_shipment_no", allow_null=True)
    cost_amount = fields.AmountField()
    note = fields.TextField()
    created_at = fields.InstantField()
    lines = PostedAssemblyLineOut(many=True)


class UndoPostedAssemblyIn(StrictSerializer):
    """Whether a finished order comes back, to be assembled again."""

    recreate = fields.FlagField(required=False, default=False)


class PostedAssemblyViewSet(ResourceViewSet):
    """What has been assembled."""

    rights: ClassVar = {"read": Right.VIEW_ASSEMBLY, "undo": Right.UNDO}
    serializer_class = PostedAssemblyOut
    nested = ("lines",)
    filters: ClassVar = {
        "no": "no",
        "order_no": "order_no",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "posting_date": "posting_date",
        "quantity": "quantity",
        "reversed": "reversed",
        "assemble_to_order": "assemble_to_order",
        "created_at": "created_at",
        "sales_shipment": Filter("posted_link__shipment_line__shipment__no", kind=Kind.TEXT),
        "component": Filter(kind=Kind.TEXT, apply=reading.having_component),
    }
    search = ("no", "order_no", "item__no", "description")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[reading.ShownPostedAssembly]:
        """Return all of them, with cost and lines where the answer shows them."""
        sees_costs = has_right(self.request.user, Right.SEE_COSTS) and self.shows("cost_amount")
        shown = reading.shown_posted_assemblies(cost=sees_costs)
        return reading.with_lines(shown) if self.shows("lines") else shown

    @action(detail=True, methods=["post"], input_class=UndoPostedAssemblyIn)
    def undo(self, request: Request, no: str) -> Response:
        """Take the posting back, whole; answer with the document."""
        undo_posted_assembly(no=self.key, **self.values())
        return self.show_again()
