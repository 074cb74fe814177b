"""Posting sales orders: ship, invoice, or both; and the same as a preview."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api import fields
from backoffice.api.edge import PREVIEW
from backoffice.api.serializers import StrictSerializer
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right
from inventory.api.preview import PostingPreviewOut, preview_of
from sales.services.posting import post_sales_order


class PostSalesOrderIn(StrictSerializer):
    """What to post, and on which day: the order's posting date unless given."""

    ship = fields.FlagField(required=False, default=False)
    invoice = fields.FlagField(required=False, default=False)
    posting_date = fields.DateField(required=False)


class PostedSalesOut(serializers.Serializer[Any]):
    """The numbers of what was posted; null where there is none."""

    shipment = fields.CodeField(allow_null=True)
    invoice = fields.CodeField(allow_null=True)
    posted_assembly_orders = serializers.ListField(child=fields.CodeField())


class PostsSalesOrders(ResourceViewSet):
    """Mix into the view of sales orders: `POST …/post/`, with `?preview=true` undone again."""

    previewable: ClassVar[frozenset[str]] = frozenset({"post_order"})

    def right_needed(self) -> Right | None:
        """Return the right that the request needs; whoever may not post may still be allowed to look."""
        if self.action_name() != "post_order":
            return super().right_needed()
        return Right.PREVIEW_POSTING if self.is_preview else Right.POST_SALES

    @extend_schema(
        parameters=[OpenApiParameter(PREVIEW, bool, description="Answer with the entries, and post nothing.")],
        responses=PolymorphicProxySerializer(
            component_name="PostedSalesOrPreview",
            serializers=[PostedSalesOut, PostingPreviewOut],
            resource_type_field_name=None,
        ),
    )
    @action(detail=True, methods=["post"], url_path="post", input_class=PostSalesOrderIn)
    def post_order(self, request: Request, no: str) -> Response:
        """Ship and invoice what the lines say; what is assembled to order is assembled with it."""
        posted = post_sales_order(no=self.key, expected_rev=self.expected_rev, **self.values())
        if self.is_preview:
            return Response(
                preview_of(
                    posted.entries,
                    adjustments=posted.adjustments,
                    assemblies=posted.posted_assembly_orders,
                    context=self.get_serializer_context(),
                )
            )
        return Response(
            {
                "shipment": posted.shipment.no if posted.shipment else None,
                "invoice": posted.invoice.no if posted.invoice else None,
                "posted_assembly_orders": posted.posted_assembly_orders,
            }
        )
