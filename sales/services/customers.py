"""Enter, change and delete customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from backoffice.exceptions import AlreadyExists, DomainError, Invalid, NeverRenamed, NotFound, Required, raise_all
from backoffice.transactions import act, check_revision
from inventory.models import Location
from inventory.services.usage import refuse_deletion
from sales.locks import lock_customer
from sales.models import Customer

#: What a request says of a customer: contract field names, parsed values.
CustomerValues = Mapping[str, Any]

#: Columns that a request sets as they are.
_PLAIN = ("name", "address", "email", "shipping_advice", "blocked")


@act
def create_customer(*, values: CustomerValues) -> Customer:
    """Enter a customer. Raises: Required, AlreadyExists, NotFound, Invalid."""
    no = values.get("no")
    if not no:
        raise Required(field="no")
    if Customer.objects.filter(no=no).exists():
        raise AlreadyExists(field="no", what="Customer", key=no)
    customer = Customer(no=no)
    _take(customer, values)
    customer.save(force_insert=True)
    return customer


@act
def change_customer(*, no: str, values: CustomerValues, expected_rev: int | None = None) -> Customer:
    """Change a customer. What its documents took from it they keep.

    Raises: Missing, StaleRevision, NeverRenamed, NotFound, Invalid. Locks: the customer.
    """
    customer = lock_customer(no)
    check_revision(customer, expected_rev)
    if values.get("no", no) != no:
        raise NeverRenamed(field="no")
    _take(customer, values)
    customer.save()
    return customer


@act
def delete_customer(*, no: str, expected_rev: int | None = None) -> None:
    """Delete a customer that no document names. Raises: Missing, StaleRevision, InUse. Locks: the customer."""
    customer = lock_customer(no)
    check_revision(customer, expected_rev)
    refuse_deletion(customer, what="Customer")
    customer.delete()


def _take(customer: Customer, values: CustomerValues) -> None:
    for name in _PLAIN:
        if name in values:
            setattr(customer, name, values[name])
    if "location" in values:
        customer.location_id = values["location"] or None
    raise_all([*_email_faults(customer), *_location_faults(customer, values)])


def _email_faults(customer: Customer) -> list[DomainError]:
    if not customer.email:
        return []
    try:
        validate_email(customer.email)
    except ValidationError:
        return [Invalid(field="email", detail="This is no e-mail address.")]
    return []


def _location_faults(customer: Customer, values: CustomerValues) -> list[DomainError]:
    code = customer.location_id
    if not values.get("location") or Location.objects.filter(code=code).exists():
        return []
    return [NotFound(field="location", what="Location", key=code)]
