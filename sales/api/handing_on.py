"""Make one sales document out of another: `…/make-order/` and `…/copy/`."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api import fields
from backoffice.api.serializers import NothingIn, StrictSerializer
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right
from sales import availability, reading
from sales.api.serializers import BlanketSalesOrderOut, SalesDocumentOut, SalesQuoteOut
from sales.models import SalesDocument, SalesDocumentType
from sales.services import handing_on


class MadeOrderOut(serializers.Serializer[Any]):
    """The order that was made."""

    sales_order = fields.CodeField()


class CalledLineIn(StrictSerializer):
    """How much of a blanket line to call off, in its unit."""

    line_no = fields.WholeNumberField(min_value=1)
    quantity = fields.QuantityField()


class CallOffIn(StrictSerializer):
    """What to call off; every line's quantity to ship unless lines are given."""

    lines = CalledLineIn(many=True, required=False)


class CopyIn(StrictSerializer):
    """What the copy is to be."""

    to = fields.ChoiceField(choices=SalesDocumentType.choices)
    recalculate_lines = fields.FlagField(required=False, default=False)


class CopiesDocuments(ResourceViewSet):
    """Mix into the views of all three kinds: `POST …/copy/`."""

    document_type: ClassVar[SalesDocumentType]

    @extend_schema(request=CopyIn, responses={201: SalesDocumentOut})
    @action(detail=True, methods=["post"], input_class=CopyIn)
    def copy(self, request: Request, no: str) -> Response:
        """Copy the document with its lines and their customised assembly; answer with the new one."""
        values = self.values()
        made = handing_on.copy_document(
            document_type=self.document_type,
            no=self.key,
            to=SalesDocumentType(values["to"]),
            recalculate_lines=values["recalculate_lines"],
            expected_rev=self.expected_rev,
        )
        return self._show_made(made)

    def _show_made(self, made: SalesDocument) -> Response:
        kind = SalesDocumentType(made.document_type)
        found = reading.with_lines(reading.shown_documents(kind)).get(pk=made.pk)
        return Response(
            _SHOWN_AS[kind](found, context=self.get_serializer_context()).data,
            status=status.HTTP_201_CREATED,
            headers={"ETag": f'"{found.rev}"'},
        )


class MakesOrders(ResourceViewSet):
    """Mix into the view of quotes: `POST …/make-order/`."""

    @extend_schema(request=NothingIn, responses=MadeOrderOut)
    @action(detail=True, methods=["post"], url_path="make-order", input_class=NothingIn)
    def make_order(self, request: Request, no: str) -> Response:
        """Make an order of the quote, which is closed by it."""
        self.values()
        order = handing_on.make_order_of_quote(no=self.key, expected_rev=self.expected_rev)
        return _made_order(order)


class CallsOff(ResourceViewSet):
    """Mix into the view of blanket orders: `POST …/make-order/`."""

    @extend_schema(request=CallOffIn, responses=MadeOrderOut)
    @action(detail=True, methods=["post"], url_path="make-order", input_class=CallOffIn)
    def make_order(self, request: Request, no: str) -> Response:
        """Make an order of lines of the blanket order, as far as the agreement goes."""
        rows = self.values().get("lines")
        called = None if rows is None else {row["line_no"]: row["quantity"] for row in rows}
        order = handing_on.call_off(no=self.key, called=called, expected_rev=self.expected_rev)
        return _made_order(order)


def _made_order(order: SalesDocument) -> Response:
    """Answer with the order's number, and with the warnings that its lines deserve (BLK-10, BLK-12)."""
    lines = list(reading.shown_lines().filter(document=order.pk))
    availability.attach(order, lines)
    body = dict(MadeOrderOut({"sales_order": order.no}).data)
    if notices := availability.notices(lines):
        body["warnings"] = [notice.as_json() for notice in notices]
    return Response(body)


_SHOWN_AS: dict[SalesDocumentType, type[SalesDocumentOut]] = {
    SalesDocumentType.ORDER: SalesDocumentOut,
    SalesDocumentType.QUOTE: SalesQuoteOut,
    SalesDocumentType.BLANKET_ORDER: BlanketSalesOrderOut,
}
#: The rights that the mixins add to those of a document.
RIGHTS: dict[str, Right] = {"copy": Right.ENTER_SALES, "make_order": Right.ENTER_SALES}
