"""Sales quotes, blanket sales orders and sales orders, and their lines: three addresses for one shape."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.filters import Filter, Kind
from backoffice.api.serializers import NothingIn, StrictSerializer
from backoffice.api.views import EditableViewSet
from backoffice.rights import Right
from sales import availability, reading
from sales.api.availability import ShowsAvailability, ShowsLineAvailability
from sales.api.handing_on import RIGHTS as HANDING_ON_RIGHTS
from sales.api.handing_on import CallsOff, CopiesDocuments, MakesOrders
from sales.api.posting import PostsSalesOrders
from sales.api.serializers import (
    BlanketSalesLineIn,
    BlanketSalesLineOut,
    BlanketSalesOrderIn,
    BlanketSalesOrderOut,
    ReserveIn,
    SalesDocumentChangeIn,
    SalesDocumentIn,
    SalesDocumentOut,
    SalesLineIn,
    SalesLineOut,
    SalesQuoteChangeIn,
    SalesQuoteIn,
    SalesQuoteOut,
)
from sales.models import SalesDocument, SalesDocumentType
from sales.services import documents, explode, lines, release, reserving


@extend_schema_view(partial_update=extend_schema(request=SalesDocumentChangeIn))
class SalesDocumentViewSet(ShowsLineAvailability, CopiesDocuments, EditableViewSet):
    """What the three kinds share. A subclass says which kind it is."""

    tells_impact = True
    document_type: ClassVar[SalesDocumentType]
    rights: ClassVar = {
        "read": Right.VIEW_SALES,
        "write": Right.ENTER_SALES,
        "release": Right.RELEASE_SALES,
        "reopen": Right.REOPEN_SALES,
        **HANDING_ON_RIGHTS,
    }
    serializer_class = SalesDocumentOut
    input_class = SalesDocumentIn
    change_class: ClassVar[type[StrictSerializer]] = SalesDocumentChangeIn
    nested = ("lines",)
    filters: ClassVar = {
        "no": "no",
        "customer": "customer_id",
        "status": "status",
        "order_date": "order_date",
        "posting_date": "posting_date",
        "shipment_date": "shipment_date",
        "requested_delivery_date": "requested_delivery_date",
        "promised_delivery_date": "promised_delivery_date",
        "location": "location_id",
        "external_document_no": "external_document_no",
        "shipping_advice": "shipping_advice",
        "quote_no": "quote_no",
        "created_at": "created_at",
        "modified_at": "modified_at",
        "item": Filter(kind=Kind.TEXT, apply=reading.having_item),
    }
    filter_defaults: ClassVar = {"status": "open,released"}
    search = ("no", "customer__no", "customer__name", "external_document_no")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[SalesDocument]:
        """Return the documents of the kind, with their lines where the answer shows them."""
        shown = reading.shown_documents(self.document_type)
        return reading.with_lines(shown) if self.shows("lines") else shown

    def values(self, *, partial: bool = False, input_class: type[StrictSerializer] | None = None) -> dict[str, Any]:
        """Return the parsed values; what changes a document does not carry its lines."""
        return super().values(partial=partial, input_class=self.change_class if partial else input_class)

    def create_one(self, values: dict[str, Any]) -> str:
        """Enter a document with its lines."""
        entries = values.pop("lines", [])
        return documents.create_sales_document(document_type=self.document_type, values=values, lines=entries).no

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change header fields."""
        documents.edit_sales_document(
            document_type=self.document_type, no=key, values=values, expected_rev=self.expected_rev
        )

    def delete_one(self, key: str) -> None:
        """Delete a document with its lines and their assembly."""
        documents.delete_sales_document(document_type=self.document_type, no=key, expected_rev=self.expected_rev)

    @action(detail=True, methods=["post"], input_class=NothingIn)
    def release(self, request: Request, no: str) -> Response:
        """Release the document and its assembly documents."""
        self.values()
        release.release(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()

    @action(detail=True, methods=["post"], input_class=NothingIn)
    def reopen(self, request: Request, no: str) -> Response:
        """Open the document again."""
        self.values()
        release.reopen(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()


class SalesOrderViewSet(PostsSalesOrders, SalesDocumentViewSet):
    """Sales orders."""

    document_type = SalesDocumentType.ORDER


@extend_schema_view(partial_update=extend_schema(request=SalesQuoteChangeIn))
class SalesQuoteViewSet(MakesOrders, SalesDocumentViewSet):
    """Sales quotes."""

    document_type = SalesDocumentType.QUOTE
    serializer_class = SalesQuoteOut
    input_class = SalesQuoteIn
    change_class = SalesQuoteChangeIn
    filters: ClassVar = {**SalesDocumentViewSet.filters, "expiration_date": "expiration_date"}


class BlanketSalesOrderViewSet(CallsOff, SalesDocumentViewSet):
    """Blanket sales orders."""

    document_type = SalesDocumentType.BLANKET_ORDER
    serializer_class = BlanketSalesOrderOut
    input_class = BlanketSalesOrderIn


class SalesLineViewSet(ShowsAvailability):
    """The lines of the three kinds. A subclass says whose they are."""

    tells_impact = True
    document_type: ClassVar[SalesDocumentType]
    rights: ClassVar = {"read": Right.VIEW_SALES, "write": Right.ENTER_SALES, "explode_bom": Right.ENTER_SALES}
    serializer_class = SalesLineOut
    input_class = SalesLineIn
    filters: ClassVar = {
        "line_no": "line_no",
        "type": "type",
        "item": "item_id",
        "resource": "resource_id",
        "location": "location_id",
        "shipment_date": "shipment_date",
    }

    def get_documents(self) -> QuerySet[SalesDocument]:
        """Return the documents of the kind."""
        return SalesDocument.objects.filter(document_type=self.document_type)

    def get_lines(self, document: SalesDocument) -> QuerySet[reading.ShownLine]:
        """Return the lines of one document."""
        return reading.shown_lines().filter(document=document.pk)

    def create_one(self, values: dict[str, Any]) -> int:
        """Enter a line; what is assembled to order has its assembly document at once."""
        entered = lines.add_lines(
            document_type=self.document_type,
            no=self.document_key,
            lines=[values],
            expected_rev=self.expected_rev,
        )
        return entered[0].line_no

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a line; its assembly document follows."""
        lines.edit_lines(
            document_type=self.document_type,
            no=self.document_key,
            changes={self.line_no: values},
            expected_rev=self.expected_rev,
        )

    def delete_one(self, key: str) -> None:
        """Delete a line with its assembly document and reservations."""
        lines.delete_lines(
            document_type=self.document_type,
            no=self.document_key,
            line_nos=[self.line_no],
            expected_rev=self.expected_rev,
        )

    @action(detail=True, methods=["post"], url_path="explode-bom", input_class=NothingIn)
    def explode_bom(self, request: Request, no: str, line_no: str) -> Response:
        """Put the item's components in its place; answer with all lines of the document."""
        self.values()
        explode.explode_bom(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
        )
        shown = list(self.get_queryset())
        availability.attach(self.document, shown)
        rows = self.get_serializer(shown, many=True).data
        return Response({"results": rows, "next": None}, headers={"ETag": self.tag_of(None) or ""})


class SalesOrderLineViewSet(SalesLineViewSet):
    """The lines of sales orders."""

    document_type = SalesDocumentType.ORDER
    rights: ClassVar = {**SalesLineViewSet.rights, "reserve": Right.RESERVE}

    @action(detail=True, methods=["post"], input_class=ReserveIn)
    def reserve(self, request: Request, no: str, line_no: str) -> Response:
        """Reserve what there is for the line, or a quantity of it in the line's unit, first from stock."""
        reserving.reserve_line(
            no=self.document_key,
            line_no=self.line_no,
            quantity=self.values().get("quantity"),
            expected_rev=self.expected_rev,
        )
        return self.show_again()


class SalesQuoteLineViewSet(SalesLineViewSet):
    """The lines of sales quotes."""

    document_type = SalesDocumentType.QUOTE


class BlanketSalesOrderLineViewSet(SalesLineViewSet):
    """The lines of blanket sales orders."""

    document_type = SalesDocumentType.BLANKET_ORDER
    serializer_class = BlanketSalesLineOut
    input_class = BlanketSalesLineIn
