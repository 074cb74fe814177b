"""What a page says of a date before the work date that was just saved (WRN-04)."""

from __future__ import annotations

from django.test import Client

from inventory.models import Item
from tests.support import assemble, component, day, sell_kit
from tests.support_pages import save

_SAID = "lies before the work date"


def _said(client: Client, url: str, **typed: str) -> bool:
    response = save(client, url, **typed)
    assert response.status_code == 200, response.content.decode()
    return _SAID in response.content.decode()


def test_sales_header_and_line(clerk: Client, kit: Item) -> None:
    line = sell_kit(kit, 2)
    page = f"/sales/orders/{line.document.no}/"
    late = day(-1).isoformat()

    assert _said(clerk, f"{page}lines/10000/", shipment_date=late)
    assert not _said(clerk, f"{page}lines/10000/", quantity="3")
    assert _said(clerk, f"{page}header/", shipment_date=late)
    assert not _said(clerk, f"{page}header/", note="x")
    assert _SAID not in clerk.get(page).content.decode()


def test_assembly_header_and_component(planner: Client, stock_kit: Item) -> None:
    order = assemble(stock_kit, 2)
    part, page, late = component(order, "D"), f"/assembly/orders/{order.no}/", day(-1).isoformat()

    assert _said(planner, f"{page}lines/{part.line_no}/", due_date=late)
    assert not _said(planner, f"{page}lines/{part.line_no}/", quantity_per="2")
    assert _said(planner, f"{page}header/", due_date=late)
    assert not _said(planner, f"{page}header/", note="x")
