"""Where the cost of an item comes from, as a tab of its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from backoffice.exceptions import Invalid
from backoffice.pages.decorators import page
from backoffice.rights import Right
from inventory.cost_shares import MAX_ROWS, CostRow, cost_rows
from inventory.services.standard_cost import CostShares
from inventory.views.item_card import card_context, card_of

#: How the shares are told: down to the leaves, or by each bill of materials alone.
_ROLLED_UP, _SINGLE = "rolled-up", "single-level"
_LABELS = {_ROLLED_UP: "Rolled up", _SINGLE: "Single level"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the tree as it is drawn, with the shares that are asked for."""

    row: CostRow
    shares: CostShares

    @property
    def indent(self) -> range:
        """One step for each level."""
        return range(self.row.level)


@page(right=Right.SEE_COSTS, methods=("GET",))
def cost_shares(request: HttpRequest, no: str) -> HttpResponse:
    """The tree with material, capacity and overhead for one of the item."""
    item, shown = card_of(no), request.GET.get("shares", _ROLLED_UP)
    if shown not in _LABELS:
        raise Http404("There are no such shares.")
    rows, why_none = _rows(no)
    url = reverse("item-cost-shares", args=[no])
    context = card_context(
        request,
        item,
        "item-cost-shares",
        rows=[Row(row=row, shares=row.rolled_up if shown == _ROLLED_UP else row.single) for row in rows],
        why_none=why_none,
        limit=MAX_ROWS if len(rows) == MAX_ROWS else 0,
        doubts=any(row.doubt for row in rows),
        choices=[
            {"label": label, "url": f"{url}?shares={name}", "current": name == shown} for name, label in _LABELS.items()
        ],
    )
    return render(request, "inventory/item/cost_shares.html", context)


def _rows(no: str) -> tuple[Sequence[CostRow], str]:
    """Return the rows, or why there are none."""
    try:
        return cost_rows(no), ""
    except Invalid as refusal:
        return (), refusal.detail
