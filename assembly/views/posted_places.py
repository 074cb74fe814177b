"""Where posted assembly orders stand: in the navigation, and for those who link to them."""

from __future__ import annotations

from django.urls import reverse

from backoffice.pages import links, navigation
from backoffice.rights import Right
from inventory.models import LedgerDocumentType


def register() -> None:
    """Register everything once, when the app starts."""
    navigation.register(
        navigation.Entry(
            label="Posted assemblies",
            url_name="posted-assemblies",
            icon="tools",
            key="d",
            order=35,
            right=Right.VIEW_ASSEMBLY,
        )
    )
    links.register(LedgerDocumentType.POSTED_ASSEMBLY.value, lambda no: reverse("posted-assembly", args=[no]))
