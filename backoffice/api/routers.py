"""Addresses of the contract: every one ends in a slash, keys are one segment."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from backoffice.api.views import LineViewSet, ResourceViewSet


class ContractRouter(SimpleRouter):
    """Registers resources and documents with their lines.

    Names of addresses are the prefix ("items-list", "items-detail", "sales-orders-lines-detail").
    """

    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=True)

    def resource(self, prefix: str, view: type[ResourceViewSet]) -> None:
        """Register `/prefix/` and `/prefix/{key}/` with the view's actions."""
        self.register(prefix, view, basename=prefix)

    def lines(self, prefix: str, view: type[LineViewSet], *, below: str = "lines") -> None:
        """Register `/prefix/{key}/lines/` and `/prefix/{key}/lines/{line_no}/` with the view's actions."""
        document = f"(?P<{view.document_field}>[^/]+)"
        self.register(f"{prefix}/{document}/{below}", view, basename=f"{prefix}-{below}")
