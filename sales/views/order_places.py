"""Where the pages of sales documents stand: in the navigation, on the home page, and for those who link to them."""

from __future__ import annotations

from django.urls import reverse

from backoffice.pages import home, links, navigation
from backoffice.rights import Right
from inventory.models import MovementSource
from sales.models import SalesDocument, SalesDocumentType, SalesStatus
from sales.views.document_kinds import KINDS, ORDERS, DocumentKind


def register() -> None:
    """Register everything once, when the app starts."""
    for kind in KINDS:
        _register_kind(kind)
    links.register(MovementSource.SALES_ORDER_LINE.value, ORDERS.url_of)
    home.register_cue(_cue("Sales quotes open", SalesDocumentType.QUOTE, SalesStatus.OPEN, order=9))
    home.register_cue(_cue("Sales orders open", SalesDocumentType.ORDER, SalesStatus.OPEN, order=10))
    home.register_cue(_cue("Sales orders released", SalesDocumentType.ORDER, SalesStatus.RELEASED, order=11))


def _register_kind(kind: DocumentKind) -> None:
    navigation.register(
        navigation.Entry(
            label=kind.nav_label,
            url_name=f"{kind.slug}s",
            icon="file-invoice",
            key=kind.nav_key,
            order=kind.order,
            right=Right.VIEW_SALES,
        )
    )
    links.register(kind.document_type.value, kind.url_of)
    home.register_action(
        home.Action(
            right=Right.ENTER_SALES,
            label=f"New {kind.label.lower()}",
            url=lambda: kind.new_url,
            icon="plus",
            order=kind.order,
        )
    )


def _cue(label: str, document_type: SalesDocumentType, status: SalesStatus, *, order: int) -> home.Cue:
    rows = SalesDocument.objects.filter(document_type=document_type, status=status)
    return home.Cue(
        right=Right.VIEW_SALES,
        label=label,
        url=lambda: f"{reverse(_LISTS[document_type])}?status={status.value}",
        count=lambda user: home.capped_count(rows.all()),
        order=order,
    )


_LISTS = {kind.document_type: f"{kind.slug}s" for kind in KINDS}
