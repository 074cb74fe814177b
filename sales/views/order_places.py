"""Where the pages of sales documents stand: in the navigation, on the home page, and for those who link to them."""

from __future__ import annotations

from django.urls import reverse

from backoffice.pages import home, links, navigation
from backoffice.rights import Right
from inventory.models import MovementSource
from sales.models import SalesDocument, SalesDocumentType, SalesStatus


def register() -> None:
    """Register everything once, when the app starts."""
    navigation.register(
        navigation.Entry(
            label="Sales orders",
            url_name="sales-orders",
            icon="file-invoice",
            key="o",
            order=10,
            right=Right.VIEW_SALES,
        )
    )
    for kind in (SalesDocumentType.ORDER.value, MovementSource.SALES_ORDER_LINE.value):
        links.register(kind, lambda no: reverse("sales-order", args=[no]))
    home.register_action(
        home.Action(
            right=Right.ENTER_SALES,
            label="New sales order",
            url=lambda: reverse("sales-order-new"),
            icon="plus",
            order=10,
        )
    )
    home.register_cue(_cue("Sales orders open", SalesStatus.OPEN, order=10))
    home.register_cue(_cue("Sales orders released", SalesStatus.RELEASED, order=11))


def _cue(label: str, status: SalesStatus, *, order: int) -> home.Cue:
    rows = SalesDocument.objects.filter(document_type=SalesDocumentType.ORDER, status=status)
    return home.Cue(
        right=Right.VIEW_SALES,
        label=label,
        url=lambda: f"{reverse('sales-orders')}?status={status.value}",
        count=lambda user: home.capped_count(rows.all()),
        order=order,
    )
