"""Customers: `/customers/`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from backoffice.api import fields
from backoffice.api.serializers import StrictSerializer
from backoffice.api.views import EditableViewSet
from backoffice.rights import Right
from sales.models import Customer, ShippingAdvice
from sales.services import customers


class CustomerOut(serializers.Serializer[Customer]):
    """A customer."""

    no = fields.CodeField()
    name = fields.TextField()
    address = fields.TextField()
    email = fields.TextField()
    location = fields.CodeField(source="location_id", allow_null=True)
    shipping_advice = fields.ChoiceField(choices=ShippingAdvice.choices)
    blocked = fields.FlagField()


class CustomerIn(StrictSerializer):
    """A customer to enter or change."""

    answer = CustomerOut
    no = fields.CodeField()
    name = fields.TextField(required=False)
    address = fields.TextField(required=False, max_length=500)
    email = fields.TextField(required=False, max_length=254)
    location = fields.CodeField(required=False, allow_null=True)
    shipping_advice = fields.ChoiceField(choices=ShippingAdvice.choices, required=False)
    blocked = fields.FlagField(required=False)


class CustomerViewSet(EditableViewSet):
    """Those who buy."""

    rights: ClassVar = {"read": Right.VIEW_CUSTOMERS, "write": Right.EDIT_CUSTOMERS}
    serializer_class = CustomerOut
    input_class = CustomerIn
    filters: ClassVar = {
        "no": "no",
        "name": "name",
        "email": "email",
        "location": "location_id",
        "shipping_advice": "shipping_advice",
        "blocked": "blocked",
    }
    search = ("no", "name", "address", "email")
    default_ordering = ("no",)

    def get_queryset(self) -> QuerySet[Customer]:
        """Return all customers."""
        return Customer.objects.all()

    def create_one(self, values: dict[str, Any]) -> Customer:
        """Enter a customer."""
        return customers.create_customer(values=values)

    def update_one(self, key: str, values: dict[str, Any]) -> Customer:
        """Change a customer."""
        return customers.change_customer(no=key, values=values, expected_rev=self.expected_rev)

    def delete_one(self, key: str) -> None:
        """Delete a customer that no document names."""
        customers.delete_customer(no=key, expected_rev=self.expected_rev)
