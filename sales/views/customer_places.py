"""Where the customers' pages stand: in the navigation and among what the home page offers to begin."""

from __future__ import annotations

from django.urls import reverse

from backoffice.pages import home, navigation
from backoffice.rights import Right


def register() -> None:
    """Register everything once, when the app starts."""
    navigation.register(
        navigation.Entry(
            label="Customers", url_name="customers", icon="users", key="c", order=45, right=Right.VIEW_CUSTOMERS
        )
    )
    home.register_action(
        home.Action(
            right=Right.EDIT_CUSTOMERS,
            label="New customer",
            url=lambda: reverse("customer-new"),
            icon="plus",
            order=50,
        )
    )
