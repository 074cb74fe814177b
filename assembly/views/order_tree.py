"""What an assembly document could make, as a page: the tree below its own lines, with dates and bottleneck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assembly.able_to_make import Node
from assembly.exceptions import TreeTooLarge
from assembly.order_tree import order_tree
from assembly.views.document_kinds import DocumentKind
from assembly.views.orders import load
from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory.models import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the tree as it is drawn."""

    node: Node
    description: str

    @property
    def indent(self) -> range:
        """One step for each level below the first."""
        return range(self.node.level - 1)


@page(right=Right.VIEW_ASSEMBLY, methods=("GET",))
def show(request: HttpRequest, kind: DocumentKind, no: str) -> HttpResponse:
    """How many the components allow, over all levels."""
    document = load(kind, no)
    context = {
        "title": f"Able to make: {no}",
        "crumbs": [(kind.plural, kind.list_url), (no, kind.url(no))],
        "document": document,
        "too_large": "",
    }
    try:
        top = order_tree(document)
    except TreeTooLarge as refusal:
        return render(request, "assembly/orders/able_to_make.html", {**context, "too_large": refusal.detail})
    rows = _rows(top)
    held_by = [row for row in rows if row.node.bottleneck]
    context |= {
        "top": top,
        "rows": rows,
        "held_by": held_by[-1] if held_by else None,
        "is_enough": top.able_to_make_top_item >= document.remaining_quantity,
    }
    return render(request, "assembly/orders/able_to_make.html", context)


def _rows(top: Node) -> list[Row]:
    nodes = list(top.walk())[1:]
    names: Mapping[str, str] = dict(
        Item.objects.filter(no__in={node.key.item_id for node in nodes}).values_list("no", "description")
    )
    return [Row(node=node, description=names.get(node.key.item_id, "")) for node in nodes]
