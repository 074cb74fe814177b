"""Where the pages of assembly documents stand: in the navigation, on the home page, and for those who link to them."""

from __future__ import annotations

from django.urls import reverse

from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyStatus
from backoffice.pages import home, links, navigation
from backoffice.rights import Right
from inventory.models import MovementSource


def register() -> None:
    """Register everything once, when the app starts."""
    navigation.register(
        navigation.Entry(
            label="Assembly orders",
            url_name="assembly-orders",
            icon="tools",
            key="a",
            order=30,
            right=Right.VIEW_ASSEMBLY,
        )
    )
    for kind in (MovementSource.ASSEMBLY_ORDER.value, MovementSource.ASSEMBLY_ORDER_LINE.value):
        links.register(kind, lambda no: reverse("assembly-order", args=[no]))
    home.register_action(
        home.Action(
            right=Right.ENTER_ASSEMBLY,
            label="New assembly order",
            url=lambda: reverse("assembly-order-new"),
            icon="plus",
            order=30,
        )
    )
    home.register_cue(_cue("Assembly orders released", AssemblyStatus.RELEASED, order=30))
    home.register_cue(_cue("Assembly orders open", AssemblyStatus.OPEN, order=31))


def _cue(label: str, status: AssemblyStatus, *, order: int) -> home.Cue:
    rows = AssemblyDocument.objects.filter(document_type=AssemblyDocumentType.ORDER, status=status)
    return home.Cue(
        right=Right.VIEW_ASSEMBLY,
        label=label,
        url=lambda: f"{reverse('assembly-orders')}?status={status.value}",
        count=lambda user: home.capped_count(rows.all()),
        order=order,
    )
