"""Roll a sales line's price or cost up from its assembly: `/sales-orders/{no}/lines/{line_no}/roll-up-price/` etc."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from assembly.services import roll_up
from backoffice.api.serializers import NothingIn
from backoffice.rights import Right
from sales.api.documents import (
    BlanketSalesOrderLineViewSet,
    SalesLineViewSet,
    SalesOrderLineViewSet,
    SalesQuoteLineViewSet,
)


class _RollUp(SalesLineViewSet):
    """The two acts; both answer with the line."""

    rights: ClassVar = {
        **SalesLineViewSet.rights,
        "roll_up_price": Right.ENTER_SALES,
        "roll_up_cost": Right.ENTER_SALES,
    }

    def roll_up_price(self, request: Request, no: str, line_no: int) -> Response:
        """Price the line by the prices of what it is assembled of."""
        self.values(input_class=NothingIn)
        roll_up.roll_up_price(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
        )
        return self.show_again()

    def roll_up_cost(self, request: Request, no: str, line_no: int) -> Response:
        """Cost the line by the cost of what it is assembled of."""
        self.values(input_class=NothingIn)
        roll_up.roll_up_cost(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
        )
        return self.show_again()


class SalesOrderRollUpView(_RollUp, SalesOrderLineViewSet):
    """For sales orders."""

    rights: ClassVar = {**SalesOrderLineViewSet.rights, **_RollUp.rights}


class SalesQuoteRollUpView(_RollUp, SalesQuoteLineViewSet):
    """For sales quotes."""

    rights: ClassVar = {**SalesQuoteLineViewSet.rights, **_RollUp.rights}


class BlanketSalesOrderRollUpView(_RollUp, BlanketSalesOrderLineViewSet):
    """For blanket sales orders."""

    rights: ClassVar = {**BlanketSalesOrderLineViewSet.rights, **_RollUp.rights}
