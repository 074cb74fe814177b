"""The answer to what sales asks about lines that are made to order."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from assembly.models import AssembleToOrderLink
from sales.made_to_order import LinesT


class AssembleToOrder:
    """Assembly as the supplier of sales lines (`sales.made_to_order.MadeToOrderSupplier`)."""

    def annotate_lines(self, lines: LinesT) -> LinesT:
        """Add `assembly_type` and `assembly_no` of the linked assembly document."""
        link = AssembleToOrderLink.objects.filter(sales_line=OuterRef("pk"))
        return lines.annotate(
            assembly_type=Subquery(link.values("assembly__document_type")),
            assembly_no=Subquery(link.values("assembly__no")),
        )
