"""The kinds of sales documents as pages know them: every view takes one, and so do the addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from backoffice.pages.entries import Sheet
from sales.models import SalesDocument, SalesDocumentType
from sales.views import sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """slug: what the names of its addresses begin with. segment: where they lie. nav_key: follows `g`.

    header, line: what is typed into it. header_first: the fields that everybody needs, the others stand behind "More".
    computed: how many columns of its grid are only read.
    """

    document_type: SalesDocumentType
    slug: str
    segment: str
    plural: str
    nav_label: str
    nav_key: str
    order: int
    header: Sheet
    header_first: Sequence[str]
    line: Sheet
    computed: int

    @property
    def label(self) -> str:
        return str(self.document_type.label)

    @property
    def list_url(self) -> str:
        return reverse(f"{self.slug}s")

    @property
    def new_url(self) -> str:
        return reverse(f"{self.slug}-new")

    @property
    def header_more(self) -> Sequence[str]:
        return tuple(name for name in self.header.fields if name not in self.header_first)

    @property
    def ships(self) -> bool:
        """Only orders ship."""
        return self.document_type == SalesDocumentType.ORDER

    @property
    def is_quote(self) -> bool:
        return self.document_type == SalesDocumentType.QUOTE

    @property
    def is_blanket(self) -> bool:
        return self.document_type == SalesDocumentType.BLANKET_ORDER

    @property
    def promises(self) -> bool:
        """What is only agreed is never promised for a day (BLK-01)."""
        return not self.is_blanket

    @property
    def width(self) -> int:
        """How many columns the grid has after the mark, the actions among them."""
        return len(self.line.fields) + self.computed

    @property
    def before_amount(self) -> int:
        """How many columns of the grid stand between the mark and the amount."""
        return 9 + (5 if self.is_blanket else 1)

    @property
    def after_amount(self) -> int:
        """How many columns of the grid stand behind the amount, the actions among them."""
        return self.width - self.before_amount - 1

    def url(self, document: SalesDocument, act: str = "", *more: object) -> str:
        """Return the address of the document, or of what is done to it."""
        return self.url_of(document.no, act, *more)

    def url_of(self, no: str, act: str = "", *more: object) -> str:
        """Return the address of the document with this number, or of what is done to it."""
        return reverse(f"{self.slug}-{act}" if act else self.slug, args=[no, *more])


ORDERS = DocumentKind(
    document_type=SalesDocumentType.ORDER,
    slug="sales-order",
    segment="orders",
    plural="Sales orders",
    nav_label="Sales orders",
    nav_key="o",
    order=10,
    header=sheets.HEADER,
    header_first=sheets.HEADER_FIRST,
    line=sheets.LINE,
    computed=8,  # promise, assembly, amount, shipped, invoiced, reserved, the way to the blanket order, actions
)
QUOTES = DocumentKind(
    document_type=SalesDocumentType.QUOTE,
    slug="sales-quote",
    segment="quotes",
    plural="Sales quotes",
    nav_label="Sales quotes",
    nav_key="q",
    order=9,
    header=sheets.QUOTE_HEADER,
    header_first=("customer", "external_document_no", "expiration_date", "shipment_date", "location"),
    line=sheets.LINE.without(sheets.ONLY_ON_ORDERS),
    computed=4,  # promise, assembly, amount, actions
)
BLANKET_ORDERS = DocumentKind(
    document_type=SalesDocumentType.BLANKET_ORDER,
    slug="blanket-sales-order",
    segment="blanket-orders",
    plural="Blanket sales orders",
    nav_label="Blanket orders",
    nav_key="b",
    order=11,
    header=sheets.HEADER,
    header_first=sheets.HEADER_FIRST,
    line=sheets.BLANKET_LINE,
    computed=8,  # call off now, on orders, shipped, invoiced, left; assembly, amount, actions
)
#: The kinds that have pages.
KINDS = (QUOTES, ORDERS, BLANKET_ORDERS)
BY_TYPE: dict[str, DocumentKind] = {kind.document_type.value: kind for kind in KINDS}
