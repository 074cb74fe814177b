"""The assembly document of a sales line: `/sales-orders/{no}/lines/{line_no}/assembly/`, likewise for the others."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404

from assembly import availability, reading
from assembly.api.serializers import AssemblyDocumentOut
from assembly.exceptions import NoAssemblyDocument
from backoffice.api.views import ResourceViewSet
from backoffice.rights import Right
from sales.models import SalesDocumentType, SalesLine


class LinkedAssemblyView(ResourceViewSet):
    """Shows the assembly document that is made for a sales line. A subclass says of which kind of document."""

    sales_type: ClassVar[SalesDocumentType]
    rights: ClassVar = {"read": Right.VIEW_ASSEMBLY}
    serializer_class = AssemblyDocumentOut

    def get_queryset(self) -> QuerySet[reading.ShownDocument]:
        """Return the assembly documents of the kind of sales document."""
        shown = reading.shown_documents().filter(sales_type=self.sales_type)
        return reading.with_lines(shown) if self.shows("lines") else shown

    def get_object(self) -> Any:
        """Return the line's document. Raises NoAssemblyDocument, and Http404 where there is no such line."""
        no, line_no = self.key_in_path("no"), int(self.kwargs["line_no"])
        found = self.get_queryset().filter(sales_no=no, sales_line_no=line_no).first()
        if found is not None:
            availability.attach([found])
            return found
        line = SalesLine.objects.filter(document__document_type=self.sales_type, document__no=no, line_no=line_no)
        if not line.exists():
            raise Http404
        raise NoAssemblyDocument(sales_document=no, line_no=line_no)


class SalesOrderAssemblyView(LinkedAssemblyView):
    """The assembly order of a sales order's line."""

    sales_type = SalesDocumentType.ORDER


class SalesQuoteAssemblyView(LinkedAssemblyView):
    """The assembly quote of a sales quote's line."""

    sales_type = SalesDocumentType.QUOTE


class BlanketSalesOrderAssemblyView(LinkedAssemblyView):
    """The blanket assembly order of a blanket sales order's line."""

    sales_type = SalesDocumentType.BLANKET_ORDER
