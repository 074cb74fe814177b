"""The addresses of sales under /api/v1/."""

from __future__ import annotations

from backoffice.api.routers import ContractRouter
from sales.api import customers, documents, posted

router = ContractRouter()
router.resource("customers", customers.CustomerViewSet)
router.resource("sales-orders", documents.SalesOrderViewSet)
router.lines("sales-orders", documents.SalesOrderLineViewSet)
router.resource("sales-quotes", documents.SalesQuoteViewSet)
router.lines("sales-quotes", documents.SalesQuoteLineViewSet)
router.resource("blanket-sales-orders", documents.BlanketSalesOrderViewSet)
router.lines("blanket-sales-orders", documents.BlanketSalesOrderLineViewSet)
router.resource("sales-shipments", posted.SalesShipmentViewSet)
router.resource("sales-invoices", posted.SalesInvoiceViewSet)
urlpatterns = router.urls
