"""Customers, and the three kinds of sales document with their lines."""

from sales.models.customers import Customer, ShippingAdvice
from sales.models.documents import (
    SalesDocument,
    SalesDocumentType,
    SalesLine,
    SalesLineType,
    SalesStatus,
)
from sales.models.posted import SalesInvoice, SalesInvoiceLine, SalesShipment, SalesShipmentLine

__all__ = [
    "Customer",
    "SalesDocument",
    "SalesDocumentType",
    "SalesInvoice",
    "SalesInvoiceLine",
    "SalesLine",
    "SalesLineType",
    "SalesShipment",
    "SalesShipmentLine",
    "SalesStatus",
    "ShippingAdvice",
]
