"""What an order could make over all levels below its own lines: `/assembly-orders/{no}/able-to-make/`."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assembly.api.questions import NodeOut
from assembly.order_tree import order_tree
from backoffice.api import fields
from backoffice.api.views import ResourceViewSet


class OrderNodeOut(NodeOut):
    """A row of the tree: the order itself at level 0, its own lines at level 1, bills of materials below."""

    line_no = fields.WholeNumberField(allow_null=True)
    location = fields.CodeField()


class OrderTreeOut(serializers.Serializer):  # type: ignore[type-arg]
    """How many the components allow, in the order's unit, and the tree, depth first."""

    able_to_make = fields.QuantityField()
    remaining_quantity = fields.QuantityField()
    nodes = OrderNodeOut(many=True)


class ShowsOrderTree(ResourceViewSet):
    """Mix into the view of assembly orders."""

    @extend_schema(responses=OrderTreeOut)
    @action(detail=True, methods=["get"], url_path="able-to-make")
    def able_to_make(self, request: Request, no: str) -> Response:
        """Answer with the tree below the order's own lines; what it asks for itself is there for it."""
        _ = request, no
        document = self.get_object()
        top = order_tree(document)
        answer = {
            "able_to_make": top.able_to_make_top_item,
            "remaining_quantity": document.remaining_quantity,
            "nodes": list(top.walk()),
        }
        return Response(OrderTreeOut(answer).data)
