"""Assembly in the admin: documents to look things up, lines to correct what a page does not offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from assembly.models import AssembleToOrderLink, AssemblyDocument, AssemblyDocumentType, AssemblyLine
from assembly.services import lines
from backoffice.admin import RightsAdmin
from backoffice.rights import Right
from sales.admin import ServiceAdmin


class AssemblyLineInline(admin.TabularInline[AssemblyLine, AssemblyDocument]):
    """The lines of a document, to be read."""

    model = AssemblyLine
    fields = ("line_no", "type", "item", "resource", "description", "quantity_per", "quantity", "consumed_quantity")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say yes: who sees the document sees its lines."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssemblyLine]:
        """Return the lines with what they name."""
        return super().get_queryset(request).select_related("item", "resource", "document")


@admin.register(AssemblyDocument)
class AssemblyDocumentAdmin(RightsAdmin):
    """Quotes, blanket orders and orders, to be read."""

    view_right = Right.VIEW_ASSEMBLY
    list_display = ("no", "document_type", "item", "quantity", "status", "starting_date", "due_date", "location")
    list_filter = ("document_type", "status")
    list_select_related = ("item", "location")
    search_fields = ("no", "item__no", "description")
    inlines: ClassVar = [AssemblyLineInline]


@admin.register(AssemblyLine)
class AssemblyLineAdmin(ServiceAdmin):
    """Lines: customising a kit."""

    view_right = Right.VIEW_ASSEMBLY
    change_right = Right.EDIT_ASSEMBLY_COMPONENTS
    editable: ClassVar = {
        "description": "description",
        "location": "location",
        "bin_code": "bin",
        "quantity_per": "quantity_per",
        "due_date": "due_date",
        "position": "position",
    }
    list_display = ("document", "line_no", "type", "item", "resource", "quantity_per", "quantity")
    list_filter = ("type",)
    list_select_related = ("document", "item", "resource")
    search_fields = ("document__no", "item__no", "description")

    def save_by_service(self, row: AssemblyLine, values: Mapping[str, Any]) -> None:
        """Change the line as its page would."""
        lines.edit_line(
            document_type=AssemblyDocumentType(row.document.document_type),
            no=row.document.no,
            line_no=row.line_no,
            values=values,
        )


@admin.register(AssembleToOrderLink)
class AssembleToOrderLinkAdmin(RightsAdmin):
    """Which document is made for which line, to be read."""

    view_right = Right.VIEW_ASSEMBLY
    list_display = ("assembly", "sales_line")
    list_select_related = ("assembly", "sales_line")
    search_fields = ("assembly__no", "sales_line__document__no")
