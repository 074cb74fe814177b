"""Sales and assembly in the admin: documents are looked up, lines are corrected through their services."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assembly.models import AssemblyDocument, AssemblyLine
from backoffice.models import AuditEntry
from backoffice.rights import Role
from sales.models import SalesLine
from tests.factories import make_customer, make_item, make_kit
from tests.rest import person
from tests.support import assembly_of, sell_kit


@pytest.fixture
def line(db: None) -> SalesLine:
    """Return a line of an order of ten KIT, each of two C1."""
    make_customer("CUST")
    return sell_kit(make_kit("KIT", bom=[{"item": make_item("C1"), "quantity_per": 2}]))


def signed_in(*roles: Role) -> Client:
    """Return the browser of a member of staff with these roles, or of a superuser."""
    client = Client()
    client.force_login(person("staff", *roles, is_staff=True, is_superuser=not roles))
    return client


def form_of(row: Any, *names: str) -> dict[str, Any]:
    """Return what the form would send back unchanged."""
    values = {name: getattr(row, name) for name in names}
    return {name: "" if value is None else str(value) for name, value in values.items()}


SALES_FIELDS = (
    "description",
    "variant_code",
    "location_id",
    "bin_code",
    "quantity",
    "qty_to_assemble_to_order",
    "qty_to_ship",
    "qty_to_invoice",
    "shipment_date",
    "unit_price",
    "line_discount_percent",
)


def save_line(client: Client, line: SalesLine, **changes: str) -> Any:
    """Send the line's form with these changes."""
    values = form_of(line, *SALES_FIELDS)
    values["location"] = values.pop("location_id")
    return client.post(reverse("admin:sales_salesline_change", args=[line.pk]), {**values, **changes}, follow=True)


@pytest.mark.parametrize(
    "model",
    [
        "sales_customer",
        "sales_salesdocument",
        "sales_salesline",
        "assembly_assemblydocument",
        "assembly_assemblyline",
        "assembly_assembletoorderlink",
    ],
)
def test_what_there_is_can_be_looked_up(line: SalesLine, model: str) -> None:
    client = signed_in()
    row = {
        "sales_customer": "CUST",
        "sales_salesdocument": line.document_id,
        "sales_salesline": line.pk,
        "assembly_assemblydocument": assembly_of(line).pk,
        "assembly_assemblyline": AssemblyLine.objects.get().pk,
        "assembly_assembletoorderlink": assembly_of(line).link.pk,
    }[model]

    assert client.get(reverse(f"admin:{model}_changelist"), {"q": "KIT"}).status_code == 200
    assert client.get(reverse(f"admin:{model}_change", args=[row])).status_code == 200
    assert client.get(reverse(f"admin:{model}_add")).status_code == 403
    assert client.post(reverse(f"admin:{model}_delete", args=[row]), {"post": "yes"}).status_code == 403


def test_a_line_saved_here_takes_its_assembly_along(line: SalesLine) -> None:
    saved = save_line(signed_in(), line, quantity="12")

    assert saved.status_code == 200
    document = AssemblyDocument.objects.get()
    assert (document.quantity, document.lines.get().quantity) == (12, 24)
    assert {entry.actor_name for entry in AuditEntry.objects.filter(channel="admin", line_no=10000)} == {"staff"}


def test_a_refusal_is_said_and_nothing_is_saved(line: SalesLine) -> None:
    refused = save_line(signed_in(), line, qty_to_assemble_to_order="11")

    assert "11 is more than the line" in refused.content.decode()
    line.refresh_from_db()
    assert (line.qty_to_assemble_to_order, AssemblyDocument.objects.get().quantity) == (10, 10)


def test_a_component_is_corrected_through_its_service(line: SalesLine) -> None:
    component = AssemblyLine.objects.get()
    values = form_of(component, "description", "location_id", "bin_code", "quantity_per", "due_date", "position")
    values["location"] = values.pop("location_id")
    address = reverse("admin:assembly_assemblyline_change", args=[component.pk])

    signed_in().post(address, {**values, "quantity_per": "2.5"})

    component.refresh_from_db()
    assert (component.quantity_per, component.quantity) == (2.5, 25)


def test_who_may_only_look_saves_nothing(line: SalesLine) -> None:
    auditor = signed_in(Role.AUDITOR)

    assert auditor.get(reverse("admin:sales_salesline_change", args=[line.pk])).status_code == 200
    assert save_line(auditor, line, quantity="12").status_code == 403
    line.refresh_from_db()
    assert line.quantity == 10
