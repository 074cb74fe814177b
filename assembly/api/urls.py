"""The addresses of assembly under /api/v1/."""

from __future__ import annotations

from django.urls import path

from assembly.api import amending, documents, linked, planning, posted, questions, roll_up, worklist
from backoffice.api.routers import ContractRouter

router = ContractRouter()
router.resource("assembly-orders", documents.AssemblyOrderViewSet)
router.lines("assembly-orders", documents.AssemblyOrderLineViewSet)
router.resource("assembly-quotes", documents.AssemblyQuoteViewSet)
router.lines("assembly-quotes", documents.AssemblyQuoteLineViewSet)
router.resource("blanket-assembly-orders", documents.BlanketAssemblyOrderViewSet)
router.lines("blanket-assembly-orders", documents.BlanketAssemblyOrderLineViewSet)
router.resource("posted-assembly-orders", posted.PostedAssemblyViewSet)

urlpatterns = [
    *(
        path(
            f"{prefix}/<str:no>/lines/<int:line_no>/assembly/",
            view.as_view({"get": "retrieve"}),
            name=f"{prefix}-lines-assembly",
        )
        for prefix, view in (
            ("sales-orders", linked.SalesOrderAssemblyView),
            ("sales-quotes", linked.SalesQuoteAssemblyView),
            ("blanket-sales-orders", linked.BlanketSalesOrderAssemblyView),
        )
    ),
    *(
        path(
            f"{prefix}/<str:no>/lines/<int:line_no>/roll-up-{what}/",
            view.as_view({"post": f"roll_up_{what}"}),
            name=f"{prefix}-lines-roll-up-{what}",
        )
        for prefix, view in (
            ("sales-orders", roll_up.SalesOrderRollUpView),
            ("sales-quotes", roll_up.SalesQuoteRollUpView),
            ("blanket-sales-orders", roll_up.BlanketSalesOrderRollUpView),
        )
        for what in ("price", "cost")
    ),
    path(
        "sales-orders/<str:no>/amend/",
        amending.AmendSalesOrderView.as_view({"post": "amend"}),
        name="sales-orders-amend",
    ),
    path("planning/suggestions/", planning.SuggestionsView.as_view(), name="planning-suggestions"),
    path("planning/suggestions/accept/", planning.AcceptSuggestionsView.as_view(), name="planning-accept"),
    path("assembly-worklist/", worklist.WorklistViewSet.as_view({"get": "list"}), name="assembly-worklist"),
    path("items/<str:no>/able-to-make/", questions.AbleToMakeView.as_view(), name="items-able-to-make"),
    path(
        "items/<str:no>/assembly-availability/",
        questions.AssemblyAvailabilityView.as_view(),
        name="items-assembly-availability",
    ),
    path("items/<str:no>/promise/", questions.PromiseView.as_view(), name="items-promise"),
    *router.urls,
]
