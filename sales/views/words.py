"""How sales documents are spoken of where a page shows what a write would change."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.functions import Coalesce

from backoffice.pages import impact
from sales.models import SalesDocument, SalesLine
from sales.views.document_kinds import KINDS, DocumentKind
from sales.views.orders import COSTS, LABELS


def register() -> None:
    """Register everything once, when the app starts."""
    for kind in KINDS:
        impact.register_words(kind.document_type.value, _words(kind))


def _words(kind: DocumentKind) -> impact.Words:
    def goods(nos: Collection[str]) -> dict[tuple[str, int], str]:
        lines = SalesLine.objects.filter(document__document_type=kind.document_type, document__no__in=nos)
        names = Coalesce("item_id", "resource_id", "description")
        return {(no, line_no): name for no, line_no, name in lines.values_list("document__no", "line_no", names)}

    return impact.Words(label=kind.label, header=SalesDocument, line=SalesLine, labels=LABELS, costs=COSTS, goods=goods)
