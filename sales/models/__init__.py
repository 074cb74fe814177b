"""Customers, and the three kinds of sales document with their lines."""

from sales.models.customers import Customer, ShippingAdvice
from sales.models.documents import (
    SalesDocument,
    SalesDocumentType,
    SalesLine,
    SalesLineType,
    SalesStatus,
)

__all__ = [
    "Customer",
    "SalesDocument",
    "SalesDocumentType",
    "SalesLine",
    "SalesLineType",
    "SalesStatus",
    "ShippingAdvice",
]
