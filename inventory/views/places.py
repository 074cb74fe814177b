"""Where inventory's pages stand: in the navigation, on the home page, behind document numbers."""

from __future__ import annotations

from django.urls import reverse

from backoffice.pages import home, links, navigation
from backoffice.rights import Right
from inventory import querysets
from inventory.models import MovementSource


def register() -> None:
    """Register everything once, when the app starts."""
    for entry in _ENTRIES:
        navigation.register(entry)
    home.register_cue(
        home.Cue(
            right=Right.VIEW_PURCHASES,
            label="Open purchase orders",
            url=lambda: reverse("purchase-orders", query={"status": "open"}),
            order=60,
            count=lambda user: home.capped_count(querysets.open_purchase_orders()),
        )
    )
    home.register_cue(
        home.Cue(
            right=Right.VIEW_PURCHASES,
            label="Overdue receipts",
            url=lambda: reverse("purchase-orders", query={"status": "open", "overdue": "true"}),
            order=61,
            tone="warning",
            count=lambda user: home.capped_count(querysets.overdue_purchase_orders()),
        )
    )
    home.register_action(
        home.Action(
            right=Right.PURCHASE,
            label="New purchase order",
            url=lambda: reverse("purchase-order-new"),
            icon="plus",
            order=60,
        )
    )
    links.register(MovementSource.PURCHASE_ORDER_LINE, lambda no: reverse("purchase-order", args=[no]))


_ENTRIES = (
    navigation.Entry(label="Items", url_name="items", icon="box", key="i", order=50, right=Right.VIEW_MASTERS),
    navigation.Entry(
        label="Purchase orders",
        url_name="purchase-orders",
        icon="packages",
        key="p",
        order=55,
        right=Right.VIEW_PURCHASES,
    ),
    navigation.Entry(
        label="Ledger entries", url_name="ledger-entries", icon="history", key="e", order=60, right=Right.VIEW_STOCK
    ),
    navigation.Entry(
        label="Reservations",
        url_name="reservation-list",
        icon="link",
        key="j",
        order=58,
        right=Right.VIEW_RESERVATIONS,
    ),
    navigation.Entry(label="Trace", url_name="trace", icon="sitemap", key="k", order=61, right=Right.VIEW_STOCK),
    navigation.Entry(
        label="Locations",
        url_name="locations",
        icon="building-warehouse",
        key="l",
        order=70,
        right=Right.VIEW_MASTERS,
    ),
    navigation.Entry(label="Resources", url_name="resources", icon="user", key="r", order=71, right=Right.VIEW_MASTERS),
    navigation.Entry(
        label="Units of measure", url_name="units", icon="ruler", key="u", order=72, right=Right.VIEW_MASTERS
    ),
    navigation.Entry(label="Setup", url_name="setup", icon="settings", key="s", order=80, right=Right.VIEW_SETUP),
)
