"""Amending a line of a released order: the impact first, then all of it as one act, with its reason."""

from __future__ import annotations

import pytest
from django.test import Client

from backoffice.models import AuditEntry
from inventory.models import Item
from sales.models import SalesLine
from tests.support import assembly_of, release, sell_kit


@pytest.fixture
def line(kit: Item) -> SalesLine:
    """Four kits, released."""
    made = sell_kit(kit, 4)
    release(made.document)
    return SalesLine.objects.select_related("document").get(pk=made.pk)


def url_of(line: SalesLine) -> str:
    return f"/sales/orders/{line.document.no}/lines/{line.line_no}/amend/"


def typed(line: SalesLine, **given: str) -> dict[str, str]:
    assert line.shipment_date is not None
    form = {"quantity": "6", "shipment_date": line.shipment_date.isoformat(), "reason": "The customer called"}
    return {**form, "order_rev": str(line.document.rev), **given}


def test_the_order_offers_it(clerk: Client, line: SalesLine) -> None:
    assert f'href="{url_of(line)}"' in clerk.get(f"/sales/orders/{line.document.no}/").content.decode()
    assert 'value="4"' in clerk.get(url_of(line)).content.decode()


def test_the_impact_is_told_and_nothing_is_done(clerk: Client, line: SalesLine) -> None:
    before = AuditEntry.objects.count()

    page = clerk.post(url_of(line), typed(line, act="preview")).content.decode()

    assert "What would change" in page
    assert assembly_of(line).no in page
    assert 'value="6"' in page
    assert "quantity_base" not in page
    assert "cost_amount" not in page
    assert SalesLine.objects.get(pk=line.pk).quantity == 4
    assert AuditEntry.objects.count() == before


def test_it_is_done_as_one_act_with_its_reason(clerk: Client, worker: Client, line: SalesLine) -> None:
    response = clerk.post(url_of(line), typed(line, act="amend"))

    assert response.status_code == 302
    amended = SalesLine.objects.select_related("document").get(pk=line.pk)
    assembly = assembly_of(amended)
    assert (amended.quantity, amended.document.status) == (6, "released")
    assert (assembly.quantity, assembly.status) == (6, "released")
    reasons = set(AuditEntry.objects.filter(reason="The customer called").values_list("kind", flat=True))
    assert reasons >= {"sales_document", "assembly_document"}
    assert len(set(AuditEntry.objects.exclude(reason="").values_list("request_id", flat=True))) == 1
    assert "<strong>The customer called</strong>" in worker.get(f"/assembly/orders/{assembly.no}/").content.decode()


@pytest.mark.parametrize(
    ("given", "status"),
    [({"reason": " "}, 400), ({"quantity": "x"}, 400), ({"order_rev": "0"}, 412), ({"order_rev": ""}, 400)],
)
@pytest.mark.parametrize("act", ["preview", "amend"])
def test_what_is_refused_changes_nothing(
    clerk: Client, line: SalesLine, given: dict[str, str], status: int, act: str
) -> None:
    response = clerk.post(url_of(line), typed(line, act=act, **given))

    assert response.status_code == status
    assert SalesLine.objects.get(pk=line.pk).quantity == 4


def test_an_open_order_is_not_amended(clerk: Client, kit: Item) -> None:
    line = sell_kit(kit, 4)
    assert clerk.post(url_of(line), typed(line, act="amend")).status_code == 409


def test_others_may_not(worker: Client, line: SalesLine) -> None:
    assert worker.get(url_of(line)).status_code == 403
