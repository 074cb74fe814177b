"""Purchase orders and their lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.views import EditableViewSet, LineViewSet
from backoffice.rights import Right
from inventory import querysets
from inventory.api.serializers.stock import (
    PurchaseHeaderIn,
    PurchaseLineIn,
    PurchaseLineOut,
    PurchaseOrderIn,
    PurchaseOrderOut,
    ReceiptIn,
)
from inventory.models import PurchaseLine, PurchaseOrder
from inventory.services import purchasing
from inventory.services.receiving import receive_purchase_order


class PurchaseOrderViewSet(EditableViewSet):
    """What vendors have been asked to deliver."""

    rights: ClassVar = {
        "read": Right.VIEW_PURCHASES,
        "write": Right.PURCHASE,
        "receive": Right.PURCHASE,
    }
    serializer_class = PurchaseOrderOut
    input_class = PurchaseOrderIn
    nested = ("lines",)
    filters: ClassVar = {
        "no": "no",
        "vendor_name": "vendor_name",
        "order_date": "order_date",
        "status": "status",
    }
    orderings: ClassVar = {"created_at": "created_at", "modified_at": "modified_at"}
    search = ("no", "vendor_name")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        """Return the orders, with their lines where they are shown."""
        return querysets.purchase_orders_with_lines() if self.shows("lines") else PurchaseOrder.objects.all()

    def create_one(self, values: dict[str, Any]) -> PurchaseOrder:
        """Create an order."""
        return purchasing.create_purchase_order(values)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the header and answer with the order."""
        values = self.values(partial=True, input_class=PurchaseHeaderIn)
        purchasing.change_purchase_order(self.key, values, expected_rev=self.expected_rev)
        return self.show_again()

    def delete_one(self, key: str) -> None:
        """Delete an order of which nothing has arrived."""
        purchasing.delete_purchase_order(key, expected_rev=self.expected_rev)

    @extend_schema(request=ReceiptIn, responses=PurchaseOrderOut)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, no: str) -> Response:
        """Post what has arrived and answer with the order and the number of the receipt."""
        _ = request, no
        values = self.values(input_class=ReceiptIn)
        receipt_no = receive_purchase_order(self.key, values, expected_rev=self.expected_rev)
        response = self.show_again()
        response.data["purchase_receipt"] = receipt_no
        return response


class PurchaseLineViewSet(LineViewSet):
    """The lines of a purchase order."""

    rights: ClassVar = {"read": Right.VIEW_PURCHASES, "write": Right.PURCHASE}
    serializer_class = PurchaseLineOut
    input_class = PurchaseLineIn
    filters: ClassVar = {
        "line_no": "line_no",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "expected_receipt_date": "expected_receipt_date",
    }

    def get_documents(self) -> QuerySet[PurchaseOrder]:
        """Return the orders."""
        return PurchaseOrder.objects.all()

    def get_lines(self, document: PurchaseOrder) -> QuerySet[PurchaseLine]:
        """Return the lines of one."""
        return querysets.purchase_lines().filter(order=document)

    def create_one(self, values: dict[str, Any]) -> PurchaseLine:
        """Add a line."""
        return purchasing.add_purchase_line(self.document_key, values, expected_rev=self.expected_rev)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a line."""
        purchasing.change_purchase_line(self.document_key, self.line_no, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a line."""
        purchasing.delete_purchase_line(self.document_key, self.line_no, expected_rev=self.expected_rev)
