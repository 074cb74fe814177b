"""Units of measure, resources, locations with bins, and the settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.edge import ContractView
from backoffice.api.views import EditableViewSet, LineViewSet
from backoffice.rights import Right, has_right
from inventory.api.serializers.masters import (
    BinIn,
    BinOut,
    LocationIn,
    LocationOut,
    ResourceIn,
    ResourceOut,
    SetupIn,
    SetupOut,
    UnitOfMeasureIn,
    UnitOfMeasureOut,
)
from inventory.models import Bin, Location, Resource, Setup, UnitOfMeasure
from inventory.services import masters

RESOURCE_COSTS = frozenset({"unit_cost", "indirect_cost_percent"})


class UnitOfMeasureViewSet(EditableViewSet):
    """Units that quantities are counted in."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_SETUP}
    lookup_field = "code"
    serializer_class = UnitOfMeasureOut
    input_class = UnitOfMeasureIn
    filters: ClassVar = {"code": "code", "description": "description"}
    search = ("code", "description")
    default_ordering = ("code",)

    def get_queryset(self) -> QuerySet[UnitOfMeasure]:
        """Return all of them."""
        return UnitOfMeasure.objects.all()

    def create_one(self, values: dict[str, Any]) -> UnitOfMeasure:
        """Create a unit."""
        return masters.create_unit_of_measure(values)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a unit."""
        masters.change_unit_of_measure(key, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a unit."""
        masters.delete_unit_of_measure(key, expected_rev=self.expected_rev)


class ResourceMasterViewSet(EditableViewSet):
    """People and machines."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_ITEMS}
    serializer_class = ResourceOut
    input_class = ResourceIn
    filters: ClassVar = {
        "no": "no",
        "name": "name",
        "type": "type",
        "base_unit_of_measure": "base_unit_of_measure_id",
        "blocked": "blocked",
    }
    search = ("no", "name")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[Resource]:
        """Return all of them."""
        return Resource.objects.all()

    def shows(self, name: str) -> bool:
        """Hide costs from those who may not see them."""
        if name in RESOURCE_COSTS and not has_right(self.request.user, Right.SEE_COSTS):
            return False
        return super().shows(name)

    def create_one(self, values: dict[str, Any]) -> Resource:
        """Create a resource."""
        return masters.create_resource(values)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a resource."""
        masters.change_resource(key, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a resource."""
        masters.delete_resource(key, expected_rev=self.expected_rev)


class LocationViewSet(EditableViewSet):
    """Places where stock is kept."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_SETUP}
    lookup_field = "code"
    serializer_class = LocationOut
    input_class = LocationIn
    filters: ClassVar = {
        "code": "code",
        "name": "name",
        "bin_mandatory": "bin_mandatory",
        "require_pick": "require_pick",
        "require_shipment": "require_shipment",
    }
    search = ("code", "name")
    default_ordering = ("code",)

    def get_queryset(self) -> QuerySet[Location]:
        """Return all of them."""
        return Location.objects.all()

    def create_one(self, values: dict[str, Any]) -> Location:
        """Create a location."""
        return masters.create_location(values)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a location."""
        masters.change_location(key, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a location."""
        masters.delete_location(key, expected_rev=self.expected_rev)


class BinViewSet(LineViewSet):
    """The bins of a location; the entity tag is the location's."""

    rights: ClassVar = {"read": Right.VIEW_MASTERS, "write": Right.EDIT_SETUP}
    lookup_field = "code"
    lookup_url_kwarg = "bin_code"
    lookup_value_regex = "[^/]+"
    document_field = "code"
    serializer_class = BinOut
    input_class = BinIn
    filters: ClassVar = {"code": "code", "description": "description"}
    search = ("code", "description")
    default_ordering = ("code",)

    def get_documents(self) -> QuerySet[Location]:
        """Return the locations."""
        return Location.objects.all()

    def get_lines(self, document: Location) -> QuerySet[Bin]:
        """Return the bins of one."""
        return Bin.objects.filter(location=document)

    def create_one(self, values: dict[str, Any]) -> Bin:
        """Create a bin."""
        return masters.create_bin(self.document_key, values, expected_rev=self.expected_rev)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a bin."""
        masters.change_bin(self.document_key, key, values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a bin."""
        masters.delete_bin(self.document_key, key, expected_rev=self.expected_rev)


class SetupView(ContractView):
    """The company's settings: one document."""

    rights: ClassVar = {"get": Right.VIEW_SETUP, "patch": Right.EDIT_SETUP}
    input_class = SetupIn

    @extend_schema(responses=SetupOut)
    def get(self, request: Request) -> Response:
        """Answer with the settings."""
        _ = request
        return self._show()

    @extend_schema(request=SetupIn, responses=SetupOut)
    def patch(self, request: Request) -> Response:
        """Change what was given and answer with the settings."""
        values = SetupIn(data=request.data, partial=True)
        values.is_valid(raise_exception=True)
        masters.change_setup(values.validated_data, expected_rev=self.expected_rev)
        return self._show()

    @staticmethod
    def _show() -> Response:
        setup = Setup.objects.get(pk=1)
        return Response(SetupOut(setup).data, headers={"ETag": f'"{setup.rev}"'})
