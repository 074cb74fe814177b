"""The kinds of assembly documents as pages know them: every view takes one, and so do the addresses."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from assembly.models import AssemblyDocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """slug: what the names of its addresses begin with. segment: where they lie.

    sales_slug: the name of the page of the sales documents that it is made for. nav_key: follows `g`.
    """

    document_type: AssemblyDocumentType
    slug: str
    segment: str
    plural: str
    sales_slug: str
    nav_label: str
    nav_key: str
    order: int

    @property
    def label(self) -> str:
        return str(self.document_type.label)

    @property
    def is_order(self) -> bool:
        """Only orders are entered by themselves; the others are made by the line of a quote or blanket order."""
        return self.document_type == AssemblyDocumentType.ORDER

    @property
    def is_released_alone(self) -> bool:
        """A blanket assembly order is released with its blanket sales order (EDT-20)."""
        return self.document_type != AssemblyDocumentType.BLANKET_ORDER

    @property
    def list_url(self) -> str:
        return reverse(f"{self.slug}s")

    @property
    def new_url(self) -> str:
        return reverse(f"{self.slug}-new")

    def url(self, no: str, act: str = "", *more: object) -> str:
        """Return the address of the document, or of what is done to it."""
        return reverse(f"{self.slug}-{act}" if act else self.slug, args=[no, *more])


ORDERS = DocumentKind(
    document_type=AssemblyDocumentType.ORDER,
    slug="assembly-order",
    segment="orders",
    plural="Assembly orders",
    nav_label="Assembly orders",
    sales_slug="sales-order",
    nav_key="a",
    order=30,
)
QUOTES = DocumentKind(
    document_type=AssemblyDocumentType.QUOTE,
    slug="assembly-quote",
    segment="quotes",
    plural="Assembly quotes",
    nav_label="Assembly quotes",
    sales_slug="sales-quote",
    nav_key="t",
    order=31,
)
BLANKET_ORDERS = DocumentKind(
    document_type=AssemblyDocumentType.BLANKET_ORDER,
    slug="blanket-assembly-order",
    segment="blanket-orders",
    plural="Blanket assembly orders",
    nav_label="Blanket assemblies",
    sales_slug="blanket-sales-order",
    nav_key="f",
    order=32,
)
#: The kinds that have pages.
KINDS = (ORDERS, QUOTES, BLANKET_ORDERS)
BY_TYPE: dict[str, DocumentKind] = {kind.document_type.value: kind for kind in KINDS}
