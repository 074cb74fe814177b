"""Customers: the list, a new one, the card with the customer's documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_filters import ChoiceFilter, FilterSet

from backoffice.pages import kinds
from backoffice.pages.decorators import page
from backoffice.pages.entries import Field, Sheet
from backoffice.pages.lists import answer_list
from backoffice.rights import Right, has_right
from inventory.views.filters import search, yes_or_no
from inventory.views.masters import MasterPages
from sales.locks import lock_customer
from sales.models import Customer, SalesDocument, ShippingAdvice
from sales.services import customers

SORTS = {"no": ("no",), "-no": ("-no",), "name": ("name", "no"), "-name": ("-name", "-no")}
#: So many of the latest documents stand on the card.
LATEST_DOCUMENTS = 20

CUSTOMER = Sheet(
    Field(name="name", label="Name", kind=kinds.text(100), size="wide"),
    Field(name="email", label="E-mail", kind=kinds.text(254), size="wide"),
    Field(name="address", label="Address", kind=kinds.text(500, kinds.LONG_TEXT), size="wide"),
    Field(
        name="location",
        label="Location",
        kind=kinds.CODE,
        attr="location_id",
        lookup="location-lookup",
        help="Proposed on documents",
    ),
    Field(
        name="shipping_advice",
        label="Shipping advice",
        kind=kinds.CHOICE,
        choices=ShippingAdvice.choices,
        help="Complete: shipped in one go or not at all",
    ),
    Field(name="blocked", label="Blocked", kind=kinds.FLAG),
)
NEW_CUSTOMER = Sheet(
    Field(name="no", label="No.", kind=kinds.KEY, required=True, help="Never changed afterwards"),
    *CUSTOMER.without({"blocked"}).fields.values(),
)


class CustomerFilters(FilterSet):  # type: ignore[misc]  # the package is untyped
    q = search("no", "name", "address", "email")
    shipping_advice = ChoiceFilter(choices=ShippingAdvice.choices, label="Shipping advice", empty_label="All")
    blocked = yes_or_no("blocked", "Blocked")

    class Meta:
        model = Customer
        fields: tuple[str, ...] = ()


@page(right=Right.VIEW_CUSTOMERS, methods=("GET",))
def list_customers(request: HttpRequest) -> HttpResponse:
    """The list of customers."""
    may_edit = has_right(request.user, Right.EDIT_CUSTOMERS)
    return answer_list(
        request,
        Customer.objects.all(),
        filters=CustomerFilters,
        sorts=SORTS,
        rows_template="sales/customers/_rows.html",
        context={
            "title": "Customers",
            "search_label": "Number, name, address or e-mail",
            "new_url": reverse("customer-new") if may_edit else "",
            "new_label": "New customer",
        },
    )


def _documents(request: HttpRequest, customer: Customer) -> Mapping[str, Any]:
    """Return the customer's latest documents; none for somebody who may not see sales."""
    if not has_right(request.user, Right.VIEW_SALES):
        return {"documents": None}
    rows = SalesDocument.objects.filter(customer=customer).order_by("-order_date", "-pk")
    return {"documents": rows[:LATEST_DOCUMENTS]}


PAGES = MasterPages(
    what="Customer",
    plural="Customers",
    model=Customer,
    audit_kind="customer",
    list_url_name="customers",
    url_name="customer",
    new_url_name="customer-new",
    delete_url_name="customer-delete",
    view_right=Right.VIEW_CUSTOMERS,
    edit_right=Right.EDIT_CUSTOMERS,
    sheet=lambda row: CUSTOMER,
    new_sheet=NEW_CUSTOMER,
    name_of=lambda row: row.name,
    lock=lock_customer,
    create=lambda values: customers.create_customer(values=values),
    change=lambda no, values: customers.change_customer(no=no, values=values),
    delete=lambda no: customers.delete_customer(no=no),
    more=_documents,
    template="sales/customers/show.html",
)
