"""The kinds of sales documents as pages know them: every view takes one, and so do the addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from sales.models import SalesDocument, SalesDocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """slug: what the names of its addresses begin with. segment: where they lie."""

    document_type: SalesDocumentType
    slug: str
    segment: str
    plural: str

    @property
    def label(self) -> str:
        return str(self.document_type.label)

    @property
    def list_url(self) -> str:
        return reverse(f"{self.slug}s")

    @property
    def new_url(self) -> str:
        return reverse(f"{self.slug}-new")

    def url(self, document: SalesDocument, act: str = "", *more: object) -> str:
        """Return the address of the document, or of what is done to it."""
        return reverse(f"{self.slug}-{act}" if act else self.slug, args=[document.no, *more])


ORDERS = DocumentKind(
    document_type=SalesDocumentType.ORDER, slug="sales-order", segment="orders", plural="Sales orders"
)
#: The kinds that have pages.
KINDS = (ORDERS,)
