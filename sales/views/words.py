"""How sales documents are spoken of where a page shows what a write would change."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model
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
    goods = goods_of(SalesLine, kind.document_type)
    return impact.Words(label=kind.label, header=SalesDocument, line=SalesLine, labels=LABELS, costs=COSTS, goods=goods)


def goods_of(lines: type[Model], document_type: str) -> impact.Goods:
    """Return what tells the items, resources or words of the lines of a type of document. One statement."""

    def goods(nos: Collection[str]) -> dict[tuple[str, int], str]:
        found = lines._default_manager.filter(document__document_type=document_type, document__no__in=nos)
        names = Coalesce("item_id", "resource_id", "description")
        return {(no, line_no): name for no, line_no, name in found.values_list("document__no", "line_no", names)}

    return goods
