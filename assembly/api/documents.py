"""Assembly quotes, blanket assembly orders and assembly orders, and their lines: three addresses for one shape."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assembly import availability, reading
from assembly.api.availability import ABILITY, ShowsAbility, ShowsAvailWarning, ShowsOrderAvailability
from assembly.api.order_tree import ShowsOrderTree
from assembly.api.posting import PostsAssemblyOrders
from assembly.api.serializers import (
    AssemblyDocumentChangeIn,
    AssemblyDocumentOut,
    AssemblyLineChangeIn,
    AssemblyLineIn,
    AssemblyLineOut,
    AssemblyOrderIn,
    SubstitutionIn,
)
from assembly.field_rights import require_field_rights
from assembly.models import AssemblyDocument, AssemblyDocumentType
from assembly.services import documents, lines, release
from backoffice.api.filters import Filter, Kind
from backoffice.api.serializers import NothingIn, StrictSerializer
from backoffice.api.views import Creates, Deletes, Updates
from backoffice.models import User
from backoffice.rights import Right


class AssemblyDocumentViewSet(ShowsAbility, Updates, Deletes):
    """What the three kinds share. A subclass says which kind it is."""

    tells_impact = True
    document_type: ClassVar[AssemblyDocumentType]
    rights: ClassVar = {
        "read": Right.VIEW_ASSEMBLY,
        "write": Right.ENTER_ASSEMBLY,
        # What it takes depends on the field: see update_one.
        "partial_update": Right.VIEW_ASSEMBLY,
        "release": Right.RELEASE_ASSEMBLY,
        "reopen": Right.RELEASE_ASSEMBLY,
        "refresh_lines": Right.EDIT_ASSEMBLY_COMPONENTS,
        "update_unit_cost": Right.ENTER_ASSEMBLY,
    }
    serializer_class = AssemblyDocumentOut
    input_class: ClassVar[type[StrictSerializer] | None] = AssemblyDocumentChangeIn
    nested = ("lines", *ABILITY)
    filters: ClassVar = {
        "no": "no",
        "status": "status",
        "item": "item_id",
        "variant": "variant_code",
        "location": "location_id",
        "due_date": "due_date",
        "starting_date": "starting_date",
        "ending_date": "ending_date",
        "posting_date": "posting_date",
        "quantity": "quantity",
        "created_at": "created_at",
        "modified_at": "modified_at",
        "assemble_to_order": Filter(kind=Kind.FLAG, apply=reading.assembled_to_order),
        "component": Filter(kind=Kind.TEXT, apply=reading.having_component),
        "sales_document_no": Filter("sales_no", kind=Kind.TEXT),
    }
    filter_defaults: ClassVar = {"status": "open,released"}
    search = ("no", "item__no", "description")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[reading.ShownDocument]:
        """Return the documents of the kind, with their lines where the answer shows them."""
        shown = reading.shown_documents(self.document_type)
        return reading.with_lines(shown) if self.shows("lines") else shown

    def values(self, *, partial: bool = False, input_class: type[StrictSerializer] | None = None) -> dict[str, Any]:
        """Return the parsed values; what changes a document carries no number."""
        return super().values(partial=partial, input_class=AssemblyDocumentChangeIn if partial else input_class)

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change header fields; the lines follow."""
        require_field_rights(cast(User, self.request.user), values, otherwise=Right.ENTER_ASSEMBLY)
        documents.edit_assembly_document(
            document_type=self.document_type, no=key, values=values, expected_rev=self.expected_rev
        )

    def delete_one(self, key: str) -> None:
        """Delete a document that no sales line is linked to."""
        documents.delete_assembly_document(document_type=self.document_type, no=key, expected_rev=self.expected_rev)

    @action(detail=True, methods=["post"], input_class=NothingIn)
    def release(self, request: Request, no: str) -> Response:
        """Release the document to the assembly department."""
        self.values()
        release.release(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()

    @action(detail=True, methods=["post"], input_class=NothingIn)
    def reopen(self, request: Request, no: str) -> Response:
        """Open the document again."""
        self.values()
        release.reopen(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()

    @action(detail=True, methods=["post"], url_path="refresh-lines", input_class=NothingIn)
    def refresh_lines(self, request: Request, no: str) -> Response:
        """Put the bill of materials in place of all lines."""
        self.values()
        documents.refresh_lines(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()

    @action(detail=True, methods=["post"], url_path="update-unit-cost", input_class=NothingIn)
    def update_unit_cost(self, request: Request, no: str) -> Response:
        """Take the lines' cost with overhead on top as the unit cost."""
        self.values()
        documents.update_unit_cost(document_type=self.document_type, no=self.key, expected_rev=self.expected_rev)
        return self.show_again()


@extend_schema_view(partial_update=extend_schema(request=AssemblyDocumentChangeIn))
class AssemblyOrderViewSet(
    PostsAssemblyOrders, ShowsOrderAvailability, ShowsOrderTree, Creates, AssemblyDocumentViewSet
):
    """Assembly orders: those to stock are entered and deleted here, those to order with their sales line."""

    document_type = AssemblyDocumentType.ORDER
    input_class = AssemblyOrderIn

    def create_one(self, values: dict[str, Any]) -> str:
        """Enter an order to stock."""
        return documents.create_assembly_order(values=values).no


class AssemblyQuoteViewSet(AssemblyDocumentViewSet):
    """Assembly quotes: they come and go with their line of a sales quote."""

    document_type = AssemblyDocumentType.QUOTE


class BlanketAssemblyOrderViewSet(AssemblyDocumentViewSet):
    """Blanket assembly orders: they come and go with their line of a blanket sales order."""

    document_type = AssemblyDocumentType.BLANKET_ORDER


@extend_schema_view(partial_update=extend_schema(request=AssemblyLineChangeIn))
class AssemblyLineViewSet(ShowsAvailWarning):
    """The lines of the three kinds. A subclass says whose they are."""

    tells_impact = True
    document_type: ClassVar[AssemblyDocumentType]
    rights: ClassVar = {
        "read": Right.VIEW_ASSEMBLY,
        "write": Right.EDIT_ASSEMBLY_COMPONENTS,
        # What it takes depends on the field: see update_one.
        "partial_update": Right.VIEW_ASSEMBLY,
        "substitute": Right.EDIT_ASSEMBLY_COMPONENTS,
        "explode_bom": Right.EDIT_ASSEMBLY_COMPONENTS,
    }
    serializer_class = AssemblyLineOut
    input_class = AssemblyLineIn
    filters: ClassVar = {
        "line_no": "line_no",
        "type": "type",
        "item": "item_id",
        "resource": "resource_id",
        "location": "location_id",
        "due_date": Filter("needed_on", kind=Kind.DATE, nullable=True),
    }

    def get_documents(self) -> QuerySet[AssemblyDocument]:
        """Return the documents of the kind."""
        return AssemblyDocument.objects.filter(document_type=self.document_type)

    def get_lines(self, document: AssemblyDocument) -> QuerySet[reading.ShownLine]:
        """Return the lines of one document."""
        return reading.shown_lines().filter(document=document.pk)

    def values(self, *, partial: bool = False, input_class: type[StrictSerializer] | None = None) -> dict[str, Any]:
        """Return the parsed values; what changes a line carries no line number."""
        return super().values(partial=partial, input_class=AssemblyLineChangeIn if partial else input_class)

    def create_one(self, values: dict[str, Any]) -> int:
        """Enter a component, resource or text."""
        return lines.add_line(
            document_type=self.document_type,
            no=self.document_key,
            values=values,
            expected_rev=self.expected_rev,
        ).line_no

    def update_one(self, key: str, values: dict[str, Any]) -> None:
        """Change a line."""
        require_field_rights(cast(User, self.request.user), values, otherwise=Right.EDIT_ASSEMBLY_COMPONENTS)
        lines.edit_line(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            values=values,
            expected_rev=self.expected_rev,
        )

    def delete_one(self, key: str) -> None:
        """Delete a line with its reservations."""
        lines.delete_line(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
        )

    @action(detail=True, methods=["post"], input_class=SubstitutionIn)
    def substitute(self, request: Request, no: str, line_no: str) -> Response:
        """Put a substitute in the component's place."""
        lines.substitute(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
            **self.values(),
        )
        return self.show_again()

    @extend_schema(responses=AssemblyDocumentOut)
    @action(detail=True, methods=["post"], url_path="explode-bom", input_class=NothingIn)
    def explode_bom(self, request: Request, no: str, line_no: str) -> Response:
        """Put the component's own components below it; answer with the document."""
        self.values()
        lines.explode_line(
            document_type=self.document_type,
            no=self.document_key,
            line_no=self.line_no,
            expected_rev=self.expected_rev,
        )
        shown = reading.with_lines(reading.shown_documents(self.document_type)).get(no=self.document_key)
        availability.attach([shown])
        body = AssemblyDocumentOut(shown, context=self.get_serializer_context()).data
        return Response(body, headers={"ETag": f'"{shown.rev}"'})


class AssemblyOrderLineViewSet(AssemblyLineViewSet):
    """The lines of assembly orders."""

    document_type = AssemblyDocumentType.ORDER


class AssemblyQuoteLineViewSet(AssemblyLineViewSet):
    """The lines of assembly quotes."""

    document_type = AssemblyDocumentType.QUOTE


class BlanketAssemblyOrderLineViewSet(AssemblyLineViewSet):
    """The lines of blanket assembly orders."""

    document_type = AssemblyDocumentType.BLANKET_ORDER
