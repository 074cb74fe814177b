"""Where the pages of assembly documents stand: in the navigation, on the home page, and for those who link to them."""

from __future__ import annotations

from django.urls import reverse

from assembly.models import AssemblyDocument, AssemblyDocumentType, AssemblyStatus
from assembly.views.document_kinds import KINDS, ORDERS
from assembly.worklist import released_to_do
from backoffice.pages import home, links, navigation
from backoffice.rights import Right
from inventory.models import MovementSource


def register() -> None:
    """Register everything once, when the app starts."""
    for kind in KINDS:
        navigation.register(
            navigation.Entry(
                label=kind.nav_label,
                url_name=f"{kind.slug}s",
                icon="tools",
                key=kind.nav_key,
                order=kind.order,
                right=Right.VIEW_ASSEMBLY,
            )
        )
        links.register(kind.document_type.value, kind.url)
    navigation.register(
        navigation.Entry(
            label="Worklist",
            url_name="assembly-worklist",
            icon="progress-check",
            key="w",
            order=29,
            right=Right.VIEW_ASSEMBLY,
        )
    )
    navigation.register(
        navigation.Entry(
            label="Planning",
            url_name="planning",
            icon="calendar",
            key="n",
            order=33,
            right=Right.PLAN,
        )
    )
    links.register(MovementSource.ASSEMBLY_ORDER_LINE.value, ORDERS.url)
    home.register_action(
        home.Action(right=Right.PLAN, label="Plan supply", url=lambda: reverse("planning"), icon="calendar", order=29)
    )
    home.register_action(
        home.Action(
            right=Right.ENTER_ASSEMBLY,
            label="New assembly order",
            url=lambda: reverse("assembly-order-new"),
            icon="plus",
            order=30,
        )
    )
    home.register_cue(
        home.Cue(
            right=Right.VIEW_ASSEMBLY,
            label="Orders to assemble",
            url=lambda: reverse("assembly-worklist"),
            count=lambda user: home.capped_count(released_to_do()),
            order=29,
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
