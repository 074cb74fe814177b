"""Items, their bills of materials and substitutes, and where they are used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.views import EditableViewSet, LineViewSet, ResourceViewSet
from backoffice.rights import Right, has_right
from inventory import querysets
from inventory.api.serializers.items import (
    ITEM_COSTS,
    BomLineIn,
    BomLineOut,
    ItemIn,
    ItemOut,
    SubstituteIn,
    SubstituteOut,
    WhereUsedOut,
)
from inventory.models import BomLine, Item, ItemSubstitute, PlannedMovement
from inventory.services import boms, items, substitutes


class ItemViewSet(EditableViewSet):
    """What is bought, assembled, kept and sold."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_ITEMS}
    serializer_class = ItemOut
    input_class = ItemIn
    nested = ("units_of_measure", "variants")
    filters: ClassVar = {
        "no": "no",
        "description": "description",
        "type": "type",
        "base_unit_of_measure": "base_unit_of_measure_id",
        "replenishment_system": "replenishment_system",
        "assembly_policy": "assembly_policy",
        "reordering_policy": "reordering_policy",
        "costing_method": "costing_method",
        "item_tracking": "item_tracking",
        "reserve": "reserve",
        "unit_price": "unit_price",
        "blocked": "blocked",
        "sales_blocked": "sales_blocked",
    }
    orderings: ClassVar = {"created_at": "created_at", "modified_at": "modified_at"}
    search = ("no", "description")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[Item]:
        """Return the items with the lists that are shown."""
        shown = [
            path for name, path in {"units_of_measure": "units", "variants": "variants"}.items() if self.shows(name)
        ]
        return querysets.items().prefetch_related(*shown)

    def shows(self, name: str) -> bool:
        """Hide costs from those who may not see them."""
        if name in ITEM_COSTS and not has_right(self.request.user, Right.SEE_COSTS):
            return False
        return super().shows(name)

    def create_one(self, values: dict[str, Any]) -> Item:
        """Create an item."""
        return items.create_item(values)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change an item."""
        items.change_item(key, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete an item."""
        items.delete_item(key, expected_rev=self.expected_rev)

    @extend_schema(responses=WhereUsedOut)
    @action(detail=True, methods=["get"], url_path="where-used")
    def where_used(self, request: Request, no: str) -> Response:
        """Answer with the bills of materials and the open documents that use the item."""
        _ = request, no
        item = self.get_object()
        used = {
            "boms": BomLine.objects.filter(item=item).select_related("parent").order_by("parent", "line_no"),
            "documents": PlannedMovement.objects.filter(item=item).order_by("due_date", "pk"),
        }
        return Response(WhereUsedOut(used).data)


class BomViewSet(LineViewSet):
    """The bill of materials of an item: read and written as a whole list, or line by line."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_BOM, "replace": Right.EDIT_BOM}
    serializer_class = BomLineOut
    input_class = BomLineIn

    def get_documents(self) -> QuerySet[Item]:
        """Return the items."""
        return Item.objects.all()

    def get_lines(self, document: Item) -> QuerySet[BomLine]:
        """Return the lines of one."""
        return BomLine.objects.filter(parent=document).order_by("line_no")

    @extend_schema(responses=BomLineOut(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the whole list."""
        lines = self.get_serializer(self.get_queryset(), many=True).data
        return Response(lines, headers={"ETag": self.tag_of(None) or ""})

    @extend_schema(request=BomLineIn(many=True), responses=BomLineOut(many=True))
    def replace(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the body the whole bill of materials."""
        boms.replace_bom(self.document_key, self.list_of_values(), expected_rev=self.expected_rev)
        return self.list(request)

    def create_one(self, values: dict[str, Any]) -> BomLine:
        """Add a line."""
        return boms.add_bom_line(self.document_key, values, expected_rev=self.expected_rev)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a line."""
        boms.change_bom_line(self.document_key, self.line_no, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a line."""
        boms.delete_bom_line(self.document_key, self.line_no, expected_rev=self.expected_rev)


class SubstituteViewSet(ResourceViewSet):
    """The substitutes of an item: a whole list."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "replace": Right.EDIT_BOM}
    serializer_class = SubstituteOut
    input_class = SubstituteIn
    pagination_class = None

    def get_queryset(self) -> QuerySet[ItemSubstitute]:
        """Return the substitutes of the item in the address."""
        return ItemSubstitute.objects.filter(item=self.kwargs.get("no"))

    @extend_schema(responses=SubstituteOut(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the whole list."""
        item = self._item()
        rows = ItemSubstitute.objects.filter(item=item)
        return Response(self.get_serializer(rows, many=True).data, headers={"ETag": f'"{item.rev}"'})

    @extend_schema(request=SubstituteIn(many=True), responses=SubstituteOut(many=True))
    def replace(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the body all the substitutes."""
        substitutes.replace_substitutes(self.key, self.list_of_values(), expected_rev=self.expected_rev)
        return self.list(request)

    def _item(self) -> Item:
        item = Item.objects.filter(no=self.key).first()
        if item is None:
            raise Http404
        return item
