"""The migrations say what the models say, and every one of them can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from backoffice.models import AuditEntry
from sales.models import Customer, SalesInvoice, SalesShipment
from tests.factories import make_item
from tests.posting import ship_and_invoice, stock
from tests.support import sell
from tests.support_stories import house

__all__ = ["house"]

OWN = ["backoffice", "inventory", "sales", "assembly"]


def _own_tables() -> set[str]:
    prefixes = tuple(f"{app}_" for app in OWN)
    return {name for name in connection.introspection.table_names() if name.startswith(prefixes)}


@pytest.mark.django_db
def test_no_model_has_changed_since_its_last_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("house")
def test_posted_documents_of_before_take_name_and_address_of_their_customer() -> None:
    Customer.objects.filter(pk="CUST").update(name="Café Łódź", address="1 Main Street")
    stock(make_item("P"), 1)
    ship_and_invoice(sell({"no": "P", "quantity": 1}))
    trail = AuditEntry.objects.count()

    call_command("migrate", "sales", "0006", verbosity=0)
    call_command("migrate", verbosity=0)

    for document in (SalesShipment.objects.get(), SalesInvoice.objects.get()):
        assert (document.customer_name, document.customer_address) == ("Café Łódź", "1 Main Street")
        with pytest.raises(DatabaseError):
            document.delete()
    assert AuditEntry.objects.count() == trail


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.breaks_integrity
def test_every_migration_goes_back_and_forth() -> None:
    before = _own_tables()

    for app in reversed(OWN):
        call_command("migrate", app, "zero", verbosity=0)
    between = _own_tables()
    call_command("migrate", verbosity=0)

    assert between == set()
    assert _own_tables() == before != set()
