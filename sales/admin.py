"""Sales in the admin: documents to look things up, lines to correct what a page does not offer.

A line is saved by the service that the pages and the interface use, so its assembly stays in step and a refusal is
said in words. Documents come about, are deleted and are released on their pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponseRedirect

from backoffice.admin import RightsAdmin
from backoffice.exceptions import DomainError, Refusals
from backoffice.rights import Right
from sales.models import Customer, SalesDocument, SalesDocumentType, SalesLine
from sales.services import lines


class ServiceAdmin(RightsAdmin):
    """Saves by a service and says a refusal in words."""

    #: Columns that can be edited: the names of the form's fields -> the service's names for them.
    editable: ClassVar[Mapping[str, str]] = {}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Lock every column that is not edited here."""
        return [field.name for field in self.model._meta.fields if field.name not in self.editable]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form or save it; a refusal leads back to the form and nothing is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (DomainError, Refusals) as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Save what was changed through the service."""
        self.save_by_service(obj, {self.editable[name]: _plain(form.cleaned_data[name]) for name in form.changed_data})

    def save_by_service(self, row: Any, values: Mapping[str, Any]) -> None:
        """Call the service with the changed values."""
        raise NotImplementedError


def _plain(value: Any) -> Any:
    """Return a row that was chosen as its key, which is what services take; anything else as it is."""
    return value.pk if isinstance(value, Model) else value


@admin.register(Customer)
class CustomerAdmin(RightsAdmin):
    """Customers."""

    view_right = Right.VIEW_CUSTOMERS
    list_display = ("no", "name", "location", "shipping_advice", "blocked")
    list_filter = ("shipping_advice", "blocked")
    search_fields = ("no", "name", "email")


class SalesLineInline(admin.TabularInline[SalesLine, SalesDocument]):
    """The lines of a document, to be read."""

    model = SalesLine
    fields = ("line_no", "type", "item", "description", "quantity", "qty_to_assemble_to_order", "quantity_shipped")
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[SalesLine]:
        """Return the lines with the items that they name."""
        return super().get_queryset(request).select_related("item", "document")


@admin.register(SalesDocument)
class SalesDocumentAdmin(RightsAdmin):
    """Quotes, blanket orders and orders, to be read."""

    view_right = Right.VIEW_SALES
    list_display = ("no", "document_type", "customer", "status", "shipment_date", "location")
    list_filter = ("document_type", "status")
    list_select_related = ("customer", "location")
    search_fields = ("no", "customer__no", "customer__name", "external_document_no")
    inlines: ClassVar = [SalesLineInline]


@admin.register(SalesLine)
class SalesLineAdmin(ServiceAdmin):
    """Lines: the assembly document follows what is saved here."""

    view_right = Right.VIEW_SALES
    change_right = Right.ENTER_SALES
    editable: ClassVar = {
        "description": "description",
        "variant_code": "variant",
        "location": "location",
        "bin_code": "bin",
        "quantity": "quantity",
        "qty_to_assemble_to_order": "qty_to_assemble_to_order",
        "qty_to_ship": "qty_to_ship",
        "qty_to_invoice": "qty_to_invoice",
        "shipment_date": "shipment_date",
        "unit_price": "unit_price",
        "line_discount_percent": "line_discount_percent",
    }
    list_display = ("document", "line_no", "type", "item", "quantity", "qty_to_assemble_to_order", "shipment_date")
    list_filter = ("type",)
    list_select_related = ("document", "item")
    search_fields = ("document__no", "item__no", "description")

    def save_by_service(self, row: SalesLine, values: Mapping[str, Any]) -> None:
        """Change the line as its page would."""
        lines.edit_lines(
            document_type=SalesDocumentType(row.document.document_type),
            no=row.document.no,
            changes={row.line_no: values},
        )
