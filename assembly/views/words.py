"""How assembly documents are spoken of where a page shows what a write would change."""

from __future__ import annotations

from assembly.models import AssemblyDocument, AssemblyLine
from assembly.views.document_kinds import KINDS, DocumentKind
from assembly.views.orders import COSTS, LABELS
from backoffice.pages import impact
from sales.views.words import goods_of


def register() -> None:
    """Register everything once, when the app starts."""
    for kind in KINDS:
        impact.register_words(kind.document_type.value, _words(kind))


def _words(kind: DocumentKind) -> impact.Words:
    return impact.Words(
        label=kind.label,
        header=AssemblyDocument,
        line=AssemblyLine,
        labels=LABELS,
        costs=COSTS,
        goods=goods_of(AssemblyLine, kind.document_type),
    )
