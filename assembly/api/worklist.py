"""What the assembly department works from: `/assembly-worklist/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assembly import worklist
from assembly.worklist import TO_DO, WorkState
from backoffice.api import fields
from backoffice.api.filters import Filter, Kind
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right

_SALES_DOCUMENT = {
    "type": ["object", "null"],
    "required": ["type", "no", "line_no"],
    "properties": {"type": {"type": "string"}, "no": {"type": "string"}, "line_no": {"type": "integer"}},
}


class MissingComponentOut(serializers.Serializer):  # type: ignore[type-arg]
    """What lacks in stock, in the line's unit."""

    line_no = fields.WholeNumberField()
    no = fields.CodeField(source="item")
    variant = fields.CodeField()
    missing_quantity = fields.QuantityField()
    expected_date = fields.DateField(allow_null=True)


class AmendmentOut(serializers.Serializer[worklist.Amendment]):
    """Why it was changed after it had been released."""

    reason = fields.TextField()
    by = fields.TextField()
    at = fields.InstantField()


class WorkOrderOut(serializers.Serializer):  # type: ignore[type-arg]
    """An order to work on."""

    no = fields.CodeField()
    item = fields.CodeField(source="item_id")
    variant = fields.CodeField(source="variant_code")
    description = fields.TextField()
    location = fields.CodeField(source="location_id")
    unit_of_measure = fields.CodeField(source="unit_of_measure_id")
    quantity = fields.QuantityField()
    remaining_quantity = fields.QuantityField()
    starting_date = fields.DateField()
    due_date = fields.DateField()
    state = serializers.SerializerMethodField()
    customer = fields.CodeField(source="customer_no", allow_null=True)
    customer_name = fields.TextField(allow_null=True)
    sales_document = serializers.SerializerMethodField()
    missing_components = MissingComponentOut(many=True)
    amendment = serializers.SerializerMethodField()

    @extend_schema_field(AmendmentOut(allow_null=True))
    def get_amendment(self, order: worklist.WorkOrder) -> dict[str, Any] | None:
        """The last amendment of the sales order that changed it; null where none did."""
        told = worklist.amendment_of(order)
        return None if told is None else dict(AmendmentOut(told).data)

    @extend_schema_field({"type": "string", "enum": list(WorkState.values)})
    def get_state(self, order: worklist.WorkOrder) -> str:
        """How far it is."""
        return worklist.state_of(order).value

    @extend_schema_field(_SALES_DOCUMENT)
    def get_sales_document(self, order: worklist.WorkOrder) -> dict[str, Any] | None:
        """The sales line that it is made for."""
        if order.sales_no is None:
            return None
        return {"type": order.sales_type, "no": order.sales_no, "line_no": order.sales_line_no}


def _not_before(orders: QuerySet[Any], date: Any) -> QuerySet[Any]:
    return orders.filter(starting_date__gte=date)


def _not_after(orders: QuerySet[Any], date: Any) -> QuerySet[Any]:
    return orders.filter(starting_date__lte=date)


class WorklistViewSet(ResourceViewSet):
    """Released assembly orders in the order in which to start them; `from` and `to` bound the starting date.

    Without a state: all that is to do.
    """

    rights: ClassVar = {"read": Right.VIEW_ASSEMBLY}
    serializer_class = WorkOrderOut
    filters: ClassVar = {
        "location": "location_id",
        "item": "item_id",
        "resource": Filter(kind=Kind.TEXT, apply=worklist.using_resource),
        "from": Filter(kind=Kind.DATE, apply=_not_before),
        "to": Filter(kind=Kind.DATE, apply=_not_after),
        "state": Filter(kind=Kind.CHOICE, choices=frozenset({TO_DO, *WorkState.values}), apply=worklist.in_state),
    }
    filter_defaults: ClassVar = {"state": TO_DO}
    orderings: ClassVar = {"starting_date": "starting_date", "due_date": "due_date", "no": "no"}
    default_ordering = ("starting_date", "due_date")

    def get_queryset(self) -> QuerySet[worklist.WorkOrder]:
        """Return the released orders."""
        return worklist.worklist()

    def paginate_queryset(self, queryset: QuerySet[Any, Any] | Any) -> Any:
        """Return the page with what is missing."""
        page = super().paginate_queryset(queryset)
        if page and self.shows("missing_components"):
            worklist.attach_missing(page)
        return page
